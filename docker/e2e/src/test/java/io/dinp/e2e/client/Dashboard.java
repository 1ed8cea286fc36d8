package io.dinp.e2e.client;

import java.util.Map;

/** A signed-in person at the dashboard: its changes as a script makes them, each of which must be answered without complaint. */
public final class Dashboard {
    private static final String FORM = "/app/create";

    private final String base;
    private final Person person;

    private Dashboard(String base, Person person) {
        this.base = base;
        this.person = person;
    }

    /** Signs a person in. */
    public static Dashboard signIn(Person person, String base, String name, String password) {
        Page end = person.signIn(base, name, password);
        if (end.status() != 200 || !end.uri().toString().startsWith(base)) {
            throw new AssertionError("sign-in ends at " + end.uri() + " with " + end.status() + ": " + end.body());
        }
        return new Dashboard(base, person);
    }

    /** Creates an app without an image; the answer is its id. */
    public int createApp(String name) {
        return changed("/app/create", Map.of("name", name, "memory", "128"))
                .json()
                .path("id")
                .asInt();
    }

    /** Deploys an image. */
    public void deploy(int app, String image, int instances) {
        changed(
                "/app/deploy/" + app,
                Map.of("image", image, "memory", "128", "instance", String.valueOf(instances), "resume", "by test"));
    }

    /** Deletes an app. */
    public void deleteApp(int app) {
        changed("/app/delete/" + app, Map.of());
    }

    /** A change that must succeed. */
    public Page changed(String path, Map<String, String> fields) {
        Page answer = change(path, fields);
        if (answer.status() != 200 || !answer.message().isEmpty()) {
            throw new AssertionError(path + " answers " + answer.status() + " " + answer.body());
        }
        return answer;
    }

    /** A change, whatever comes of it. */
    public Page change(String path, Map<String, String> fields) {
        return person.change(base, FORM, path, fields);
    }

    /** Asks for JSON. */
    public Page read(String path) {
        return person.read(base + path);
    }

    /** Opens a page. */
    public Page open(String path) {
        return person.open(base + path);
    }
}
