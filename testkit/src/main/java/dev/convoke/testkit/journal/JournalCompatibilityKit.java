package dev.convoke.testkit.journal;

import static dev.convoke.listener.AsyncListener.blocking;
import static dev.convoke.listener.AsyncListener.blockingWithContext;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoke.AsyncEventCoordinator;
import dev.convoke.event.DeadLetter;
import dev.convoke.event.EventType;
import dev.convoke.listener.AsyncListener;
import dev.convoke.listener.ListenerOptions;
import dev.convoke.listener.Subscription;
import dev.convoke.spi.EventJournal;
import dev.convoke.testkit.journal.JournalStore.State;
import dev.convoke.testkit.journal.JournalStore.Unfinished;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * What a journal promises, as tests for JUnit Jupiter; the tests of a journal extend this. What only shows when processes or
 * databases are killed is not in here.
 */
public abstract class JournalCompatibilityKit extends PublishingPromises {
    /** For a subclass, of which there is one for each test. */
    protected JournalCompatibilityKit() {}

    // ---- D5: order by key ----

    @Test
    @DisplayName(
            "D5: deliveries with the same key run one after another in order, and a failing one parks its own key alone")
    public void D5_order_by_key() {
        AsyncEventCoordinator coordinator = coordinator();
        Map<String, Queue<Integer>> seen = new ConcurrentHashMap<>();
        CountDownLatch others = new CountDownLatch(20);
        AtomicBoolean hasFailed = new AtomicBoolean();
        coordinator.subscribeToEvent(
                Order.PLACED,
                blocking(order -> {
                    if (order.customer().equals("ada") && order.number() == 0 && !hasFailed.getAndSet(true)) {
                        others.await(); // those of the other key pass
                        throw new IllegalStateException("once");
                    }
                    seen.computeIfAbsent(order.customer(), c -> new ConcurrentLinkedQueue<>())
                            .add(order.number());
                    if (order.customer().equals("bob")) {
                        others.countDown();
                    }
                }),
                durable("billing").ordered());

        upTo(20).forEach(number -> {
            publish(coordinator, "ada", number);
            publish(coordinator, "bob", number);
        });

        awaitAllDone();
        assertThat(seen.get("ada")).containsExactlyElementsOf(upTo(20));
        assertThat(seen.get("bob")).containsExactlyElementsOf(upTo(20));
    }

    // ---- D6: retries are kept ----

    @Test
    @DisplayName("D6: attempts that have ended are remembered when the process ends between them")
    public void D6_attempts_are_remembered() throws Exception {
        Queue<Integer> attempts = new ConcurrentLinkedQueue<>();
        for (int attempt = 1; attempt <= 3; attempt++) {
            AsyncEventCoordinator coordinator = coordinator();
            CompletableFuture<Subscription> own = new CompletableFuture<>();
            AsyncListener<Order> failing = blockingWithContext((order, context) -> {
                attempts.add(context.attempt());
                own.join().pause(); // the next attempt is another process's
                throw new IllegalStateException("no such account");
            });
            own.complete(coordinator.subscribeToEvent(Order.PLACED, failing, durable("billing")));
            if (attempt == 1) {
                publish(coordinator, "ada", 1);
            }
            int begun = attempt;
            await().until(() -> attempts.size() == begun);
            coordinator.close();
        }

        assertThat(attempts).containsExactly(1, 2, 3);
        assertThat(unfinished("ada-1").state()).isEqualTo(State.DEAD);
        assertThat(unfinished("ada-1").attempts()).isEqualTo(3);
    }

    @Test
    @DisplayName(
            "D6, D7: an attempt whose process is lost does not count, and the fifth loss ends the delivery as CRASHED")
    public void D6_crashes_are_counted_apart() throws Exception {
        Queue<Integer> attempts = new ConcurrentLinkedQueue<>();
        CountDownLatch end = new CountDownLatch(1);
        AsyncListener<Order> hanging = blockingWithContext((order, context) -> {
            attempts.add(context.attempt());
            end.await();
        });
        AsyncEventCoordinator coordinator = coordinator();
        coordinator.subscribeToEvent(Order.PLACED, hanging, durable("billing").concurrency(10));
        publish(coordinator, "ada", 1);

        for (int lost = 1; lost <= 5; lost++) {
            int begun = lost;
            await().until(() -> attempts.size() == begun);
            store().takeAllForDead();
        }

        await().untilAsserted(() -> assertThat(unfinished("ada-1").state()).isEqualTo(State.DEAD));
        assertThat(unfinished("ada-1").reason()).isEqualTo("CRASHED");
        assertThat(unfinished("ada-1").attempts()).isZero();
        assertThat(attempts).containsExactly(1, 1, 1, 1, 1);
        end.countDown();
    }

    // ---- D7: dead letters ----

    @Test
    @DisplayName(
            "D7: a delivery whose attempts are used up is DEAD with the reason, it is told, and nothing waits for it")
    public void D7_dead_after_the_last_attempt() throws Exception {
        Queue<DeadLetter> letters = new ConcurrentLinkedQueue<>();
        AsyncEventCoordinator coordinator = AsyncEventCoordinator.builder()
                .journal(store().open(JournalSetup.USUAL))
                .onDeadLetter(letters::add)
                .build();
        closedAfterwards(coordinator);
        Queue<Integer> billed = new ConcurrentLinkedQueue<>();
        coordinator.subscribeToEvent(
                Order.PLACED,
                blocking(order -> {
                    if (order.number() == 1) {
                        throw new IllegalStateException("no such account");
                    }
                    billed.add(order.number());
                }),
                durable("billing").ordered());

        publish(coordinator, "ada", 1);
        publish(coordinator, "ada", 2);

        await().untilAsserted(() -> assertThat(billed).containsExactly(2));
        Unfinished dead = unfinished("ada-1");
        assertThat(dead.state()).isEqualTo(State.DEAD);
        assertThat(dead.reason()).isEqualTo("FAILED");
        assertThat(dead.attempts()).isEqualTo(3);
        assertThat(dead.error()).contains("no such account");
        await().untilAsserted(() -> assertThat(letters).singleElement().satisfies(letter -> {
            assertThat(letter.listener()).isEqualTo("billing");
            assertThat(letter.attempts()).isEqualTo(3);
            assertThat(letter.cause()).hasMessage("no such account");
        }));
    }

    @Test
    @DisplayName("D7: a payload that cannot be read any more is DEAD as UNREADABLE, and nothing waits for it")
    public void D7_unreadable_payload() throws Exception {
        ListenerOptions ordered = durable("billing").ordered();
        AsyncEventCoordinator first = coordinator();
        first.subscribeToEvent(Order.PLACED, blocking(order -> {}), ordered).pause();
        publish(first, "ada", 1);
        store().spoilPayload("order.placed");
        publish(first, "ada", 2);
        first.close();
        Queue<Integer> billed = new ConcurrentLinkedQueue<>();

        coordinator().subscribeToEvent(Order.PLACED, blocking(order -> billed.add(order.number())), ordered);

        await().untilAsserted(() -> assertThat(billed).containsExactly(2));
        assertThat(unfinished("ada-1").reason()).isEqualTo("UNREADABLE");
    }

    @Test
    @DisplayName(
            "D7: an event of a type that nobody has said anything of is DEAD as UNKNOWN_TYPE for a pattern's listener")
    public void D7_unknown_type() {
        AsyncEventCoordinator first = coordinator();
        first.subscribeToEvents("order.*", blocking(event -> {}), durable("audit"))
                .pause();
        publish(first, "ada", 1);
        first.close();

        coordinator().subscribeToEvents("order.*", blocking(event -> {}), durable("audit"));

        await().untilAsserted(() -> assertThat(unfinished("ada-1").reason()).isEqualTo("UNKNOWN_TYPE"));
    }

    @Test
    @DisplayName("D7: dead deliveries are discarded and restored, and tried again in the order of their key")
    public void D7_dead_deliveries_are_in_hand() throws Exception {
        EventJournal journal = store().open(JournalSetup.USUAL);
        AsyncEventCoordinator coordinator = coordinator(journal);
        AtomicBoolean isWell = new AtomicBoolean();
        Queue<Integer> billed = new ConcurrentLinkedQueue<>();
        coordinator.subscribeToEvent(
                Order.PLACED,
                blocking(order -> {
                    if (!isWell.get()) {
                        throw new IllegalStateException("no account");
                    }
                    billed.add(order.number());
                }),
                durable("billing").ordered());
        for (int number : upTo(3)) {
            publish(coordinator, "ada", number);
            await().until(() -> unfinished("ada-" + number).state() == State.DEAD);
        }

        assertThat(store().discardDead(journal)).isEqualTo(3);
        assertThat(unfinished("ada-0").state()).isEqualTo(State.DISCARDED);
        assertThat(store().retryDead(journal))
                .as("discarded ones are out of the way")
                .isZero();
        assertThat(store().restoreDiscarded(journal)).isEqualTo(3);
        isWell.set(true);
        assertThat(store().retryDead(journal)).isEqualTo(3);

        awaitAllDone();
        assertThat(billed).containsExactly(0, 1, 2);
    }

    // ---- D8 to D10: several processes ----

    @Test
    @DisplayName("D8, D9: another process takes over what a dead one had, and its late result changes nothing")
    public void D8_another_process_takes_over() throws Exception {
        EventJournal frozen = store().open(JournalSetup.USUAL);
        List<CountDownLatch> goOn = List.of(new CountDownLatch(1), new CountDownLatch(1));
        Queue<Integer> attempts = new ConcurrentLinkedQueue<>();
        AtomicInteger runs = new AtomicInteger();
        AsyncListener<Order> waiting = blockingWithContext((order, context) -> {
            attempts.add(context.attempt());
            goOn.get(runs.getAndIncrement()).await();
        });
        AsyncEventCoordinator first = coordinator(frozen);
        Subscription subscription = first.subscribeToEvent(Order.PLACED, waiting, durable("billing"));
        publish(first, "ada", 1);
        await().until(() -> runs.get() == 1);
        subscription.pause(); // it is not to get it again itself
        store().takeAllForDead();

        coordinator().subscribeToEvent(Order.PLACED, waiting, durable("billing"));
        await().until(() -> runs.get() == 2);
        goOn.get(0).countDown();
        await().until(() -> store().staleResults(frozen) == 1);
        assertThat(unfinished("ada-1").state()).as("the other one runs").isEqualTo(State.OPEN);
        goOn.get(1).countDown();

        awaitAllDone();
        assertThat(attempts).containsExactly(1, 1);
    }

    @Test
    @DisplayName("D10: two processes that share the work make no delivery twice")
    public void D10_nothing_twice_without_a_fault() {
        Map<Integer, Integer> times = new ConcurrentHashMap<>();
        AsyncListener<Order> counting = blocking(order -> times.merge(order.number(), 1, Integer::sum));
        AsyncEventCoordinator first = coordinator();
        AsyncEventCoordinator second = coordinator();
        first.subscribeToEvent(Order.PLACED, counting, durable("billing").concurrency(2));
        second.subscribeToEvent(Order.PLACED, counting, durable("billing").concurrency(2));

        upTo(100).forEach(number -> publish(number % 2 == 0 ? first : second, "ada", number));

        awaitAllDone();
        assertThat(times).hasSize(100);
        assertThat(times.values()).containsOnly(1);
    }

    // ---- D11: listeners come and go ----

    @Test
    @DisplayName("D11: a listener that no process has is orphaned and keeps its deliveries until it is retired")
    public void D11_an_orphaned_listener_keeps_its_deliveries() throws Exception {
        AsyncEventCoordinator first = coordinator();
        first.subscribeToEvent(Order.PLACED, blocking(order -> {}), durable("billing"))
                .close();
        publish(first, "ada", 1);
        EventJournal journal = store().open(JournalSetup.USUAL);
        coordinator(journal);

        await().until(() -> store().isOrphaned(journal, "billing"));
        assertThat(unfinished("ada-1").state()).isEqualTo(State.OPEN);
        assertThat(store().retire(journal, "billing")).isEqualTo(1);
        assertThat(store().unfinished()).isZero();
    }

    @Test
    @DisplayName("D11: a listener that a process has cannot be retired")
    public void D11_a_listener_that_is_there_is_not_retired() throws Exception {
        EventJournal journal = store().open(JournalSetup.USUAL);
        coordinator(journal).subscribeToEvent(Order.PLACED, blocking(order -> {}), durable("billing"));

        assertThat(store().isOrphaned(journal, "billing")).isFalse();
        assertThatThrownBy(() -> store().retire(journal, "billing"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("billing");
    }

    @Test
    @DisplayName(
            "D11: under a new name, a listener gets what was kept under the old one, of an event with a new name, too")
    public void D11_renames() {
        AsyncEventCoordinator first = coordinator();
        first.subscribeToEvent(Order.PLACED, blocking(order -> {}), durable("billing"))
                .pause();
        publish(first, "ada", 1);
        first.close();
        Queue<Object> billed = new ConcurrentLinkedQueue<>();
        EventType<Order> renamed = EventType.of("sales.order", Order.class);

        coordinator(store().open(JournalSetup.USUAL
                        .renamedListener("billing", "invoicing")
                        .renamedEvent("order.placed", "sales.order")))
                .subscribeToEvent(renamed, blocking(billed::add), durable("invoicing"));

        await().untilAsserted(() -> assertThat(billed).containsExactly(new Order("ada", 1)));
    }

    @Test
    @DisplayName(
            "D3, D11: what a process still publishes under the old name of an event is for who listens to the new one")
    public void D11_a_process_with_the_old_name_publishes_on() {
        AsyncEventCoordinator old = coordinator();
        Queue<Integer> billed = new ConcurrentLinkedQueue<>();
        old.subscribeToEvent(Order.PLACED, blocking(order -> billed.add(order.number())), durable("billing"));
        publish(old, "ada", 1);
        await().until(() -> billed.size() == 1);

        AsyncEventCoordinator renaming =
                coordinator(store().open(JournalSetup.USUAL.renamedEvent("order.placed", "sales.order")));
        renaming.subscribeToEvent(
                EventType.of("sales.order", Order.class),
                blocking(order -> billed.add(order.number())),
                durable("billing"));
        publish(old, "ada", 2);

        await().untilAsserted(() -> assertThat(billed).containsExactly(1, 2));
    }

    // ---- D12 and D13: bounds ----

    @Test
    @DisplayName("D12: an event is kept as long as a delivery of it is open, and forgotten some time after the last")
    public void D12_events_are_forgotten_when_all_is_done() throws Exception {
        AsyncEventCoordinator coordinator =
                coordinator(store().open(JournalSetup.USUAL.retaining(Duration.ofMillis(1))));
        Subscription subscription =
                coordinator.subscribeToEvent(Order.PLACED, blocking(order -> {}), durable("billing"));
        coordinator.subscribeToEvent("other", blocking(arguments -> {}), durable("other"));
        subscription.pause();
        publish(coordinator, "ada", 1);
        coordinator.publishEvent("other", 1).accepted().join();

        await().until(() -> store().events("other") == 0);
        assertThat(store().events("order.placed")).isEqualTo(1);
        subscription.resume();

        await().until(() -> store().events("order.placed") == 0);
    }

    @Test
    @DisplayName("D13: no more deliveries run at a time than the listener allows")
    public void D13_claims_stay_within_the_listeners_limit() {
        AsyncEventCoordinator coordinator = coordinator();
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch two = new CountDownLatch(2);
        coordinator.subscribeToEvent(
                Order.PLACED,
                blocking(order -> {
                    most.accumulateAndGet(running.incrementAndGet(), Math::max);
                    two.countDown();
                    two.await();
                    running.decrementAndGet();
                }),
                durable("billing").concurrency(2));

        upTo(50).forEach(number -> coordinator.publishEvent(Order.PLACED, new Order("ada", number)));

        await().until(() -> two.getCount() == 0);
        awaitAllDone();
        assertThat(most).hasValue(2);
    }

    @Test
    @DisplayName("D13: publications are rejected while the backlog is full, and accepted again after")
    public void D13_a_full_backlog_rejects() {
        AsyncEventCoordinator coordinator = coordinator(store().open(JournalSetup.USUAL.maxBacklog(2)));
        Subscription subscription =
                coordinator.subscribeToEvent(Order.PLACED, blocking(order -> {}), durable("billing"));
        subscription.pause();

        await().untilAsserted(() -> assertNotAccepted(coordinator.publishEvent(Order.PLACED, new Order("ada", 1))));
        subscription.resume();

        await().untilAsserted(() -> assertThat(coordinator
                        .publishEvent(Order.PLACED, new Order("ada", 1))
                        .await()
                        .succeeded())
                .isTrue());
    }
}
