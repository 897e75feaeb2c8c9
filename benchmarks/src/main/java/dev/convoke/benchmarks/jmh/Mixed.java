package dev.convoke.benchmarks.jmh;

import dev.convoke.benchmarks.bus.Bus;
import dev.convoke.benchmarks.load.Payload;
import dev.convoke.benchmarks.load.Tally;
import java.util.function.Supplier;

/**
 * Buses in a JVM that has seen listeners of many classes, as that of an application has: else the compiler would take a
 * single listener's class for the only one there is, and inline it.
 */
final class Mixed {
    private static final int SHAPES = 8;
    private static final int CALLS = 30_000; // enough for the second compiler

    private Mixed() {}

    /** A bus with so many listeners, which was there first; one with all shapes of them has come and gone. */
    static Bus bus(Supplier<Bus> subject, int listeners) throws Exception {
        Payload payload = new Payload(1);
        Bus bus = subscribed(subject, listeners);
        bus.publish(payload);
        if (listeners > 0) {
            try (Bus other = subscribed(subject, SHAPES)) {
                for (int i = 0; i < CALLS; i++) {
                    other.publish(payload);
                }
            }
        }
        return bus;
    }

    /**
     * Each shape as often as the next, those of one shape in a row, which processors can best predict: a call that is
     * predicted wrongly takes longer than all that is to be measured.
     */
    private static int shape(int index, int listeners) {
        return listeners <= SHAPES ? index : index * SHAPES / listeners;
    }

    private static Bus subscribed(Supplier<Bus> subject, int listeners) {
        Bus bus = subject.get();
        for (int i = 0; i < listeners; i++) {
            bus.subscribe(shape(i, listeners), new Tally());
        }
        bus.start();
        return bus;
    }
}
