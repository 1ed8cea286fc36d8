package io.dinp.dash.node;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.dinp.common.model.AppReport;
import io.dinp.dash.core.Stage;
import java.util.List;
import java.util.Locale;

/**
 * What the server says of one app at this moment, or why it says nothing.
 *
 * @param away why the server could not be asked, empty when it answered
 */
public record Live(String away, @JsonUnwrapped AppReport app) {

    /** One instance as a page shows it. */
    public record Row(AppReport.Instance at) {

        /** Whether it can be replaced: it is not on its way out already. */
        public boolean isReplaceable() {
            return !at.draining() && (at.state().equals("running") || at.state().equals("starting"));
        }

        /** The word for the badge. */
        public String badge() {
            if (at.draining()) {
                return "draining";
            }
            String word = at.state().toLowerCase(Locale.ROOT);
            return word.equals("running") && !at.ready() ? "starting" : word;
        }

        /** How the badge is coloured: {@code running rolling failed stopped}. */
        public String tone() {
            return switch (badge()) {
                case "running" -> "running";
                case "failed", "exited" -> "failed";
                case "draining", "stopping" -> "stopped";
                default -> "rolling";
            };
        }
    }

    static Live silent(String name, String why) {
        return new Live(why, AppReport.unknown(name));
    }

    /** Whether a deploy is under way, paused or not. */
    public boolean rolls() {
        return app.state().equals("rolling");
    }

    /** Whether the last deploy was given up and nothing has been done about it. */
    public boolean hasFailed() {
        return app.failure() != null;
    }

    /** At what the last deploy failed, to come after "failed"; only when it did. */
    public String failedStage() {
        return Stage.words(app.failure().stage());
    }

    /** The instances, for a page. */
    public List<Row> rows() {
        return app.instances().stream().map(Row::new).toList();
    }

    /** How many answer requests. */
    public long ready() {
        return app.instances().stream().filter(i -> i.ready() && !i.draining()).count();
    }
}
