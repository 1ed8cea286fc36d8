package io.dinp.agent;

/** Lets parts that are made first wake a loop that is made last. */
final class Signals {
    private volatile Runnable listener = () -> {};

    void onChange(Runnable wake) {
        listener = wake;
    }

    void changed() {
        listener.run();
    }
}
