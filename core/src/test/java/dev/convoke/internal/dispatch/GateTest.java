package dev.convoke.internal.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoke.AsyncEventCoordinator;
import dev.convoke.event.DeliveryResult;
import dev.convoke.event.EventType;
import dev.convoke.internal.dispatch.Gate.Place;
import dev.convoke.internal.dispatch.GateModel.Guest;
import dev.convoke.internal.resolve.ListenerRegistry;
import dev.convoke.internal.resolve.Registration;
import dev.convoke.internal.resolve.Roster;
import dev.convoke.listener.AsyncListener;
import dev.convoke.listener.ListenerOptions;
import dev.convoke.listener.Overflow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The gate against a model of it, by random. */
class GateTest {
    private static final int SEEDS = 5_000;
    private static final int STEPS = 60;
    private static final EventType<String> TYPE = EventType.of("gated", String.class);

    private final AsyncEventCoordinator coordinator = new AsyncEventCoordinator();
    private final Dispatcher dispatcher = dispatcherOf(coordinator);

    private static Dispatcher dispatcherOf(AsyncEventCoordinator coordinator) {
        CompletableFuture<Dispatcher> found = new CompletableFuture<>();
        coordinator.subscribeToEvent("probe", AsyncListener.withContext((payload, context) -> {
            found.complete(((Invocation) context).dispatcher());
            return CompletableFuture.completedFuture(null);
        }));
        coordinator.publishEvent("probe").outcome().join();
        return found.join();
    }

    @AfterEach
    void close() {
        coordinator.close();
    }

    /** A gate and its model, which are asked the same. */
    private final class Run {
        private final SplittableRandom random;
        private final Overflow overflow;
        private final GateModel model;
        private final Gate gate;
        private final Registration registration;
        private final Map<Guest, Gate.Ticket> tickets = new HashMap<>();
        private final Map<Invocation, Guest> guests = new HashMap<>();
        private int arrivals;

        Run(long seed) {
            random = new SplittableRandom(seed);
            boolean ordered = random.nextInt(4) > 0;
            int concurrency = ordered && random.nextInt(3) == 0 ? Integer.MAX_VALUE : 1 + random.nextInt(4);
            int capacity = 1 + random.nextInt(5);
            overflow = List.of(Overflow.values()).get(random.nextInt(Overflow.values().length));
            ListenerOptions options =
                    ListenerOptions.named("gated").concurrency(concurrency).queue(capacity, overflow);
            registration = new ListenerRegistry()
                    .append(
                            TYPE,
                            payload -> CompletableFuture.completedFuture(payload),
                            ordered ? options.ordered() : options,
                            null);
            gate = Gate.of(registration);
            model = new GateModel(ordered, concurrency, capacity, overflow);
        }

        void go() {
            for (int step = 0; step < STEPS; step++) {
                if (random.nextInt(5) < 3) {
                    enter();
                } else {
                    leaveAny();
                }
                assertSame();
            }
            while (!guests.isEmpty()) {
                leaveAny();
                assertSame();
            }
            assertThat(gate.lanes() + gate.waiting() + gate.inside()).isZero();
        }

        // ---- coming ----

        private void enter() {
            List<Guest> around = around();
            Guest guest = new Guest(arrivals++, random.nextInt(8) == 0 ? null : "k" + random.nextInt(3), around);
            Invocation parent =
                    around.isEmpty() ? null : tickets.get(around.get(0)).holder();
            Invocation invocation = invocation(guest.key, parent);
            boolean mayWait = around.isEmpty() && random.nextInt(4) > 0;

            Gate.Entry entry = gate.enter(invocation, Around.in(parent), mayWait);

            Optional<Guest> dropped = model.enter(guest, mayWait);
            assertThat(entry.place()).isEqualTo(guest.place);
            assertThat(entry.dropped() == null ? null : guests.get(entry.dropped()))
                    .isEqualTo(dropped.orElse(null));
            tickets.put(guest, entry.ticket());
            guests.put(invocation, guest);
            dropped.ifPresent(this::leave);
            if (entry.place() == Place.AWAY) {
                leave(guest);
            }
        }

        /** Sometimes inside the listener of one that has been let in, and of those around that. */
        private List<Guest> around() {
            List<Guest> inside = model.all(Place.INSIDE);
            if (inside.isEmpty() || random.nextInt(3) > 0) {
                return List.of();
            }
            Guest innermost = inside.get(random.nextInt(inside.size()));
            List<Guest> around = new ArrayList<>(List.of(innermost));
            around.addAll(innermost.around);
            return around;
        }

        private Invocation invocation(@Nullable String key, @Nullable Invocation parent) {
            Envelope envelope = new Envelope(null, key, null, Map.of(), null, null, Envelope.Order.CONCURRENT);
            Lineage lineage = Lineage.of(Around.in(parent), TYPE.name(), 0, 0, 1_000);
            return new LivePublication<>(dispatcher, TYPE, "payload", Roster.of(registration), envelope, lineage)
                    .invocation(0);
        }

        // ---- going ----

        private void leaveAny() {
            List<Guest> all = guests.values().stream()
                    .sorted(Comparator.comparingInt(guest -> guest.number))
                    .toList();
            if (!all.isEmpty()) {
                leave(all.get(random.nextInt(all.size())));
            }
        }

        /** As a delivery does that has ended, or was sent away. */
        private void leave(Guest guest) {
            Gate.Ticket ticket = tickets.remove(guest);
            Invocation invocation = ticket.holder();
            guests.remove(invocation);
            invocation.advance(Call.State.NEW, Call.State.ENDED);
            invocation.publication().settlement().put(0, new DeliveryResult.Cancelled("gated", Duration.ZERO, 0));
            assertThat(gate.leave(ticket).stream().map(guests::get)).isEqualTo(model.leave(guest));
            assertThat(gate.leave(ticket)).as("leaving twice").isEmpty();
        }

        private void assertSame() {
            assertThat(gate.lanes()).as("lanes").isEqualTo((int) model.lanes());
            assertThat(gate.waiting()).as("waiting").isEqualTo((int) model.waiting());
            assertThat(gate.inside()).as("inside").isEqualTo((int) model.inside());
            if (overflow == Overflow.WAIT) {
                model.all(Place.LINE)
                        .forEach(guest -> assertThat(isAdmitted(guest)).isFalse());
            }
        }

        /** Whether it has room, or is to wait for it; with the interrupt nobody waits. */
        private boolean isAdmitted(Guest guest) {
            Thread.currentThread().interrupt();
            try {
                return Gate.awaitRoom(tickets.get(guest), dispatcher.deadlines(), Long.MAX_VALUE);
            } finally {
                assertThat(Thread.interrupted()).isTrue();
            }
        }
    }

    @Test
    @DisplayName("P7, P8, S8: whoever comes, waits, is dropped and leaves, the gate does as a list of them all would")
    void P7_P8_the_gate_does_as_its_model() {
        for (int seed = 0; seed < SEEDS; seed++) {
            try {
                new Run(seed).go();
            } catch (AssertionError e) {
                throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
            }
        }
    }
}
