package dev.convoke.journal;

import java.util.concurrent.Executor;

/** Threads of the tests' own, which keep no JVM alive when what they wait for never comes. */
final class Daemons {
    /** A new daemon thread for each task: tasks may block. */
    static final Executor EACH = Daemons::start;

    private Daemons() {}

    static Thread start(Runnable task) {
        Thread thread = new Thread(task, "test-daemon");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
