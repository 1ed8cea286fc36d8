package io.dinp.dash.app;

import io.dinp.common.model.AppName;
import io.dinp.common.model.Constraints;
import io.dinp.common.model.ImageRef;
import io.dinp.dash.core.App;
import io.dinp.dash.core.AppSettings;
import io.dinp.dash.core.Deployment;
import io.dinp.dash.core.NewApp;
import io.dinp.dash.core.Owned;
import io.dinp.dash.core.RolloutWish;
import io.dinp.dash.core.Viewer;
import io.dinp.web.Fields;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** The forms about apps: what is typed in becomes a checked record, or {@code BadInput} with every error. */
public final class AppValidator {
    private static final int LEAST_MEMORY = 128;
    private static final int MOST_MEMORY = 10_240;
    private static final int DEFAULT_MEMORY = 256;
    private static final int LONGEST_IMAGE = 255;
    private static final int LONGEST_RESUME = 255;
    private static final int LONGEST_HEALTH = 128;
    private static final int LONGEST_NUMBER = 20;
    private static final int MOST_SURGE = 1000;
    private static final int MOST_BAKE_SECONDS = 3600;
    private static final int LONGEST_CONSTRAINTS = 1024;
    private static final Pattern HEALTH = Pattern.compile("/[!-~]*");

    private final int mostInstances;
    private final String domain;
    private final Set<String> platformHosts;

    /**
     * Rules of one installation.
     *
     * @param mostInstances limit for one app
     * @param domain the platform's, under which every app has its host
     * @param platformHosts lower-case host names that no app may take
     */
    public AppValidator(int mostInstances, String domain, Set<String> platformHosts) {
        this.mostInstances = mostInstances;
        this.domain = domain.toLowerCase(Locale.ROOT);
        this.platformHosts = Set.copyOf(platformHosts);
    }

    /** Checks the form "create". */
    public NewApp create(Fields form, Viewer viewer) {
        AppName name = form.parsed("name", AppName::ofNew, null);
        if (name != null && platformHosts.contains(name.value() + "." + domain)) {
            form.reject("name", "name '" + name.value() + "' is taken by the platform itself");
        }
        int team = team(form, viewer, null);
        String health = health(form);
        Deployment first = deployment(form, !form.text("image", LONGEST_IMAGE).isEmpty(), 1);
        form.verify();
        return new NewApp(name, team, health, first);
    }

    /** Checks the form "deploy". */
    public Deployment deploy(Fields form, App app) {
        Deployment wanted = deployment(form, true, app.instance());
        form.verify();
        return wanted;
    }

    /** Checks the form "scale". */
    public int scale(Fields form) {
        form.required("instance", LONGEST_NUMBER);
        int wanted = form.integer("instance", 0, 0, mostInstances);
        form.verify();
        return wanted;
    }

    /** Checks the form "edit". */
    public AppSettings edit(Fields form, App app, RolloutWish present, Viewer viewer) {
        AppSettings settings = new AppSettings(team(form, viewer, app), health(form), rollout(form, present));
        form.verify();
        return settings;
    }

    /** What a form leaves out stays as it is; what it leaves empty is up to the server again. */
    private static RolloutWish rollout(Fields form, RolloutWish present) {
        boolean surge = form.isSent("surge");
        boolean unavailable = form.isSent("unavailable");
        RolloutWish wish = new RolloutWish(
                surge ? optional(form, "surge", MOST_SURGE) : present.surge(),
                unavailable ? form.integer("unavailable", 0, 0, MOST_SURGE) : present.unavailable(),
                form.isSent("bake_seconds") ? optional(form, "bake_seconds", MOST_BAKE_SECONDS) : present.bakeSeconds(),
                form.isSent("constraints") ? constraints(form) : present.constraints());
        if ((surge || unavailable) && wish.isStuck()) {
            form.reject("surge", "surge 0 and unavailable 0 leave a deploy no way to go on: raise one of them");
        }
        return wish;
    }

    private static String constraints(Fields form) {
        String text = form.text("constraints", LONGEST_CONSTRAINTS);
        String fault = Constraints.parse(text).fault();
        if (!fault.isEmpty()) {
            form.reject("constraints", fault);
        }
        return text;
    }

    private static Integer optional(Fields form, String field, int max) {
        return form.text(field, LONGEST_NUMBER).isEmpty() ? null : Integer.valueOf(form.integer(field, 0, 0, max));
    }

    /** The team of any form that shares something; notes an error for a team that the user is not in. */
    public static int team(Fields form, Viewer viewer, Owned thing) {
        int team = form.integer("team_id", 0, 0, Integer.MAX_VALUE);
        if (!viewer.mayShare(team, thing)) {
            form.reject("team_id", "you are not a member of that team");
            return 0;
        }
        return team;
    }

    private Deployment deployment(Fields form, boolean needsImage, int instances) {
        String image = form.text("image", LONGEST_IMAGE);
        if (needsImage) {
            form.parsed("image", ImageRef::parse, null);
        }
        return new Deployment(
                image,
                form.integer("memory", DEFAULT_MEMORY, LEAST_MEMORY, MOST_MEMORY),
                form.integer("instance", instances, 0, mostInstances),
                form.text("resume", LONGEST_RESUME));
    }

    private static String health(Fields form) {
        String health = form.text("health", LONGEST_HEALTH);
        if (!health.isEmpty() && !HEALTH.matcher(health).matches()) {
            form.reject("health", "health must be a path such as /health, or empty, not '" + health + "'");
        }
        return health;
    }
}
