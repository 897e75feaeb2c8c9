package dev.convoke;

import dev.convoke.internal.bind.Binding;
import dev.convoke.internal.check.Check;
import dev.convoke.listener.Subscription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Several registrations as one. Thread-safe: it has no state of its own. */
record CompositeSubscription(List<Subscription> parts) implements Subscription {
    /** Subscribes all of them or none: where one is refused, those before it are closed again. */
    static Subscription of(List<Binding> bindings, Function<Binding, Subscription> subscribe) {
        List<Subscription> parts = new ArrayList<>();
        try {
            bindings.forEach(binding -> parts.add(subscribe.apply(binding)));
        } catch (RuntimeException | Error e) {
            parts.forEach(Subscription::close);
            throw e;
        }
        return new CompositeSubscription(List.copyOf(parts));
    }

    @Override
    public String listenerId() {
        return parts.stream().map(Subscription::listenerId).collect(Collectors.joining(", "));
    }

    @Override
    public void close() {
        parts.forEach(Subscription::close);
    }

    /** Closes all before it waits for one; the time-out is for all together. */
    @Override
    public boolean closeAndDrain(Duration timeout) {
        long allowed = Check.nanos(Check.notNegative("timeout", timeout));
        long start = System.nanoTime();
        close();
        boolean ended = true;
        for (Subscription part : parts) {
            long left = allowed - (System.nanoTime() - start);
            ended &= part.closeAndDrain(Duration.ofNanos(Math.max(0, left)));
        }
        return ended;
    }

    @Override
    public void pause() {
        parts.forEach(Subscription::pause);
    }

    @Override
    public void resume() {
        parts.forEach(Subscription::resume);
    }

    @Override
    public String toString() {
        return "Subscription[" + listenerId() + "]";
    }
}
