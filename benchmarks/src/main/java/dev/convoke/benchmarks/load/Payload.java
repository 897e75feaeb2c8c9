package dev.convoke.benchmarks.load;

import org.jspecify.annotations.Nullable;

/**
 * What is published, over and over, so that a scenario measures the bus and not the making of payloads.
 *
 * <p>Confined to one publisher at a time, but for what its listeners read.
 */
public class Payload {
    private static final int MIDDLE = 16; // 128 bytes from either end: no other object shares its cache line

    private final long[] cells = new long[2 * MIDDLE];
    private final long number;
    private final String key;
    private @Nullable Object envelope;
    private @Nullable Batch batch;

    public Payload(long number) {
        this(number, "");
    }

    public Payload(long number, String key) {
        this.number = number;
        this.key = key;
    }

    public long number() {
        return number;
    }

    public String key() {
        return key;
    }

    /** Writes to the payload, where no other publisher's payload is near. */
    public final void touch() {
        cells[MIDDLE]++;
    }

    /** What a bus that takes nothing but its own kind of object wrapped the payload in before. */
    public final @Nullable Object envelope() {
        return envelope;
    }

    /** Remembers what the payload was wrapped in. */
    public final <T> T wrappedIn(T wrapping) {
        envelope = wrapping;
        return wrapping;
    }

    /** The batch whose end the publisher awaits. */
    public final void belongsTo(Batch itsBatch) {
        batch = itsBatch;
    }

    /** Tells the batch that one delivery of this payload has ended. */
    public final void delivered() {
        Batch itsBatch = batch;
        if (itsBatch != null) {
            itsBatch.countDown();
        }
    }

    /** For buses that tell events apart by class: the first of two. */
    public static final class First extends Payload {
        public First(long number) {
            super(number);
        }
    }

    /** For buses that tell events apart by class: the second of two. */
    public static final class Second extends Payload {
        public Second(long number) {
            super(number);
        }
    }
}
