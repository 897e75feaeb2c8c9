package dev.convoke.benchmarks.load;

import java.util.concurrent.CompletionStage;

/** The least that a listener can do and that no compiler may leave out: adds to a field of its own. */
public final class Tally extends Body {
    private long sum;

    @Override
    public CompletionStage<?> take(Payload payload) {
        sum += payload.number();
        return DONE;
    }

    public long sum() {
        return sum;
    }
}
