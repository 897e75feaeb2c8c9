package dev.convoke.model;

import dev.convoke.listener.Overflow;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * The words that a scenario is told in, and the dice that choose them. All times are in nanoseconds.
 *
 * <p>Confined to one thread.
 */
final class Scenario {
    static final long MILLI = 1_000_000;
    static final int EVENTS = 3;

    /** A failed attempt waits so long, the next one twice that, and no longer. */
    static final long BACKOFF = 10 * MILLI;

    static final long LONGEST_BACKOFF = 2 * BACKOFF;
    static final long GRACE = 30 * MILLI;
    private static final int MOST_PUBLICATIONS = 40;
    private static final int MOST_LISTENERS = 8;

    /** How a call of a listener ends. */
    enum Ending {
        VALUE,
        THROWN,
        FAILED,
        /** With a failure that is not to be tried again. */
        FAILED_FINALLY,
        CANCELLED,
        NULL,
        /** It returns a stage, which a later step may complete. */
        PENDING
    }

    /** Which events a listener wants. */
    enum Filter {
        NONE,
        SOME,
        BROKEN;

        /** Whether it wants the publication of this number. */
        boolean wants(int number) {
            return this != SOME || number % 3 != 0;
        }

        boolean fails(int number) {
            return this == BROKEN && number % 4 == 0;
        }
    }

    enum Order {
        CONCURRENT,
        ONE_BY_ONE,
        UNTIL_FAILURE
    }

    enum Ask {
        NOTHING,
        OUTCOME,
        GATHER,
        FIRST
    }

    /** What the coordinator is built with. */
    record Bounds(int maxInFlight, Overflow overflow, int deadLetters) {}

    /** A listener's options; a time-out of 0 is none, attempts of 0 are no retry policy. */
    record Options(
            int event,
            boolean inline,
            long timeout,
            int attempts,
            int concurrency,
            int queue,
            Overflow overflow,
            boolean ordered,
            boolean once,
            Filter filter) {
        boolean isGated() {
            return ordered || concurrency < Integer.MAX_VALUE;
        }
    }

    /** A publish call; a deadline of 0 is none. */
    record Request(int event, @Nullable String key, long deadline, Order order, Ask ask) {}

    /** What a listener does before it returns. */
    sealed interface Action {}

    record Publish(Request request) implements Action {}

    record Subscribe(Options options) implements Action {}

    record Close(int listener) implements Action {}

    record Pause(int listener) implements Action {}

    /** Cancels the publication that it was called for, where its publisher has that in hand. */
    record CancelOwn() implements Action {}

    /** What one call of a listener does. */
    record Plan(List<Action> actions, Ending ending) {}

    private final long seed;

    Scenario(long seed) {
        this.seed = seed;
    }

    // ---- the dice ----

    Bounds bounds(SplittableRandom random) {
        boolean isTight = oneIn(random, 2);
        return new Bounds(
                isTight ? random.nextInt(1, 6) : 1_000,
                oneIn(random, 2) ? Overflow.REJECT : isTight ? Overflow.DROP_LATEST : Overflow.WAIT,
                random.nextInt(1, 5));
    }

    /** A queue that a publisher may have to wait for is never full: there is one thread. */
    Options options(SplittableRandom random) {
        Overflow overflow = any(random, Overflow.values());
        return new Options(
                event(random),
                oneIn(random, 3),
                oneIn(random, 2) ? random.nextInt(1, 3) * 2L * BACKOFF : 0,
                oneIn(random, 2) ? random.nextInt(1, 4) : 0,
                oneIn(random, 2) ? random.nextInt(1, 3) : Integer.MAX_VALUE,
                overflow == Overflow.WAIT ? 1_000 : random.nextInt(3),
                overflow,
                oneIn(random, 3),
                oneIn(random, 8),
                oneIn(random, 4) ? any(random, Filter.values()) : Filter.NONE);
    }

    /** Most often the first, so that listeners come together. */
    private static int event(SplittableRandom random) {
        return random.nextInt(random.nextInt(EVENTS) + 1);
    }

    Request request(SplittableRandom random) {
        return new Request(
                event(random),
                oneIn(random, 3) ? null : "k" + random.nextInt(2),
                oneIn(random, 4) ? (random.nextInt(3, 6) * 10 + 1) * MILLI : 0,
                oneIn(random, 2) ? any(random, Order.values()) : Order.CONCURRENT,
                any(random, Ask.values()));
    }

    /** What the call of this number does: always the same. */
    Plan plan(int call) {
        SplittableRandom random = new SplittableRandom(seed * 1_000_003 + call);
        List<Action> actions = new ArrayList<>(2);
        while (actions.size() < 2 && oneIn(random, 4)) {
            actions.add(action(random));
        }
        return new Plan(actions, oneIn(random, 3) ? Ending.PENDING : any(random, Ending.values()));
    }

    private Action action(SplittableRandom random) {
        return switch (random.nextInt(10)) {
            case 0 -> new Close(random.nextInt(MOST_LISTENERS));
            case 1 -> new Pause(random.nextInt(MOST_LISTENERS));
            case 2 -> new CancelOwn();
            case 3 -> new Subscribe(options(random));
            default -> new Publish(request(random));
        };
    }

    /** Whether there may be one more, so that no scenario goes on for ever. */
    static boolean mayPublish(int publications) {
        return publications < MOST_PUBLICATIONS;
    }

    static boolean maySubscribe(int listeners) {
        return listeners < MOST_LISTENERS;
    }

    static boolean oneIn(SplittableRandom random, int times) {
        return random.nextInt(times) == 0;
    }

    static <T> T any(SplittableRandom random, T[] values) {
        return values[random.nextInt(values.length)];
    }
}
