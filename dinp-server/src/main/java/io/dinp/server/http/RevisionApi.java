package io.dinp.server.http;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.dinp.common.http.Reply;
import io.dinp.common.http.Request;
import io.dinp.common.json.Json;
import io.dinp.common.model.Revision;
import io.dinp.server.core.Rollout;
import io.dinp.server.mysql.RevisionStore;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** An app's last revisions, and the way back to one of them. */
final class RevisionApi {

    private static final int LEAST_ID = 6;

    private final RevisionStore revisions;
    private final Runnable signal;

    /**
     * Over the stored revisions.
     *
     * @param signal asks for a look at the desired state, now
     */
    RevisionApi(RevisionStore revisions, Runnable signal) {
        this.revisions = revisions;
        this.signal = signal;
    }

    /**
     * A revision as people see it: without the values of its environment, which may be secrets.
     *
     * @param target it is being brought up, or was tried last
     * @param lastGood it served completely last
     */
    private record View(
            String revision,
            String image,
            String digest,
            int memoryMb,
            Set<String> envKeys,
            int deploySeq,
            long createdAt,
            boolean target,
            boolean lastGood) {}

    /** The body of a wish to go back. */
    private record Wish(@JsonProperty("revision") String revision) {}

    /** The last revisions of an app, newest first. */
    Reply list(String app, Rollout rollout) throws SQLException {
        List<View> views = revisions.newest(app).stream()
                .map(dated -> view(dated, rollout))
                .toList();
        return Reply.json(200, views);
    }

    private static View view(RevisionStore.Dated dated, Rollout rollout) {
        Revision revision = dated.revision();
        return new View(
                revision.id(),
                revision.image(),
                revision.digest(),
                revision.memoryMb(),
                revision.env().keySet(),
                revision.deploySeq(),
                dated.createdAt(),
                rollout != null && rollout.target().equals(revision.id()),
                rollout != null && rollout.lastGood().equals(revision.id()));
    }

    /** Makes an app's row what one of its last revisions was. */
    Reply rollBack(String app, Rollout rollout, Request request) throws SQLException {
        String wanted = wanted(request.body());
        List<Revision> found = revisions.newest(app).stream()
                .map(RevisionStore.Dated::revision)
                .filter(revision -> revision.id().startsWith(wanted))
                .sorted(Comparator.comparing(Revision::id))
                .toList();
        if (found.size() != 1) {
            return Reply.error(
                    404,
                    found.size() + " of the last revisions of " + app + " begin with " + wanted + "; one is needed");
        }
        Revision revision = found.get(0);
        if (rollout != null && rollout.serves(revision.id())) {
            return Reply.error(409, "revision " + revision.shortId() + " is what " + app + " runs already");
        }
        if (!revisions.restore(revision)) {
            return Reply.error(404, "there is no app " + app);
        }
        signal.run();
        return Reply.json(202, Map.of("msg", "", "revision", revision.id()));
    }

    private static String wanted(byte[] body) {
        try {
            Wish wish = Json.read(body, Wish.class);
            if (wish != null && wish.revision() != null && wish.revision().matches("[0-9a-f]{" + LEAST_ID + ",64}")) {
                return wish.revision();
            }
        } catch (IOException e) {
            throw new IllegalArgumentException("body must be JSON {\"revision\":\"…\"}: " + e.getMessage(), e);
        }
        throw new IllegalArgumentException(
                "body must be JSON {\"revision\":\"…\"} with at least " + LEAST_ID + " digits of a revision's id");
    }
}
