package dev.convoke.journal;

import static dev.convoke.journal.SimulatedProcess.durable;
import static dev.convoke.journal.SimulatedProcess.within;
import static org.assertj.core.api.Assertions.assertThat;

import dev.convoke.PublishOptions;
import dev.convoke.event.EventType;
import dev.convoke.event.PublicationNotAcceptedException;
import dev.convoke.event.Receipt;
import dev.convoke.testkit.journal.Order;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** While a transaction that has published stays open in PostgreSQL, nobody else waits for it. */
@Tag("everyday")
class TransactionsTest extends SeveralProcesses {
    private static final EventType<Order> NOTED =
            EventType.of("order.noted", Order.class).keyedBy(Order::customer);
    private static final JournalOptions OPTIONS = JournalOptions.defaults().sessionTtl(Duration.ofSeconds(5));

    private final Seen billed = new Seen();
    private final Seen noted = new Seen();
    private SharedDatabase database;
    private SimulatedProcess one;
    private SimulatedProcess two;

    @BeforeEach
    void startTwo() throws Exception {
        database = create(SharedDatabase.Kind.POSTGRESQL);
        one = start(database, OPTIONS);
        one.subscribe(durable("billing").ordered(), order -> billed.take(order, Duration.ofMillis(5)));
        one.subscribe(NOTED, durable("notes"), noted::take);
        two = start(database, OPTIONS);
    }

    private Connection begin() throws Exception {
        Connection connection = database.connect();
        connection.setAutoCommit(false);
        return connection;
    }

    // ---- others publish ----

    @Test
    @DisplayName(
            "D2, D5: an open transaction keeps nobody else from publishing: the same key, another one, another event")
    void D2_nobody_waits_for_an_open_transaction() throws Exception {
        try (Connection open = begin()) {
            one.publishWithin(open, "ada", 1);
            accepts("another process, another key", two, Order.PLACED, "bob", 1);
            accepts("another process, the same key", two, Order.PLACED, "ada", 2);
            accepts("the same process, another event", one, NOTED, "ada", 1);
            accepts("the same process, the same key", one, Order.PLACED, "ada", 3);
            accepts("the same process, another key, behind that", one, Order.PLACED, "bob", 2);
            accepts("another process, another event, behind that", two, NOTED, "ada", 2);
            soon().untilAsserted(() -> assertThat(billed.of("bob")).containsExactly(1, 2));
            soon().untilAsserted(() -> assertThat(noted.of("ada")).containsExactlyInAnyOrder(1, 2));
            open.commit();
        }

        soon().untilAsserted(() -> assertThat(billed.of("ada")).containsExactlyInAnyOrder(1, 2, 3));
        assertThat(billed.of("ada")).containsSubsequence(2, 3);
        assertThat(billed.mostAtATime()).isEqualTo(1);
    }

    private static void accepts(String what, SimulatedProcess process, EventType<Order> type, String key, int number)
            throws Exception {
        within(
                SOON,
                "acceptance, beside an open transaction, by " + what,
                process.publishing(type, new Order(key, number)));
    }

    @Test
    @DisplayName("D2: an open transaction keeps nobody in another schema of the database from publishing")
    void D2_nobody_waits_in_another_schema() throws Exception {
        database.execute("CREATE SCHEMA other");
        SharedDatabase other = new SharedDatabase(database.name() + "&currentSchema=other");
        SimulatedProcess neighbour = start(other, OPTIONS);
        Seen neighbours = new Seen();
        neighbour.subscribe(durable("billing").ordered(), neighbours::take);
        try (Connection open = begin()) {
            one.publishWithin(open, "ada", 1);
            accepts("another schema, the same key", neighbour, Order.PLACED, "ada", 2);
            neighbour.subscribe(NOTED, durable("notes"), neighbours::take);
            open.rollback();
        }

        soon().untilAsserted(() -> assertThat(neighbours.of("ada")).containsExactly(2));
    }

    @Test
    @DisplayName(
            "D1: what is published with the same key on the thread of an open transaction is accepted or refused in time")
    void D1_publishing_on_the_thread_of_the_transaction() throws Exception {
        try (Connection open = begin()) {
            one.publishWithin(open, "ada", 1);
            try {
                one.publish("ada", 2);
            } catch (PublicationNotAcceptedException refused) {
                assertThat(refused.certainty()).isEqualTo(PublicationNotAcceptedException.Certainty.REJECTED);
            }
            open.commit();
        }

        soon().untilAsserted(() -> assertThat(billed.of("ada")).contains(1));
    }

    // ---- others subscribe ----

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @DisplayName(
            "D3, D11: a new listener is subscribed beside an open transaction, and gets what is published from then on")
    void D3_a_listener_is_subscribed_beside_an_open_transaction(boolean isRenamed) throws Exception {
        Seen mailed = new Seen();
        try (Connection open = begin()) {
            one.publishWithin(open, "ada", 1);
            SimulatedProcess third = within(
                    Duration.ofSeconds(5),
                    "the start of a process",
                    CompletableFuture.supplyAsync(
                            () -> start(database, isRenamed ? OPTIONS.renamedListener("post", "mail") : OPTIONS),
                            Daemons.EACH));
            third.subscribe(durable("mail"), mailed::take);
            accepts("a process that was there before", two, Order.PLACED, "bob", 1);
            accepts("the one that publishes in the transaction", one, Order.PLACED, "bob", 2);
            accepts("the one that subscribes", third, Order.PLACED, "bob", 3);
            one.publishWithin(open, "eve", 1);
            soon().untilAsserted(() -> assertThat(mailed.of("bob")).containsExactlyInAnyOrder(1, 2, 3));
            open.commit();
        }

        soon().untilAsserted(() -> assertThat(mailed.of("eve")).containsExactly(1));
    }

    @Test
    @DisplayName(
            "D3: a listener that is subscribed while a transaction is open gets what that has published, if it commits later")
    void D3_who_is_subscribed_at_the_commit() throws Exception {
        Seen mailed = new Seen();
        try (Connection open = begin()) {
            one.publishWithin(open, "ada", 1);
            start(database, OPTIONS).subscribe(durable("mail"), mailed::take);
            open.commit();
        }

        soon().untilAsserted(() -> assertThat(mailed.of("ada")).containsExactly(1));
    }

    @Test
    @DisplayName(
            "D3: a listener of an event that nobody wanted gets what is published after its subscription, beside a transaction")
    void D3_the_first_listener_of_an_event() throws Exception {
        EventType<Order> unwanted = EventType.of("order.unwanted", Order.class);
        Seen seen = new Seen();
        try (Connection open = begin()) {
            one.publishWithin(open, "ada", 1);
            start(database, OPTIONS).subscribe(unwanted, durable("first"), seen::take);
            for (int i = 0; i < 5; i++) {
                accepts("a process that had no such listener", two, unwanted, "ada", i);
            }
            open.rollback();
        }

        soon().untilAsserted(() -> assertThat(seen.of("ada")).containsExactlyInAnyOrder(0, 1, 2, 3, 4));
    }

    // ---- the end of the transaction ----

    @Test
    @DisplayName("D2: what was rolled back leaves nothing")
    void D2_a_rollback_leaves_nothing() throws Exception {
        Receipt receipt;
        try (Connection open = begin()) {
            receipt = one.publishWithin(open, "ada", 1);
            one.publishWithin(open, "bob", 1);
            open.rollback();
        }
        two.publish("ada", 2);

        soon().untilAsserted(() -> assertThat(billed.of("ada")).containsExactly(2));
        soon().until(() -> one.journal().listeners().stream().allMatch(listener -> listener.open() == 0));
        assertThat(one.journal().status(receipt.eventId())).isEmpty();
        assertThat(billed.of("bob")).isEmpty();
    }

    @Test
    @DisplayName("D2: what a savepoint took back leaves nothing, and what was published around it is delivered")
    void D2_a_savepoint() throws Exception {
        try (Connection open = begin()) {
            one.publishWithin(open, "ada", 1);
            var savepoint = open.setSavepoint();
            one.publishWithin(open, "ada", 2);
            open.rollback(savepoint);
            one.publishWithin(open, "ada", 3);
            open.commit();
        }
        two.publish("ada", 4);

        soon().untilAsserted(() -> assertThat(billed.of("ada")).containsExactly(1, 3, 4));
    }

    @Test
    @DisplayName("D2: once its transaction has committed, an event is not settled before its delivery has run")
    void D2_settled_after_the_delivery() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = gate();
        AtomicInteger ended = new AtomicInteger();
        EventType<Order> slow = EventType.of("order.slow", Order.class);
        one.subscribe(slow, durable("slow"), order -> {
            begun.countDown();
            end.await();
            ended.incrementAndGet();
        });
        CompletableFuture<EventStatus> settled;
        try (Connection open = begin()) {
            Receipt receipt = two.journal().publishWithin(open, slow, new Order("ada", 1), PublishOptions.defaults());
            open.commit();
            settled = one.journal().settled(receipt.eventId());
            assertThat(one.journal().status(receipt.eventId()))
                    .as("status at once after the commit")
                    .hasValueSatisfying(status -> assertThat(status.isSettled()).isFalse());
        }
        begun.await();
        assertThat(settled).as("settled, while the delivery runs").isNotDone();
        end.countDown();

        EventStatus status = within(Duration.ofSeconds(10), "settled", settled);
        assertThat(ended).hasValue(1);
        assertThat(status.done()).isEqualTo(1);
    }

    // ---- several transactions ----

    @Test
    @DisplayName("D2: two transactions that publish the same keys in different order do not wait for one another")
    void D2_two_transactions_in_different_order() throws Exception {
        try (Connection first = begin();
                Connection second = begin()) {
            one.publishWithin(first, "ada", 1);
            two.publishWithin(second, "bob", 1);
            one.publishWithin(first, "bob", 2);
            two.publishWithin(second, "ada", 2);
            second.commit();
            first.commit();
        }

        for (String customer : List.of("ada", "bob")) {
            soon().untilAsserted(() -> assertThat(billed.of(customer)).containsExactlyInAnyOrder(1, 2));
        }
        assertThat(billed.mostAtATime()).isEqualTo(1);
    }

    @Test
    @DisplayName("D1: one identity in two open transactions with the same content is delivered once, and neither waits")
    void D1_one_identity_in_two_transactions() throws Exception {
        PublishOptions o1 = PublishOptions.defaults().id("o-1");
        try (Connection first = begin();
                Connection second = begin()) {
            one.publishWithin(first, new Order("ada", 1), o1);
            two.publishWithin(second, new Order("ada", 1), o1);
            second.commit();
            first.commit();
        }
        two.publish("ada", 2);

        soon().untilAsserted(() -> assertThat(billed.of("ada")).contains(1, 2));
        soon().until(() -> one.journal().listeners().stream().allMatch(listener -> listener.open() == 0));
        assertThat(billed.of("ada")).containsExactly(1, 2);
        assertThat(one.journal().deadDeliveries(DeadSelection.all(), 10)).isEmpty();
    }

    @Test
    @DisplayName(
            "D1: one identity in two open transactions with different contents: the second is rejected or a dead delivery, not dropped")
    void D1_one_identity_for_two_contents_in_two_transactions() throws Exception {
        PublishOptions o1 = PublishOptions.defaults().id("o-1");
        List<String> refusals = new ArrayList<>();
        try (Connection first = begin();
                Connection second = begin()) {
            one.publishWithin(first, new Order("ada", 1), o1);
            try {
                two.publishWithin(second, new Order("ada", 2), o1);
            } catch (IllegalArgumentException | IllegalStateException | JournalException refused) {
                refusals.add(String.valueOf(refused.getMessage()));
            }
            first.commit();
            second.commit();
        }

        soon().untilAsserted(() -> assertThat(billed.of("ada")).hasSize(1));
        assertSecondIsShown(refusals);
    }

    @Test
    @DisplayName("D1: an identity that is kept with another content is rejected, or a dead delivery, and not dropped")
    void D1_one_identity_for_two_contents() throws Exception {
        PublishOptions o1 = PublishOptions.defaults().id("o-1");
        List<String> refusals = new ArrayList<>();
        one.publish(Order.PLACED, new Order("ada", 1), o1, SOON);
        try {
            two.publish(Order.PLACED, new Order("ada", 2), o1, SOON);
        } catch (PublicationNotAcceptedException refused) {
            refusals.add(String.valueOf(refused.getMessage()));
        }

        soon().untilAsserted(() -> assertThat(billed.of("ada")).containsExactly(1));
        assertSecondIsShown(refusals);
    }

    @Test
    @DisplayName("D1: an identity that is kept for another event is rejected, or a dead delivery, and not dropped")
    void D1_one_identity_for_two_events() throws Exception {
        PublishOptions o1 = PublishOptions.defaults().id("o-1");
        List<String> refusals = new ArrayList<>();
        one.publish(Order.PLACED, new Order("ada", 1), o1, SOON);
        try {
            two.publish(NOTED, new Order("ada", 2), o1, SOON);
        } catch (PublicationNotAcceptedException refused) {
            refusals.add(String.valueOf(refused.getMessage()));
            assertThat(refused).hasMessageContaining("order.placed").hasMessageContaining("order.noted");
        }

        soon().untilAsserted(() -> assertThat(billed.of("ada")).containsExactly(1));
        if (noted.of("ada").isEmpty()) { // an identity may also be that of an event's name
            assertSecondIsShown(refusals);
        }
    }

    /** The one that lost is refused, by its identity; or it is dead, with its content. */
    private void assertSecondIsShown(List<String> refusals) {
        if (!refusals.isEmpty()) {
            assertThat(refusals.get(0)).contains("o-1");
            return;
        }
        int lost = billed.of("ada").equals(List.of(1)) ? 2 : 1;
        soon().untilAsserted(() -> assertThat(one.journal().deadDeliveries(DeadSelection.all(), 10))
                .as("dead deliveries, as the second publication was accepted")
                .extracting(DeadDelivery::payload)
                .anyMatch(payload -> payload.contains("\"number\":" + lost)));
    }
}
