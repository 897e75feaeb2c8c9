package dev.convoke.benchmarks.journal.child;

/**
 * What a child publishes.
 *
 * @param events how many, where that is known before
 * @param customers how many customers they are of, one after another
 * @param perSecond how many each second, where the rate is given
 * @param seconds how long, where that is given
 */
public record Load(Kind kind, int events, int customers, int perSecond, int seconds) {
    /** The ways to publish. */
    public enum Kind {
        /** Not at all: for so many events of another process. */
        NONE,
        /** A number of events at once, to be delivered later. */
        BACKLOG,
        /** As fast as so many threads can that wait for each commit. */
        PUBLISHERS,
        /** The same, each time in a transaction of the application's. */
        PUBLISHERS_WITHIN,
        /** At a steady rate, whether or not earlier events are committed. */
        STEADY,
        /** Nothing is published; statements are counted. */
        IDLE
    }

    /** Nothing; but so many events come from elsewhere. */
    public static Load none(int events) {
        return new Load(Kind.NONE, events, 1, 0, 0);
    }

    public static Load backlog(int events, int customers) {
        return new Load(Kind.BACKLOG, events, customers, 0, 0);
    }

    public static Load publishers(int seconds) {
        return new Load(Kind.PUBLISHERS, seconds * MOST_PER_SECOND, 1, 0, seconds);
    }

    public static Load publishersWithin(int seconds) {
        return new Load(Kind.PUBLISHERS_WITHIN, seconds * MOST_PER_SECOND, 1, 0, seconds);
    }

    public static Load steady(int perSecond, int seconds) {
        return new Load(Kind.STEADY, perSecond * seconds, 1, perSecond, seconds);
    }

    public static Load idle(int seconds) {
        return new Load(Kind.IDLE, 0, 1, 0, seconds);
    }

    /** There is room for so many events; nobody gets near it. */
    private static final int MOST_PER_SECOND = 40_000;
}
