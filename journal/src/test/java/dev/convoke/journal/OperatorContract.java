package dev.convoke.journal;

import static dev.convoke.listener.AsyncListener.blocking;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.convoke.AsyncEventCoordinator;
import dev.convoke.event.DeadLetter;
import dev.convoke.event.DeliveryResult;
import dev.convoke.event.Event;
import dev.convoke.event.UnreadablePayload;
import dev.convoke.listener.Subscription;
import dev.convoke.spi.CoordinatorObserver;
import dev.convoke.testkit.journal.Order;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What operators see and do. */
abstract class OperatorContract extends OperatorRaces {
    @Test
    @DisplayName("D7: what a group shows is exactly what its selection lists, discards, restores and retries")
    void D7_a_group_is_what_its_selection_selects() throws Exception {
        enter("billing");
        enter("bill");
        int many = 1;
        for (String error : errors()) {
            bury("billing", "failed" + many, many, "FAILED", error);
            bury("billing", "crashed" + many, many + 1, "CRASHED", error);
            many++;
        }
        bury("bill", "other", 3, "FAILED", "timeout");
        bury("billing", "old", 5, null, "timeout");
        JdbcJournal journal = operator();
        List<DeadGroup> groups = journal.deadGroups(100);

        assertThat(groups.stream().mapToLong(DeadGroup::deliveries).sum())
                .isEqualTo(count("count(*) FROM convoke_delivery"));
        assertThat(groups).hasSize(2 * 5 + 1).extracting(DeadGroup::error).contains("", "timeout", "timeout after 5 s");
        Set<String> seen = new HashSet<>();
        for (DeadGroup group : groups) {
            int deliveries = (int) group.deliveries();
            List<DeadDelivery> listed = journal.deadDeliveries(group.selection(), 1_000);
            assertThat(listed).as(group.toString()).hasSize(deliveries).allSatisfy(dead -> {
                assertThat(dead.reason()).isEqualTo(group.reason());
                assertThat(dead.error().orElse("").split("\n", 2)[0]).isEqualTo(group.error());
                assertThat(seen.add(dead.id())).as("in one group").isTrue();
            });
            assertThat(journal.discardDead(group.selection())).isEqualTo(deliveries);
            assertThat(journal.discardedDeliveries(group.selection(), 1_000)).hasSize(deliveries);
            assertThat(journal.restoreDiscarded(group.selection())).isEqualTo(deliveries);
        }
        for (DeadGroup group : groups) {
            assertThat(journal.retryDead(group.selection(), Duration.ZERO, 1_000))
                    .isEqualTo((int) group.deliveries());
        }
        assertThat(journal.deadGroups(100)).isEmpty();
    }

    /** Of five groups: two of them have no first line, and two the same one. */
    private static List<@Nullable String> errors() {
        List<@Nullable String> errors = new ArrayList<>(
                List.of("timeout", "timeout after 5 s", "timeout\nin line 2", "", "Timeout", "%", "\nfirst"));
        errors.add(null);
        return errors;
    }

    @Test
    @DisplayName("D7: an error's beginning selects all that begin so")
    void D7_a_beginning_selects_all_that_begin_so() throws Exception {
        enter("billing");
        bury("billing", "a", 1, "FAILED", "timeout");
        bury("billing", "b", 2, "FAILED", "timeout after 5 s");
        bury("billing", "c", 4, "FAILED", null);
        JdbcJournal journal = operator();

        assertThat(journal.deadDeliveries(DeadSelection.all().error("timeout"), 100))
                .hasSize(3);
        assertThat(journal.deadDeliveries(DeadSelection.all().error("timeout after"), 100))
                .hasSize(2);
        assertThat(journal.deadDeliveries(DeadSelection.all().error(""), 100)).hasSize(7);
        assertThat(journal.deadDeliveries(
                        DeadSelection.all().errorLine("timeout").event("a-1"), 100))
                .hasSize(1);
    }

    @Test
    @DisplayName("D7: a dead delivery says when it failed, and its id selects it alone, also when it is discarded")
    void D7_a_dead_delivery_says_when_it_failed() throws Exception {
        JdbcJournal journal = open(QUICK);
        AsyncEventCoordinator coordinator = coordinator(journal);
        coordinator.subscribeToEvent(Order.PLACED, blocking(order -> fail()), once("billing"));
        Instant before = Instant.now().minusMillis(1_000);
        publish(coordinator, "ada", 1);
        publish(coordinator, "ada", 2);
        await().until(() -> countOf("billing", "DEAD") == 2);

        DeadDelivery first = journal.deadDeliveries(DeadSelection.all(), 1).get(0);
        DeadSelection one = DeadSelection.all().delivery(first.id());
        assertThat(first.publishedAt()).isBetween(before, Instant.now());
        assertThat(first.firstFailedAt()).isBetween(before, Instant.now()).isEqualTo(first.lastFailedAt());
        assertThat(journal.deadDeliveries(one, 10)).containsExactly(first);
        assertThat(journal.retryDead(one, Duration.ZERO, 10)).isEqualTo(1);
        await().until(() -> countOf("billing", "DEAD") == 2);
        assertThat(journal.discardDead(one)).isEqualTo(1);
        assertThat(journal.discardedDeliveries(one, 10)).singleElement().satisfies(discarded -> {
            assertThat(discarded.id()).isEqualTo(first.id());
            assertThat(discarded.firstFailedAt()).isEqualTo(first.firstFailedAt());
            assertThat(discarded.lastFailedAt()).isAfterOrEqualTo(first.lastFailedAt());
        });
        for (String unknown : List.of("", "/", "x/billing", "99999/billing", first.id() + "x")) {
            assertThat(journal.discardDead(DeadSelection.all().delivery(unknown)))
                    .isZero();
        }
    }

    @Test
    @DisplayName("D7: one that an older version has left without reason and times is listed all the same")
    void D7_without_a_reason() throws Exception {
        enter("billing");
        bury("billing", "a", 1, null, null);
        JdbcJournal journal = operator();

        assertThat(journal.deadDeliveries(DeadSelection.all(), 10))
                .singleElement()
                .satisfies(dead -> {
                    assertThat(dead.reason()).isEqualTo(DeadReason.FAILED);
                    assertThat(dead.publishedAt()).isEqualTo(Instant.ofEpochMilli(7));
                    assertThat(dead.firstFailedAt())
                            .isEqualTo(Instant.ofEpochMilli(8))
                            .isEqualTo(dead.lastFailedAt());
                });
        assertThat(journal.deadGroups(10)).containsExactly(new DeadGroup("billing", DeadReason.FAILED, "", 1));
        assertThat(journal.discardDead(DeadSelection.all().reason(DeadReason.FAILED)))
                .isEqualTo(1);
        assertThat(journal.discardedDeliveries(DeadSelection.all(), 10)).hasSize(1);
    }

    @Test
    @DisplayName("D7: very many are retried some at a time, in the pace that was asked for, and no more than asked for")
    void D7_very_many_are_retried_some_at_a_time() throws Exception {
        enter("billing");
        int many = Integer.getInteger("convoke.dead", 3_000);
        bury("billing", "a", many, "FAILED", "no");
        JdbcJournal journal = operator();

        assertThat(journal.discardDead(DeadSelection.all())).isEqualTo(many);
        assertThat(journal.restoreDiscarded(DeadSelection.all())).isEqualTo(many);
        assertThat(journal.retryDead(DeadSelection.all(), Duration.ofMinutes(1), many - 1))
                .isEqualTo(many - 1);
        assertThat(count("max(due_at) - min(due_at) FROM convoke_delivery WHERE state = 'READY'"))
                .isBetween((many - 3) * 60_000L, (many - 2) * 60_000L);
        assertThat(journal.deadDeliveries(DeadSelection.all(), 10))
                .extracting(DeadDelivery::eventId)
                .containsExactly("a-" + many);
    }

    @Test
    @DisplayName("D7: what is discarded while dead ones are tried again one after another stays discarded")
    void D7_what_was_discarded_meanwhile_is_not_tried_again() throws Exception {
        JdbcJournal journal = open(QUICK);
        AsyncEventCoordinator coordinator = coordinator(journal);
        AtomicBoolean isWell = new AtomicBoolean();
        CountDownLatch goOn = new CountDownLatch(1);
        Queue<Integer> billed = new ConcurrentLinkedQueue<>();
        coordinator.subscribeToEvent(
                Order.PLACED,
                blocking(order -> {
                    if (!isWell.get()) {
                        fail();
                    }
                    billed.add(order.number());
                    goOn.await();
                }),
                once("billing"));
        for (int number = 1; number <= 3; number++) {
            publish(coordinator, "ada", number);
        }
        await().until(() -> countOf("billing", "DEAD") == 3);
        isWell.set(true);
        CompletableFuture<RetryReport> report = journal.retryDead(DeadSelection.all(), Duration.ZERO, 10, 1);
        await().until(() -> billed.contains(1));

        assertThat(journal.discardDead(DeadSelection.all().event("ada-2"))).isEqualTo(1);
        goOn.countDown();

        assertThat(report.get(20, TimeUnit.SECONDS)).isEqualTo(new RetryReport(2, 0, 0));
        assertThat(billed).containsExactly(1, 3);
        assertThat(countOf("billing", "DISCARDED")).isEqualTo(1);
    }

    static void fail() {
        throw new IllegalStateException("no such account");
    }

    // ---- dead letters ----

    @Test
    @DisplayName("D6, D7: who wants to know of dead letters is told of one that five crashes have ended, once")
    void D7_a_crashed_one_is_told() throws Exception {
        Queue<DeadLetter> letters = new ConcurrentLinkedQueue<>();
        Queue<DeliveryResult> results = new ConcurrentLinkedQueue<>();
        AsyncEventCoordinator coordinator = closedAfterwards(AsyncEventCoordinator.builder()
                .journal(open(QUICK))
                .onDeadLetter(letters::add)
                .observer(new CoordinatorObserver() {
                    @Override
                    public void onResult(Event<?> event, DeliveryResult result) {
                        results.add(result);
                    }
                })
                .build());
        CountDownLatch end = new CountDownLatch(1);
        AtomicInteger runs = new AtomicInteger();
        coordinator.subscribeToEvent(
                Order.PLACED,
                blocking(order -> {
                    runs.incrementAndGet();
                    end.await();
                }),
                once("billing").concurrency(10));
        publish(coordinator, "ada", 1);
        for (int lost = 1; lost <= 5; lost++) {
            int begun = lost;
            await().atMost(20, TimeUnit.SECONDS).until(() -> runs.get() == begun);
            execute("DELETE FROM convoke_session");
        }

        await().atMost(20, TimeUnit.SECONDS).until(() -> !letters.isEmpty());
        end.countDown();
        coordinator.close();
        assertThat(letters).singleElement().satisfies(letter -> {
            assertThat(letter.event().payload()).isEqualTo(new Order("ada", 1));
            assertThat(letter.listener()).isEqualTo("billing");
            assertThat(letter.id())
                    .isEqualTo("journal:"
                            + operator()
                                    .deadDeliveries(DeadSelection.all(), 10)
                                    .get(0)
                                    .id());
            assertThat(letter.cause())
                    .isInstanceOfSatisfying(
                            DeadDeliveryException.class,
                            cause -> assertThat(cause.reason()).isEqualTo(DeadReason.CRASHED));
        });
        assertThat(results).filteredOn(DeliveryResult.Failed.class::isInstance).hasSize(1);
    }

    @Test
    @DisplayName("D7: the coordinator's dead letters have the journal's; they are retried and discarded by their ids")
    void D7_the_coordinator_shows_the_journals_dead_letters() throws Exception {
        Queue<DeadLetter> told = new ConcurrentLinkedQueue<>();
        AtomicBoolean isWell = new AtomicBoolean();
        AsyncEventCoordinator coordinator = closedAfterwards(AsyncEventCoordinator.builder()
                .journal(open(QUICK))
                .onDeadLetter(told::add)
                .build());
        coordinator.subscribeToEvent(
                Order.PLACED,
                blocking(order -> {
                    if (!isWell.get()) {
                        fail();
                    }
                }),
                once("billing"));
        for (int i = 0; i < 3; i++) {
            publish(coordinator, "ada", i);
        }
        await().until(() -> told.size() == 3 && countOf("billing", "DEAD") == 3);

        List<DeadLetter> letters = coordinator.deadLetters().list();
        assertThat(letters)
                .extracting(letter -> (Object) letter.event().payload())
                .containsExactly(new Order("ada", 0), new Order("ada", 1), new Order("ada", 2));
        assertThat(letters)
                .extracting(DeadLetter::id)
                .containsExactlyInAnyOrderElementsOf(
                        told.stream().map(DeadLetter::id).toList());
        assertThat(letters.get(0).cause())
                .isInstanceOf(DeadDeliveryException.class)
                .hasMessageContaining("no such account");
        isWell.set(true);
        assertThat(coordinator.deadLetters().retry(letters.get(0).id()).join())
                .isEqualTo(new DeliveryResult.Accepted("billing", Duration.ZERO, 0));
        assertThatThrownBy(() -> coordinator.deadLetters().retry(letters.get(0).id()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(coordinator.deadLetters().discard(letters.get(1).id())).isTrue();
        assertThat(coordinator.deadLetters().discard(letters.get(1).id())).isFalse();
        await().until(() -> count("count(*) FROM convoke_delivery") == 2);

        AsyncEventCoordinator stranger = coordinator(open(QUICK));
        assertThat(stranger.deadLetters().list()).singleElement().satisfies(letter -> {
            assertThat(letter.event().payload()).isInstanceOf(UnreadablePayload.class);
            assertThat(letter.event().type().name()).isEqualTo("order.placed");
            stranger.deadLetters().retry(letter.id()).join();
        });
        await().until(() -> count("count(*) FROM convoke_delivery") == 1);
        assertThat(countOf("billing", "DISCARDED")).isEqualTo(1);
    }

    @Test
    @DisplayName("D7: one that nobody could read in time is logged with its event, listener and reason")
    void D7_an_unreadable_one_is_logged() throws Exception {
        List<String> logged = new CopyOnWriteArrayList<>();
        Handler handler = logHandler(logged);
        Logger logger = Logger.getLogger("dev.convoke.journal");
        logger.addHandler(handler);
        try {
            JdbcJournal journal = open(QUICK.unreadableGrace(Duration.ofMillis(500)));
            AsyncEventCoordinator coordinator = coordinator(journal);
            Subscription subscription =
                    coordinator.subscribeToEvent(Order.PLACED, blocking(order -> {}), once("billing"));
            subscription.pause();
            publish(coordinator, "ada", 1);
            execute("UPDATE convoke_event SET payload = '{'");
            subscription.resume();

            await().atMost(20, TimeUnit.SECONDS)
                    .untilAsserted(() -> assertThat(logged)
                            .anySatisfy(line -> assertThat(line)
                                    .contains(
                                            "ada-1", "order.placed", "/convoke", "billing", "is dead", "UNREADABLE")));
            DeadLetter letter = coordinator.deadLetters().list().get(0);
            assertThat(letter.event().payload())
                    .isInstanceOfSatisfying(
                            UnreadablePayload.class,
                            payload -> assertThat(payload.text()).isEqualTo("{"));
        } finally {
            logger.removeHandler(handler);
        }
    }

    private static Handler logHandler(List<String> to) {
        return new Handler() {
            @Override
            public void publish(LogRecord line) {
                to.add(line.getMessage());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
    }

    // ---- names ----

    @Test
    @DisplayName("D11: a renamed listener and what it goes on with are shown, retried and retired under the new name")
    void D11_operators_see_the_current_name() throws Exception {
        enter("audit");
        bury("audit", "a", 2, "FAILED", "no");
        enter("billing");
        bury("billing", "b", 3, "FAILED", "no");
        enter("invoicing");
        bury("invoicing", "c", 4, "FAILED", "no");
        for (String now : List.of("billing", "invoicing")) { // the one goes on with the other, and another with that
            String before = now.equals("billing") ? "audit" : "billing";
            AsyncEventCoordinator coordinator = coordinator(open(QUICK.renamedListener(before, now)));
            Subscription subscription = coordinator.subscribeToEvent(Order.PLACED, blocking(order -> {}), once(now));
            subscription.close();
            coordinator.close();
        }
        JdbcJournal journal = operator();

        assertThat(journal.deadGroups(10)).containsExactly(new DeadGroup("invoicing", DeadReason.FAILED, "no", 9));
        assertThat(journal.status("a-1").orElseThrow().open())
                .extracting(EventStatus.Delivery::listener)
                .containsExactly("invoicing");
        assertThat(journal.listeners()).singleElement().satisfies(listener -> {
            assertThat(listener.listener()).isEqualTo("invoicing");
            assertThat(listener.dead()).isEqualTo(9);
        });
        assertThat(journal.discardDead(DeadSelection.all().listener("audit"))).isZero();
        assertThat(journal.discardDead(DeadSelection.all().listener("invoicing")))
                .isEqualTo(9);
        assertThat(journal.restoreDiscarded(DeadSelection.all())).isEqualTo(9);
        await().until(() -> journal.listeners().get(0).isOrphaned());
        assertThat(journal.retire("invoicing")).isEqualTo(9);
        assertThat(count("count(*) FROM convoke_delivery")).isZero();
        assertThat(journal.listeners()).isEmpty();
        assertThat(journal.retire("invoicing")).isZero();
    }

    @Test
    @DisplayName("D11: a listener that does not exist is not logged as retired, and one that does is")
    void D11_only_a_listener_that_exists_is_retired() throws Exception {
        enter("billing");
        bury("billing", "a", 2, "FAILED", "no");
        JdbcJournal journal = operator();
        await().until(() -> journal.listeners().get(0).isOrphaned());
        List<String> logged = new CopyOnWriteArrayList<>();
        Handler handler = logHandler(logged);
        Logger logger = Logger.getLogger("dev.convoke.journal");
        logger.addHandler(handler);
        try {
            assertThat(journal.retire("nosuch")).isZero();
            assertThat(journal.retire("billing")).isEqualTo(2);
        } finally {
            logger.removeHandler(handler);
        }

        assertThat(logged)
                .noneMatch(line -> line.contains("nosuch"))
                .contains("listener billing is retired, and 2 deliveries with it");
    }
}
