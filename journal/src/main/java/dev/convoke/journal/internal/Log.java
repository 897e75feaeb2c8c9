package dev.convoke.journal.internal;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Objects;

/** Where the journal says what no caller is told. Thread-safe. */
final class Log {
    private static final Logger LOGGER = System.getLogger("dev.convoke.journal");

    private Log() {}

    static void warn(String what) {
        LOGGER.log(Level.WARNING, what);
    }

    static void warn(String what, Throwable why) {
        LOGGER.log(Level.WARNING, what, why);
    }

    static void info(String what) {
        LOGGER.log(Level.INFO, what);
    }

    /** What a user's exception or value says of itself; the name of its class if that is null, or fails. */
    static String said(Object anything) {
        String name = anything.getClass().getName();
        try {
            return Objects.requireNonNullElse(anything.toString(), name);
        } catch (Throwable e) {
            return name;
        }
    }

    static void debug(String what, Throwable why) {
        LOGGER.log(Level.DEBUG, what, why);
    }
}
