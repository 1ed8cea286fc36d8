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
    private static final int LONGEST_USER = 64;

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

    /**
     * The body of a wish to go back.
     *
     * @param user who wishes it, for the history; may be left out
     */
    private record Wish(
            @JsonProperty("revision") String revision,
            @JsonProperty("user") String user) {

        String by() {
            return user == null ? "" : user.substring(0, Math.min(LONGEST_USER, user.length()));
        }
    }

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
        Wish wish = wish(request.body());
        List<Revision> found = revisions.newest(app).stream()
                .map(RevisionStore.Dated::revision)
                .filter(revision -> revision.id().startsWith(wish.revision()))
                .sorted(Comparator.comparing(Revision::id))
                .toList();
        if (found.size() != 1) {
            return Reply.error(
                    404,
                    found.size() + " of the last revisions of " + app + " begin with " + wish.revision()
                            + "; one is needed");
        }
        Revision revision = found.get(0);
        if (rollout != null && rollout.serves(revision.id())) {
            return Reply.error(409, "revision " + revision.shortId() + " is what " + app + " runs already");
        }
        if (!revisions.restore(revision, wish.by())) {
            return Reply.error(404, "there is no app " + app);
        }
        signal.run();
        return Reply.json(202, Map.of("msg", "", "revision", revision.id()));
    }

    private static Wish wish(byte[] body) {
        try {
            Wish wish = Json.read(body, Wish.class);
            if (wish != null && wish.revision() != null && wish.revision().matches("[0-9a-f]{" + LEAST_ID + ",64}")) {
                return wish;
            }
        } catch (IOException e) {
            throw new IllegalArgumentException("body must be JSON {\"revision\":\"…\"}: " + e.getMessage(), e);
        }
        throw new IllegalArgumentException(
                "body must be JSON {\"revision\":\"…\"} with at least " + LEAST_ID + " digits of a revision's id");
    }
}
