package io.dinp.e2e.bed;

/** The signals that Java cannot send. */
final class Signals {
    private Signals() {}

    /** SIGSTOP: the process keeps all that it has and does nothing. */
    static void stop(long pid) {
        send("STOP", pid);
    }

    /** SIGCONT. */
    static void go(long pid) {
        send("CONT", pid);
    }

    private static void send(String signal, long pid) {
        Shell.run("kill", "-" + signal, Long.toString(pid));
    }
}
