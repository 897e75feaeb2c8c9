package dev.convoke.journal.internal;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;

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

    static void debug(String what, Throwable why) {
        LOGGER.log(Level.DEBUG, what, why);
    }
}
