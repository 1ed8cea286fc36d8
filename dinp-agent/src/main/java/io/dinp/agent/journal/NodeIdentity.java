package io.dinp.agent.journal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The random id of a node, made once and kept on its disk, so that a reused address is not taken for the same node. */
public final class NodeIdentity {
    private static final Logger log = LoggerFactory.getLogger(NodeIdentity.class);

    private NodeIdentity() {}

    /** The id in the state directory; made anew when it is missing or unreadable. */
    public static String of(Path stateDir) throws IOException {
        Path file = stateDir.resolve("node-id");
        if (Files.exists(file)) {
            String id = Files.readString(file, StandardCharsets.ISO_8859_1).trim();
            if (id.matches("[0-9a-f]{32}")) {
                return id;
            }
            log.warn("node id set aside, a new one is made file={}", DurableFile.setAside(file));
        }
        String id = UUID.randomUUID().toString().replace("-", "");
        DurableFile.write(file, id.getBytes(StandardCharsets.US_ASCII));
        return id;
    }
}
