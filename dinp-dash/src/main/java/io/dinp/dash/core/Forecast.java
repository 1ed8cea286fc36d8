package io.dinp.dash.core;

import java.util.List;

/**
 * What the server's planner would do if something were so; nothing of it has happened.
 *
 * @param complete whether it would come to an end with everything running as wanted
 * @param summary for a person
 * @param steps in their order
 */
public record Forecast(boolean complete, String summary, List<Step> steps, List<Fate> apps) {
    private static final int MOST_STEPS = 100;
    private static final int MOST_APPS = 100;

    /** One thing that would be done; what does not apply is empty. */
    public record Step(String kind, String app, String instance, String node, String reason) {}

    /**
     * What would become of an app.
     *
     * @param before instances that run now
     * @param after instances that would run in the end
     * @param waiting what the rest would wait for, empty when nothing would
     */
    public record Fate(String app, int wanted, int before, int after, String waiting) {

        /** Whether fewer would run than are wanted. */
        public boolean lacks() {
            return after < wanted;
        }
    }

    public Forecast {
        summary = summary == null ? "" : summary;
        steps = steps == null ? List.of() : List.copyOf(steps);
        apps = apps == null ? List.of() : List.copyOf(apps);
    }

    /** Only what concerns {@code app}: its people need not know of others'. */
    public Forecast of(String app) {
        return new Forecast(
                complete,
                summary,
                steps.stream().filter(step -> app.equals(step.app())).toList(),
                apps.stream().filter(fate -> app.equals(fate.app())).toList());
    }

    /** The first steps, as many as a page bears. */
    public List<Step> firstSteps() {
        return steps.subList(0, Math.min(MOST_STEPS, steps.size()));
    }

    /** How many steps a page leaves out. */
    public int furtherSteps() {
        return steps.size() - firstSteps().size();
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
        return Math.max(0, apps.size() - MOST_APPS);
    }
}
