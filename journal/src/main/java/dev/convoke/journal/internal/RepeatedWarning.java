package dev.convoke.journal.internal;

/**
 * A warning about work that fails and is tried again: it is logged with the stack of its cause at first, and then in one line each time,
 * until the work has succeeded or the cause is another one.
 *
 * <p>Confined to one thread.
 */
final class RepeatedWarning {
    private final String what;

    /** The cause of the last one, without the numbers in it; empty when the work has succeeded since. */
    private String known = "";

    RepeatedWarning(String what) {
        this.what = what;
    }

    void warn(Throwable why) {
        String cause = Log.said(why);
        String kind = cause.replaceAll("\\d+", "#"); // a pool's message counts connections and milliseconds
        if (kind.equals(known)) {
            Log.warn(what + "; the cause is still " + cause);
        } else {
            Log.warn(what, why);
        }
        known = kind;
    }

    /** The work has succeeded. */
    void end() {
        known = "";
    }
}
