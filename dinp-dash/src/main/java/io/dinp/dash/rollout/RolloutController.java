package io.dinp.dash.rollout;

import static io.dinp.web.Verb.POST;

import com.jfinal.core.ActionKey;
import io.dinp.dash.app.AppService;
import io.dinp.dash.app.Overview;
import io.dinp.dash.core.App;
import io.dinp.dash.rollout.RolloutService.Command;
import io.dinp.web.Access;
import io.dinp.web.PageController;

/** {@code /app/{cancel,pause,resume,restart,replace}/<id>}: each acts and leads to the app's first page. */
public final class RolloutController extends PageController {
    private static final int LONGEST_INSTANCE = 64;

    /** Gives the deploy up; the last good version serves on. */
    @Access(value = POST, of = App.class)
    @ActionKey("/app/cancel")
    public void cancel() {
        act(() -> rollouts().say(app(), Command.CANCEL));
    }

    /** Holds the deploy. */
    @Access(value = POST, of = App.class)
    @ActionKey("/app/pause")
    public void pause() {
        act(() -> rollouts().say(app(), Command.PAUSE));
    }

    /** Goes on with a deploy on hold. */
    @Access(value = POST, of = App.class)
    @ActionKey("/app/resume")
    public void resume() {
        act(() -> rollouts().say(app(), Command.RESUME));
    }

    /** Replaces all instances by the rules of a deploy, or tries again what has failed. */
    @Access(value = POST, of = App.class)
    @ActionKey("/app/restart")
    public void restart() {
        act(() -> service(AppService.class).restart(app(), visitor().user().name()));
    }

    /** Replaces the one instance {@code instance}. */
    @Access(value = POST, of = App.class)
    @ActionKey("/app/replace")
    public void replace() {
        act(() -> {
            var form = fields();
            String instance = form.required("instance", LONGEST_INSTANCE);
            form.verify();
            rollouts().replace(app(), instance, visitor().user().name());
        });
    }

    private void act(Runnable change) {
        if (!done("/app/instance/" + app().id(), change)) {
            Overview.show(this, app());
        }
    }

    private App app() {
        return subject(App.class);
    }

    private RolloutService rollouts() {
        return service(RolloutService.class);
    }
}
