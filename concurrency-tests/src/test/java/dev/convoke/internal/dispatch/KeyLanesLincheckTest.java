package dev.convoke.internal.dispatch;

import dev.convoke.AsyncEventCoordinator;
import dev.convoke.event.EventType;
import dev.convoke.internal.dispatch.Gate.Place;
import dev.convoke.internal.dispatch.Gate.Ticket;
import dev.convoke.internal.resolve.ListenerRegistry;
import dev.convoke.internal.resolve.Registration;
import dev.convoke.internal.resolve.Roster;
import dev.convoke.linearizability.Linearizable;
import dev.convoke.listener.AsyncListener;
import dev.convoke.listener.ListenerOptions;
import dev.convoke.listener.Overflow;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;
import org.junit.jupiter.api.Test;

/** Deliveries come to the gate of an ordered listener, which lets two in at a time and has one wait, and leave it. */
@Param(name = "thread", gen = ThreadIdGen.class)
@Param(name = "key", gen = IntGen.class, conf = "0:1")
public class KeyLanesLincheckTest {
    private static final int THREADS = 4;
    private static final int CONCURRENCY = 2;
    private static final int CAPACITY = 1;
    private static final ListenerOptions OPTIONS =
            ListenerOptions.defaults().ordered().concurrency(CONCURRENCY).queue(CAPACITY, Overflow.REJECT);
    private static final EventType<Integer> TYPE =
            EventType.of("event", Integer.class).keyedBy(key -> key);
    private static final Registration REGISTRATION =
            new ListenerRegistry().append(TYPE, CompletableFuture::completedFuture, OPTIONS, null);
    private static final Dispatcher DISPATCHER = dispatcher();

    private final Gate gate = new Gate(OPTIONS);

    /** What each thread has brought and not taken away, each confined to its thread. */
    private final List<Deque<Ticket>> brought = new ArrayList<>();

    /** The gate of no coordinator's listener. */
    public KeyLanesLincheckTest() {
        for (int i = 0; i < THREADS; i++) {
            brought.add(new ArrayDeque<>());
        }
    }

    /** One that never starts anything, as found inside one of its listeners. */
    private static Dispatcher dispatcher() {
        CompletableFuture<Dispatcher> found = new CompletableFuture<>();
        AsyncListener<Object> probe = AsyncListener.withContext((payload, context) -> {
            found.complete(((Invocation) context).dispatcher());
            return CompletableFuture.completedFuture(null);
        });
        try (AsyncEventCoordinator coordinator = new AsyncEventCoordinator()) {
            coordinator.subscribeToEvent(
                    "probe", probe, ListenerOptions.defaults().inline());
            coordinator.publishEvent("probe");
        }
        return found.join();
    }

    private static Invocation delivery(int key) {
        Lineage lineage = Lineage.of(Around.NOTHING, TYPE.name(), 0, 0, 1);
        return new LivePublication<>(DISPATCHER, TYPE, key, Roster.of(REGISTRATION), Envelope.EMPTY, lineage)
                .invocation(0);
    }

    @Operation
    public String enter(@Param(name = "thread") int thread, @Param(name = "key") int key) {
        Gate.Entry entry = gate.enter(delivery(key), Around.NOTHING, true);
        if (entry.place() != Place.AWAY) {
            brought.get(thread).add(entry.ticket());
        }
        return entry.place().name();
    }

    /** The keys of those who are let in instead of the oldest that this thread has brought. */
    @Operation
    public String leave(@Param(name = "thread") int thread) {
        Ticket oldest = brought.get(thread).poll();
        return oldest == null
                ? "none"
                : gate.leave(oldest).stream().map(Invocation::key).toList().toString();
    }

    /** The same, one after another: a list of who is there, in the order of arrival. */
    public static class Sequential {
        private static final class Guest {
            private final String key;
            private boolean inside;

            private Guest(int key) {
                this.key = String.valueOf(key);
            }
        }

        private final List<Guest> guests = new ArrayList<>();
        private final List<Deque<Guest>> brought = new ArrayList<>();

        public Sequential() {
            for (int i = 0; i < THREADS; i++) {
                brought.add(new ArrayDeque<>());
            }
        }

        public String enter(int thread, int key) {
            Guest guest = new Guest(key);
            guests.add(guest);
            if (mayEnter(guest)) {
                guest.inside = true;
            } else if (guests.stream().filter(other -> !other.inside).count() > CAPACITY) {
                guests.remove(guest);
                return "AWAY";
            }
            brought.get(thread).add(guest);
            return guest.inside ? "INSIDE" : "QUEUE";
        }

        /** There is room, and nobody of its key came before it. */
        private boolean mayEnter(Guest guest) {
            boolean isFirst = guests.stream()
                    .filter(other -> other.key.equals(guest.key))
                    .findFirst()
                    .filter(guest::equals)
                    .isPresent();
            return isFirst && guests.stream().filter(other -> other.inside).count() < CONCURRENCY;
        }

        public String leave(int thread) {
            Guest oldest = brought.get(thread).poll();
            if (oldest == null) {
                return "none";
            }
            guests.remove(oldest);
            List<String> letIn = new ArrayList<>();
            for (Guest guest : guests) {
                if (!guest.inside && mayEnter(guest)) {
                    guest.inside = true;
                    letIn.add(guest.key);
                }
            }
            return letIn.toString();
        }
    }

    @Test
    void every_schedule_could_have_been_sequential() {
        Linearizable.checkSchedules(KeyLanesLincheckTest.class, Sequential.class);
    }

    @Test
    void every_run_could_have_been_sequential() {
        Linearizable.checkRuns(KeyLanesLincheckTest.class, Sequential.class);
    }
}
