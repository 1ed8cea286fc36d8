package io.dinp.agent.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.Version;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.core.RemoteApiVersion;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;

/**
 * Two clients for one engine, since a stream that is quiet for hours and a command must not share limits. The API version is
 * negotiated: the newest that this code was tried with, as far as the engine has it.
 */
final class DockerConnection implements AutoCloseable {
    private static final RemoteApiVersion OLDEST = RemoteApiVersion.VERSION_1_41;
    private static final RemoteApiVersion TRIED = RemoteApiVersion.VERSION_1_44;
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
    private static final int MAX_CONNECTIONS = 512;

    private final DockerClient commands;
    private final DockerClient streams;

    private DockerConnection(DockerClient commands, DockerClient streams) {
        this.commands = commands;
        this.streams = streams;
    }

    /** Asks the engine for its version and opens both clients; throws docker-java's exceptions. */
    static DockerConnection open(URI endpoint) {
        RemoteApiVersion version;
        try (DockerClient probe = client(endpoint, RemoteApiVersion.UNKNOWN_VERSION)) {
            version = negotiate(probe.versionCmd().exec());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return new DockerConnection(client(endpoint, version), client(endpoint, version));
    }

    static RemoteApiVersion negotiate(Version engine) {
        RemoteApiVersion newest = RemoteApiVersion.parseConfig(engine.getApiVersion());
        RemoteApiVersion oldest = RemoteApiVersion.parseConfig(engine.getMinAPIVersion());
        if (!newest.isGreaterOrEqual(OLDEST)) {
            throw new IllegalStateException("Docker " + engine.getVersion() + " speaks API " + newest.getVersion()
                    + ", at least " + OLDEST.getVersion() + " is needed");
        }
        RemoteApiVersion wanted = newest.isGreaterOrEqual(TRIED) ? TRIED : newest;
        return oldest.isGreater(wanted) ? oldest : wanted;
    }

    DockerClient commands() {
        return commands;
    }

    DockerClient streams() {
        return streams;
    }

    @Override
    public void close() throws IOException {
        try (commands) {
            streams.close();
        }
    }

    private static DockerClient client(URI endpoint, RemoteApiVersion version) {
        DockerClientConfig config = DefaultDockerClientConfig.createDefaultConfigBuilder()
                .withDockerHost(endpoint.toString())
                .withDockerTlsVerify(false)
                .withApiVersion(version)
                .build();
        return DockerClientImpl.getInstance(
                config,
                new ZerodepDockerHttpClient.Builder()
                        .dockerHost(endpoint)
                        .connectionTimeout(CONNECT_TIMEOUT)
                        .maxConnections(MAX_CONNECTIONS)
                        .build());
    }
}
