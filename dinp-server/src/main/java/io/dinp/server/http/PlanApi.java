package io.dinp.server.http;

import io.dinp.common.http.BadRequest;
import io.dinp.common.http.Reply;
import io.dinp.common.http.Request;
import io.dinp.common.json.Json;
import io.dinp.server.core.Change;
import io.dinp.server.core.Forecast;
import io.dinp.server.core.Situation;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Semaphore;

/**
 * Answers what would happen if. It reads a situation and computes on the thread of its request, few at a time; it holds
 * nothing that could send, store or change anything.
 */
final class PlanApi {

    private static final int AT_ONCE = 2;
    /** For one answer; what cannot be foreseen in it is said to be so. */
    private static final Duration TIME = Duration.ofSeconds(4);

    private static final String SHAPES =
            "give {\"nodeDown\":\"<ip>\"} or {\"app\":\"<name>\"} with any of \"image\", \"memory\" and \"instances\"";

    private final int atOnce;
    private final Semaphore slots;

    PlanApi() {
        this(AT_ONCE);
    }

    PlanApi(int atOnce) {
        this.atOnce = atOnce;
        this.slots = new Semaphore(atOnce);
    }

    /** The body of the question; what is left out stays as it is. */
    private record Question(String nodeDown, String app, String image, Integer memory, Integer instances) {}

    /** What a change would lead to. */
    Reply plan(Request request, Situation situation) {
        Question question = question(request.body());
        Reply refusal = refusal(question, situation);
        if (refusal != null) {
            return refusal;
        }
        if (!situation.progress().warm()) {
            return Reply.error(503, "the server waits for the nodes to beat after its start; try again in a moment");
        }
        if (!slots.tryAcquire()) {
            return Reply.error(429, atOnce + " such questions are being answered already; try again in a moment");
        }
        try {
            long end = System.nanoTime() + TIME.toNanos();
            return Reply.json(200, Forecast.of(situation, change(question), () -> System.nanoTime() > end));
        } finally {
            slots.release();
        }
    }

    private static Question question(byte[] body) {
        try {
            Question question = Json.read(body, Question.class);
            if (question != null) {
                return question;
            }
        } catch (IOException e) {
            throw new BadRequest("body is no such JSON object: " + SHAPES + ": " + e.getMessage(), e);
        }
        throw new BadRequest("body is null: " + SHAPES, null);
    }

    private static Change change(Question question) {
        return question.nodeDown() != null
                ? new Change.NodeDown(question.nodeDown())
                : new Change.Deploy(question.app(), question.image(), question.memory(), question.instances());
    }

    /** Why the question cannot be answered, null when it can. */
    private static Reply refusal(Question question, Situation situation) {
        boolean node = question.nodeDown() != null;
        if (node == (question.app() != null)) {
            return Reply.error(400, (node ? "nodeDown and app are both given: " : "nothing is asked: ") + SHAPES);
        }
        if (node) {
            boolean known = situation.real().nodes().containsKey(question.nodeDown());
            return known
                    ? null
                    : Reply.error(404, "there is no node " + question.nodeDown() + "; GET /nodes lists them");
        }
        if (!situation.desired().apps().containsKey(question.app())) {
            return ServerApi.unknownApp(question.app());
        }
        if (question.image() != null && question.image().isBlank()) {
            return Reply.error(400, "image is '': give an image, or leave the field out to keep the app's");
        }
        Change.Deploy deploy = (Change.Deploy) change(question);
        String fault = Forecast.wish(situation, deploy).fault();
        return fault.isEmpty() ? null : Reply.error(400, fault);
    }
}
