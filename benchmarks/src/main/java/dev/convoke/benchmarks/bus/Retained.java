package dev.convoke.benchmarks.bus;

import dev.convoke.AsyncEventCoordinator;
import dev.convoke.benchmarks.load.Payload;
import dev.convoke.event.EventType;
import dev.convoke.listener.AsyncListener;
import dev.convoke.listener.ListenerOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Things of Convoke's whose memory is measured; the listener is one object in each case, and counts for nothing. */
public abstract class Retained {
    private static final EventType<Payload> EVENT =
            EventType.of("benchmark", Payload.class).keyedBy(Payload::key);

    final AsyncEventCoordinator coordinator = new AsyncEventCoordinator();
    final AsyncListener<Payload> listener = payload -> CompletableFuture.completedFuture(null);
    final ListenerOptions inline = ListenerOptions.defaults().inline();
    int things;

    private Retained() {}

    public static Retained named(String subject) {
        return switch (subject) {
            case "subscription" -> new Subscriptions();
            case "event with its subscription" -> new EventsAndSubscriptions();
            case "key used before" -> new Keys();
            default -> throw new IllegalArgumentException("no such thing: " + subject);
        };
    }

    /** Makes what does not count. */
    public void prepare(int count) {
        things = count;
    }

    /** Makes what counts. */
    public abstract void fill();

    /** What one more listener of an event costs; the subscription is not kept by the caller. */
    private static final class Subscriptions extends Retained {
        @Override
        public void fill() {
            for (int i = 0; i < things; i++) {
                coordinator.subscribeToEvent(EVENT, listener, inline);
            }
        }
    }

    /** What an event that has one listener costs, beside its type and name, which the application has anyway. */
    private static final class EventsAndSubscriptions extends Retained {
        private final List<EventType<Payload>> types = new ArrayList<>();

        @Override
        public void prepare(int count) {
            super.prepare(count);
            for (String name : Names.of(count)) {
                types.add(EventType.of(name, Payload.class));
            }
        }

        @Override
        public void fill() {
            for (EventType<Payload> type : types) {
                coordinator.subscribeToEvent(type, listener, inline);
            }
        }
    }

    /** What is left of a key whose events an ordered listener has handled. */
    private static final class Keys extends Retained {
        @Override
        public void prepare(int count) {
            super.prepare(count);
            coordinator.subscribeToEvent(
                    EVENT, listener, ListenerOptions.defaults().ordered().executor(Runnable::run));
            coordinator.publishEvent(EVENT, new Payload(0, "first"));
        }

        @Override
        public void fill() {
            for (int i = 0; i < things; i++) {
                coordinator.publishEvent(EVENT, new Payload(0, "key-" + i));
            }
        }
    }
}
