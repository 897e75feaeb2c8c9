package dev.convoke.internal.dispatch;

import dev.convoke.event.Event;
import dev.convoke.internal.check.Check;
import dev.convoke.spi.ContextCarrier;
import dev.convoke.spi.ContextCarrier.Captured;
import dev.convoke.spi.ContextCarrier.Scope;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * What one publisher's thread had, to be given to the threads of listeners.
 *
 * <p>Thread-safe: immutable. Carriers are users': they are called with no lock held.
 *
 * @param captured one for each carrier, in their order
 * @param failure what a carrier threw instead of capturing, which fails the deliveries: one that misses what it was
 *     promised does not run
 */
record Carried(List<Captured> captured, @Nullable Throwable failure) {
    /** Stands for what is not there, and restores nothing. */
    private static final Captured NOTHING = () -> () -> {};

    /** Takes what this thread has; null where there are no carriers. */
    static @Nullable Carried capture(List<ContextCarrier> carriers) {
        if (carriers.isEmpty()) {
            return null;
        }
        List<Captured> captured = new ArrayList<>(carriers.size());
        try {
            for (ContextCarrier carrier : carriers) {
                captured.add(carrier.capture());
            }
            return new Carried(captured, null);
        } catch (Throwable e) {
            return new Carried(List.of(), e);
        }
    }

    /**
     * What a durable listener gets: of each carrier what the event's attributes say, or else what was captured in this
     * process. The attributes are read on the listener's thread, at each attempt.
     */
    static Carried ofStored(List<ContextCarrier> carriers, Event<?> event, @Nullable Carried remembered) {
        List<Captured> stored = new ArrayList<>(carriers.size());
        for (int i = 0; i < carriers.size(); i++) {
            ContextCarrier carrier = carriers.get(i);
            Captured here = remembered == null ? NOTHING : remembered.captured.get(i);
            stored.add(() -> {
                Captured written = carrier.fromAttributes(event.attributes());
                return (written == null ? here : written).restore();
            });
        }
        return new Carried(stored, null);
    }

    /** What was captured in the two forms in which it goes to durable listeners. */
    record Divided(Map<String, String> attributes, @Nullable Carried withoutText) {}

    /**
     * Writes as text what can be written so, and keeps the rest as it is.
     *
     * @throws IllegalStateException if a carrier failed to capture, or fails to write
     */
    Divided divide() {
        if (failure != null) {
            throw new IllegalStateException(notCaptured(failure), failure);
        }
        Map<String, String> attributes = new LinkedHashMap<>();
        List<Captured> rest = new ArrayList<>(captured);
        try {
            for (int i = 0; i < rest.size(); i++) {
                Map<String, String> text = rest.get(i).toAttributes();
                text.forEach((name, value) ->
                        attributes.put(Check.name("attribute name", name), Check.present("attribute value", value)));
                rest.set(i, text.isEmpty() ? rest.get(i) : NOTHING);
            }
        } catch (Throwable e) {
            throw new IllegalStateException("a context carrier could not write what it had captured: " + e, e);
        }
        return new Divided(attributes, isNothing(rest) ? null : new Carried(rest, null));
    }

    private static boolean isNothing(List<Captured> captured) {
        return Collections.frequency(captured, NOTHING) == captured.size();
    }

    private static String notCaptured(Throwable failure) {
        return "a context carrier could not capture at publish: " + failure;
    }

    /** Calls with all of it on this thread, and with none of it left afterwards. */
    <T> T around(Callable<T> call) throws Exception {
        if (failure != null) {
            throw new IllegalStateException(notCaptured(failure), failure);
        }
        ArrayDeque<Scope> open = new ArrayDeque<>(captured.size());
        try {
            for (Captured one : captured) {
                open.push(one.restore());
            }
            return call.call();
        } finally {
            open.forEach(Carried::close);
        }
    }

    private static void close(Scope scope) {
        try {
            scope.close();
        } catch (Throwable e) {
            Log.warn("a context carrier could not take back what it had restored", e);
        }
    }
}
