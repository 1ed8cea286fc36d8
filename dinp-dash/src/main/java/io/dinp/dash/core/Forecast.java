package io.dinp.dash.core;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What the server's planner would do if something were so; nothing of it has happened.
 *
 * @param complete whether it would come to an end with everything running as wanted
 * @param summary for a person
 * @param steps in their order
 * @param moreSteps how many the server left out
 * @param apps those that it bears on
 * @param moreApps how many the server left out
 */
public record Forecast(
        boolean complete, String summary, List<Step> steps, int moreSteps, List<Fate> apps, int moreApps) {
    private static final int MOST_STEPS = 100;
    private static final int MOST_APPS = 100;

    /** One thing that would be done; what does not apply is empty. */
    public record Step(String kind, String app, String instance, String node, String reason) {

        /** The kind as words: {@code node-lost} is "node lost". */
        public String words() {
            return kind == null ? "" : kind.replace('-', ' ');
        }
    }

    /**
     * What would become of an app.
     *
     * @param before instances that serve now
     * @param lowest those that would serve before anything is done
     * @param after those that would serve in the end
     * @param waiting what the rest would wait for, empty when nothing would
     */
    public record Fate(String app, int wanted, int before, int lowest, int after, String waiting) {

        public Fate {
            waiting = waiting == null ? "" : waiting;
        }

        /** Whether fewer would run than are wanted. */
        public boolean lacks() {
            return after < wanted;
        }

        private String words() {
            return app + " would serve with " + after + " of " + wanted + (waiting.isEmpty() ? "" : ": " + waiting)
                    + ".";
        }
    }

    public Forecast {
        summary = summary == null ? "" : summary;
        steps = steps == null ? List.of() : List.copyOf(steps);
        apps = apps == null ? List.of() : List.copyOf(apps);
    }

    /** Only what concerns {@code app}: its people are told that others' apps would be affected, but not which. */
    public Forecast of(String app) {
        List<Fate> own = apps.stream().filter(fate -> fate.app().equals(app)).toList();
        int others = apps.size() - own.size() + moreApps;
        List<Step> ownSteps = steps.stream()
                .filter(step ->
                        step.app() == null || step.app().isEmpty() || step.app().equals(app))
                .toList();
        return new Forecast(
                complete, others == 0 ? summary : summary(own, others), ownSteps, others == 0 ? moreSteps : 0, own, 0);
    }

    private static String summary(List<Fate> own, int others) {
        String mine = own.stream().map(Fate::words).collect(Collectors.joining(" "));
        return mine + " " + others + (others == 1 ? " other app" : " other apps") + " would be affected.";
    }

    /** The first steps, as many as a page bears. */
    public List<Step> firstSteps() {
        return steps.subList(0, Math.min(MOST_STEPS, steps.size()));
    }

    /** How many steps a page leaves out. */
    public int furtherSteps() {
        return steps.size() - firstSteps().size() + moreSteps;
    }

    /** The apps that would be short of instances first, as many as a page bears. */
    public List<Fate> firstApps() {
        return apps.stream()
                .sorted((a, b) -> Boolean.compare(b.lacks(), a.lacks()))
                .limit(MOST_APPS)
                .toList();
    }

    /** How many apps a page leaves out. */
    public int furtherApps() {
        return Math.max(0, apps.size() - MOST_APPS) + moreApps;
    }
}
