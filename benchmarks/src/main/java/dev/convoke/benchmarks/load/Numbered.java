package dev.convoke.benchmarks.load;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;

/** Notes which numbers a listener was given, how often, and after which. */
public final class Numbered extends Body {
    private final AtomicIntegerArray times;
    private final AtomicInteger taken = new AtomicInteger();
    private final AtomicInteger reordered = new AtomicInteger();
    private long highest = -1;

    /** For numbers below this one. */
    public Numbered(int numbers) {
        times = new AtomicIntegerArray(numbers);
    }

    @Override
    public CompletionStage<?> take(Payload payload) {
        noteOrder(payload.number());
        times.incrementAndGet((int) payload.number());
        taken.incrementAndGet();
        return DONE;
    }

    private synchronized void noteOrder(long number) {
        if (number < highest) {
            reordered.incrementAndGet();
        }
        highest = Math.max(highest, number);
    }

    public int taken() {
        return taken.get();
    }

    /** How many numbers it was never given. */
    public int lost() {
        int lost = 0;
        for (int i = 0; i < times.length(); i++) {
            lost += times.get(i) == 0 ? 1 : 0;
        }
        return lost;
    }

    /** How many deliveries were of a number that it had been given before. */
    public int duplicated() {
        return taken() - (times.length() - lost());
    }

    /** How many deliveries came after one with a higher number. */
    public int reordered() {
        return reordered.get();
    }
}
