package dev.convoke.internal.dispatch;

import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/** What has nowhere else to go is logged here, under the name {@code dev.convoke}. Thread-safe. */
public final class Log {
    private static final System.Logger LOGGER = System.getLogger("dev.convoke");

    private Log() {}

    /** Something that somebody should look at. */
    public static void warn(String message, @Nullable Throwable cause) {
        log(Level.WARNING, message, cause);
    }

    private static void log(Level level, String message, @Nullable Throwable cause) {
        try {
            LOGGER.log(level, message, cause);
        } catch (Throwable e) {
            // The logger is a user's, and so is the text of the cause: what is left is the console.
            System.err.println("dev.convoke: " + message + " (and the logger failed: "
                    + e.getClass().getName() + ")");
        }
    }

    /** Something that is as it should be, but may help in finding what is not. */
    static void debug(String message, Throwable cause) {
        log(Level.DEBUG, message, cause);
    }
}
