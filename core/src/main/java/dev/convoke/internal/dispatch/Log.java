package dev.convoke.internal.dispatch;

import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/** What has nowhere else to go is logged here, under the name {@code dev.convoke}. Thread-safe. */
public final class Log {
    private static final System.Logger LOGGER = System.getLogger("dev.convoke");

    private Log() {}

    /** Something that somebody should look at. */
    public static void warn(String message, @Nullable Throwable cause) {
        LOGGER.log(Level.WARNING, message, cause);
    }

    /** Something that is as it should be, but may help in finding what is not. */
    static void debug(String message, Throwable cause) {
        LOGGER.log(Level.DEBUG, message, cause);
    }
}
