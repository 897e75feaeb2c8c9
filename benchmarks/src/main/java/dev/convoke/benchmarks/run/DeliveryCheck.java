package dev.convoke.benchmarks.run;

import dev.convoke.benchmarks.bus.AwaitedBus;
import dev.convoke.benchmarks.bus.Bus;
import dev.convoke.benchmarks.bus.Events;
import dev.convoke.benchmarks.bus.Subjects;
import dev.convoke.benchmarks.load.Numbered;
import dev.convoke.benchmarks.load.Payload;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** Publishes numbered events to four listeners and looks for lost, doubled and reordered ones: fast and wrong is no peer. */
final class DeliveryCheck {
    private static final int LISTENERS = 4;
    private static final int BATCH = 64; // what a hand-off may have under way
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(5);

    private final int events;
    private final List<Numbered> bodies;

    private DeliveryCheck(int events) {
        this.events = events;
        this.bodies =
                Stream.generate(() -> new Numbered(events)).limit(LISTENERS).toList();
    }

    /** What became of so many events, over all listeners. */
    static Deliveries of(Kind kind, String subject, int events) throws Exception {
        DeliveryCheck check = new DeliveryCheck(events);
        switch (kind) {
            case INLINE -> check.publish(Subjects.inline(subject));
            case PENDING -> check.publish(Subjects.pending(subject));
            case HAND_OFF -> check.publish(Subjects.handOff(subject));
            case AWAITED -> check.publish(Subjects.awaited(subject));
            case EVENTS -> check.publish(Subjects.events(subject, 2));
            case SILENT -> throw new IllegalArgumentException("nothing is published");
        }
        return check.deliveries();
    }

    private void publish(Bus subject) throws Exception {
        try (subject) {
            for (int i = 0; i < LISTENERS; i++) {
                subject.subscribe(i, bodies.get(i));
            }
            subject.start();
            for (int number = 0; number < events; number++) {
                subject.publish(new Payload(number));
                awaitBatch(number);
            }
        }
    }

    private void publish(AwaitedBus subject) throws Exception {
        try (subject) {
            for (int i = 0; i < LISTENERS; i++) {
                subject.subscribe(i, bodies.get(i));
            }
            subject.start();
            for (int number = 0; number < events; number++) {
                subject.publishAndWait(new Payload(number));
            }
        }
    }

    private void publish(Events subject) throws Exception {
        try (subject) {
            for (int i = 0; i < LISTENERS; i++) {
                subject.subscribe(0, i, bodies.get(i));
            }
            for (int number = 0; number < events; number++) {
                subject.publish(0, new Payload.First(number));
                awaitBatch(number);
            }
        }
    }

    private void awaitBatch(int number) {
        int published = number + 1;
        if (published % BATCH != 0 && published != events) {
            return;
        }
        long deadline = System.nanoTime() + PATIENCE;
        while (bodies.stream().anyMatch(body -> body.taken() < published) && System.nanoTime() < deadline) {
            LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(100));
        }
    }

    private Deliveries deliveries() {
        return new Deliveries(
                bodies.stream().mapToInt(Numbered::lost).sum(),
                bodies.stream().mapToInt(Numbered::duplicated).sum(),
                bodies.stream().mapToInt(Numbered::reordered).sum());
    }
}
