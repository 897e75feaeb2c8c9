package dev.convoke.benchmarks.load;

import dev.convoke.listener.AsyncListener;
import java.util.function.Consumer;

/**
 * Makes listeners of eight classes that alternate, as those of an application are of many: a bus that calls them cannot be
 * compiled for the only class there is.
 */
public final class Shapes {
    /** How many classes there are of each kind. */
    static final int COUNT = 8;

    private Shapes() {}

    /** A listener that returns the body's stage. */
    public static AsyncListener<Payload> async(int index, Body body) {
        return switch (index % COUNT) {
            case 0 -> payload -> body.take(payload);
            case 1 -> payload -> body.take(payload);
            case 2 -> payload -> body.take(payload);
            case 3 -> payload -> body.take(payload);
            case 4 -> payload -> body.take(payload);
            case 5 -> payload -> body.take(payload);
            case 6 -> payload -> body.take(payload);
            default -> payload -> body.take(payload);
        };
    }

    /** A listener that returns nothing. */
    public static Consumer<Payload> plain(int index, Body body) {
        return switch (index % COUNT) {
            case 0 -> payload -> body.take(payload);
            case 1 -> payload -> body.take(payload);
            case 2 -> payload -> body.take(payload);
            case 3 -> payload -> body.take(payload);
            case 4 -> payload -> body.take(payload);
            case 5 -> payload -> body.take(payload);
            case 6 -> payload -> body.take(payload);
            default -> payload -> body.take(payload);
        };
    }
}
