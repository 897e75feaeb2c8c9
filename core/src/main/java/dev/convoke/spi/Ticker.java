package dev.convoke.spi;

import java.time.Instant;

/**
 * The clock that deadlines, time-outs and durations go by; a test puts its own in place.
 *
 * <p>Thread-safe. Its clocks throw nothing. Closing, draining and awaiting go by real time whatever the ticker says.
 */
public interface Ticker {
    /** Nanoseconds that pass evenly from an origin of the ticker's own, as {@link System#nanoTime}. */
    long nanoTime();

    /** The time of day, for what people read. */
    Instant instant();

    /**
     * Makes an alarm, which the caller closes when it expects to need it no more.
     *
     * @param name the name of its thread, where it has one
     * @param onRing called when it rings; it returns at once, takes its time again from the ticker and throws nothing
     */
    Alarm alarm(String name, Runnable onRing);

    /** The system's clock. Its alarms ring on a daemon thread each, which ends when it has had nothing to do for 10 s. */
    static Ticker system() {
        return SystemTicker.INSTANCE;
    }

    /** Rings at a time that is set, once for each setting or once for several. */
    interface Alarm extends AutoCloseable {
        /**
         * Rings when the ticker's time has reached this. Where it is set already, the earlier setting counts, and a
         * ring uses it up. Called on any thread.
         *
         * @param nanoTime by the ticker's {@link Ticker#nanoTime}
         */
        void ringAt(long nanoTime);

        /**
         * Forgets what is set, and lets go of its thread, where it has one. An alarm that is set again after this rings,
         * and may start a thread for that. Closing twice is harmless.
         */
        @Override
        void close();
    }
}
