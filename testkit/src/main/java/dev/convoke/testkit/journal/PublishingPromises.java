package dev.convoke.testkit.journal;

import static dev.convoke.listener.AsyncListener.blocking;
import static dev.convoke.listener.AsyncListener.blockingWithContext;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoke.AsyncEventCoordinator;
import dev.convoke.Publication;
import dev.convoke.PublishOptions;
import dev.convoke.event.DeliveryResult;
import dev.convoke.event.Outcome;
import dev.convoke.spi.EventJournal;
import dev.convoke.testkit.journal.JournalStore.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** D1 to D4: what is kept of what is published, and how often it takes effect. */
abstract class PublishingPromises extends JournalScene {
    // ---- D1: accepted is committed ----

    @Test
    @DisplayName("D1, D3: a durable listener gets what was published, and the publisher hears that it was accepted")
    public void D3_a_durable_listener_gets_what_was_published() throws Exception {
        AsyncEventCoordinator coordinator = coordinator();
        Queue<Order> billed = new ConcurrentLinkedQueue<>();
        coordinator.subscribeToEvent(Order.PLACED, blocking(billed::add), durable("billing"));

        Publication<Order> publication = coordinator.publishEvent(Order.PLACED, new Order("ada", 1));
        Outcome outcome = publication.await();

        assertThat(outcome.succeeded()).isTrue();
        assertThat(outcome.results().get(0)).isInstanceOf(DeliveryResult.Accepted.class);
        assertThat(publication.accepted().join().eventId())
                .isEqualTo(publication.event().id());
        await().untilAsserted(() -> assertThat(billed).containsExactly(new Order("ada", 1)));
    }

    @Test
    @DisplayName("D1: nobody is told that an event was accepted before it is committed")
    public void D1_nobody_is_told_before_the_commit() throws Exception {
        AsyncEventCoordinator coordinator = coordinator();
        coordinator.subscribeToEvent(Order.PLACED, blocking(order -> {}), durable("billing"));
        List<Publication<Order>> publications = new ArrayList<>();

        store().holdCommits(() -> {
            publications.add(coordinator.publishEvent(Order.PLACED, new Order("ada", 1)));
            assertThatThrownBy(() -> publications.get(0).accepted().get(200, TimeUnit.MILLISECONDS))
                    .isInstanceOf(TimeoutException.class);
        });

        publications.get(0).accepted().join();
        assertThat(store().events("order.placed")).isEqualTo(1);
    }

    @Test
    @DisplayName("D1: an event with an identity that is there already is accepted and changes nothing")
    public void D1_an_identity_is_kept_once() throws Exception {
        AsyncEventCoordinator coordinator = coordinator();
        Queue<Integer> billed = new ConcurrentLinkedQueue<>();
        coordinator.subscribeToEvent(
                Order.PLACED,
                blocking(order -> billed.add(order.number())),
                durable("billing").ordered());

        for (int i = 0; i < 3; i++) {
            publish(coordinator, "ada", 1);
        }
        publish(coordinator, "ada", 2);

        awaitAllDone();
        assertThat(billed).containsExactly(1, 2);
        assertThat(store().events("order.placed")).isEqualTo(2);
    }

    @Test
    @DisplayName("D1: a payload that cannot be kept is REJECTED, and the others of its transaction are not")
    public void D1_a_payload_that_cannot_be_kept_is_rejected() throws Exception {
        AsyncEventCoordinator coordinator = coordinator(store().open(JournalSetup.USUAL.maxPayloadBytes(100)));
        coordinator.subscribeToEvent(Order.PLACED, blocking(order -> {}), durable("billing"));

        Publication<Order> large = coordinator.publishEvent(Order.PLACED, new Order("a".repeat(200), 1));
        Publication<Order> small = coordinator.publishEvent(Order.PLACED, new Order("ada", 1));

        assertThat(large.await().results().get(0)).isInstanceOf(DeliveryResult.Rejected.class);
        assertNotAccepted(large);
        assertThat(small.await().succeeded()).isTrue();
    }

    @Test
    @DisplayName(
            "D1: what the store refuses is REJECTED, and nothing of it is there; when it does not any more, all goes on")
    public void D1_what_the_store_refuses_is_rejected() throws Exception {
        AsyncEventCoordinator coordinator = coordinator();
        Queue<Integer> billed = new ConcurrentLinkedQueue<>();
        coordinator.subscribeToEvent(Order.PLACED, blocking(order -> billed.add(order.number())), durable("billing"));

        store().refuseEvents(() -> assertNotAccepted(coordinator.publishEvent(Order.PLACED, new Order("ada", 1))));
        publish(coordinator, "ada", 2);

        awaitAllDone();
        assertThat(billed).containsExactly(2);
    }

    // ---- D2: in the publisher's transaction ----

    @Test
    @DisplayName("D2: what is published in a transaction is delivered if that commits, and not if it rolls back")
    public void D2_published_within_a_transaction() throws Exception {
        EventJournal journal = store().open(JournalSetup.USUAL);
        AsyncEventCoordinator coordinator = coordinator(journal);
        Queue<Integer> billed = new ConcurrentLinkedQueue<>();
        coordinator.subscribeToEvent(Order.PLACED, blocking(order -> billed.add(order.number())), durable("billing"));
        try (Transaction transaction = store().begin()) {
            transaction.publish(journal, Order.PLACED, new Order("ada", 1), PublishOptions.defaults());
            transaction.rollback();
            transaction.publish(journal, Order.PLACED, new Order("ada", 2), PublishOptions.defaults());
            transaction.commit();
        }

        await().untilAsserted(() -> assertThat(billed).containsExactly(2));
        assertThat(store().events("order.placed")).isEqualTo(1);
    }

    // ---- D3: at least once ----

    @Test
    @DisplayName("D3: what was accepted is delivered after a restart, to a listener that was not there meanwhile")
    public void D3_what_was_accepted_is_delivered_after_a_restart() {
        AsyncEventCoordinator first = coordinator();
        first.subscribeToEvent(Order.PLACED, blocking(order -> {}), durable("billing"))
                .pause();
        upTo(10).forEach(number -> publish(first, "ada", number));
        first.close();

        Queue<Integer> billed = new ConcurrentLinkedQueue<>();
        coordinator().subscribeToEvent(Order.PLACED, blocking(order -> billed.add(order.number())), durable("billing"));

        await().untilAsserted(() -> assertThat(billed).containsExactlyInAnyOrderElementsOf(upTo(10)));
    }

    @Test
    @DisplayName("D3: a process that has not the listener publishes for it, too")
    public void D3_another_process_publishes_for_it() {
        AsyncEventCoordinator publisher = coordinator();
        Queue<Integer> billed = new ConcurrentLinkedQueue<>();
        coordinator().subscribeToEvent(Order.PLACED, blocking(order -> billed.add(order.number())), durable("billing"));

        publish(publisher, "ada", 1);

        await().untilAsserted(() -> assertThat(billed).containsExactly(1));
    }

    @Test
    @DisplayName("D3: a durable listener of a pattern gets every event that matches, and no other")
    public void D3_patterns_match() {
        AsyncEventCoordinator coordinator = coordinator();
        Queue<String> audited = new ConcurrentLinkedQueue<>();
        coordinator.subscribeToEvents(
                "order.**", blocking(event -> audited.add(event.type().name())), durable("audit"));

        publish(coordinator, "ada", 1);
        coordinator.publishEvent("order.item.added", "book", 2).accepted().join();
        coordinator.publishEvent("invoice.sent", 3).accepted().join();

        awaitAllDone();
        assertThat(audited).containsExactlyInAnyOrder("order.placed", "order.item.added");
    }

    // ---- D4: effectively once, or one key ----

    @Test
    @DisplayName("D4: the writes of a transactional listener are committed with the end of its delivery, once")
    public void D4_transactional_effects_once() throws Exception {
        AsyncEventCoordinator coordinator = coordinator();
        AtomicInteger attempts = new AtomicInteger();
        coordinator.subscribeToEvent(
                Order.PLACED,
                store().transactional((event, note) -> {
                    note.accept(event.id());
                    if (attempts.incrementAndGet() == 1) {
                        throw new IllegalStateException("after the write");
                    }
                }),
                durable("ledger"));

        upTo(5).forEach(number -> publish(coordinator, "ada", number));

        awaitAllDone();
        assertThat(store().ledger()).containsExactlyInAnyOrder("ada-0", "ada-1", "ada-2", "ada-3", "ada-4");
        assertThat(attempts).hasValue(6);
    }

    @Test
    @DisplayName("D4: others get one idempotency key for all attempts of a delivery")
    public void D4_one_idempotency_key() {
        AsyncEventCoordinator coordinator = coordinator();
        Queue<String> keys = new ConcurrentLinkedQueue<>();
        coordinator.subscribeToEvent(
                Order.PLACED,
                blockingWithContext((order, context) -> {
                    keys.add(context.attempt() + " " + context.idempotencyKey());
                    throw new IllegalStateException("again");
                }),
                durable("billing"));

        publish(coordinator, "ada", 1);

        await().untilAsserted(() -> assertThat(keys)
                .containsExactly("1 /convoke/ada-1/billing", "2 /convoke/ada-1/billing", "3 /convoke/ada-1/billing"));
    }
}
