package dev.convoke;

import static dev.convoke.listener.ListenerOptions.named;
import static dev.convoke.testing.Waiting.until;
import static java.util.concurrent.CompletableFuture.failedFuture;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoke.event.DeadLetter;
import dev.convoke.event.DeliveryResult;
import dev.convoke.event.Event;
import dev.convoke.event.EventType;
import dev.convoke.listener.RetryPolicy;
import dev.convoke.testing.FakeJournal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Dead letters of a coordinator that has a journal: its own and the journal's beside each other. */
class KeptDeadLettersTest {
    private static final EventType<String> PLACED = EventType.of("order.placed", String.class);

    private final Throwable planted = new IllegalStateException("planted");
    private final FakeJournal journal = new FakeJournal();
    private final Queue<DeadLetter> told = new ConcurrentLinkedQueue<>();
    private final AsyncEventCoordinator coordinator = AsyncEventCoordinator.builder()
            .journal(journal)
            .onDeadLetter(told::add)
            .deadLetterCapacity(2)
            .build();

    @AfterEach
    void close() {
        coordinator.close(Duration.ZERO);
    }

    private DeadLetter keep(String id) {
        Event<String> event = PublishOptions.defaults().event(PLACED, "order " + id);
        DeadLetter letter = new DeadLetter(id, event, "billing", 3, planted, Instant.EPOCH);
        journal.dead.add(letter);
        return letter;
    }

    private String failInMemory() {
        coordinator.subscribeToEvent(
                PLACED, payload -> failedFuture(planted), named("audit").retry(RetryPolicy.exponential(1)));
        coordinator.publishEvent(PLACED, "1").outcome().join();
        return coordinator.deadLetters().list().get(0).id();
    }

    @Test
    @DisplayName("those in memory are listed first, and those of the journal behind them, as many as fit in memory")
    void both_are_listed() {
        DeadLetter kept = keep("1/billing");
        keep("2/billing");
        keep("3/billing");
        String own = failInMemory();

        assertThat(coordinator.deadLetters().list())
                .extracting(DeadLetter::id)
                .containsExactly(own, "journal:1/billing", "journal:2/billing");
        assertThat(coordinator.deadLetters().list().get(1))
                .usingRecursiveComparison()
                .ignoringFields("id")
                .isEqualTo(kept);
    }

    @Test
    @DisplayName("one that the journal keeps is retried by the journal: the result says that this is committed")
    void a_kept_one_is_retried_by_the_journal() {
        keep("1/billing");

        assertThat(coordinator.deadLetters().retry("journal:1/billing"))
                .isCompletedWithValue(new DeliveryResult.Accepted("billing", Duration.ZERO, 0));
        assertThat(journal.calls).contains("retry 1/billing");
        assertThat(journal.appended).isEmpty();
        assertThatThrownBy(() -> coordinator.deadLetters().retry("journal:1/billing"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("journal:1/billing");
    }

    @Test
    @DisplayName("one that the journal keeps is discarded by the journal, and one in memory is not")
    void a_kept_one_is_discarded_by_the_journal() {
        keep("1/billing");
        String own = failInMemory();

        assertThat(coordinator.deadLetters().discard("journal:1/billing")).isTrue();
        assertThat(coordinator.deadLetters().discard("journal:1/billing")).isFalse();
        assertThat(coordinator.deadLetters().discard(own)).isTrue();
        assertThat(journal.calls).filteredOn(call -> call.startsWith("discard")).hasSize(2);
        assertThat(coordinator.deadLetters().list()).isEmpty();
    }

    @Test
    @DisplayName("who hears of one that the journal keeps gets the id that retry takes")
    void the_handler_gets_the_id_that_retry_takes() {
        coordinator.subscribeToEvent(
                PLACED, payload -> failedFuture(planted), named("billing").durable());
        DeadLetter kept = keep("1/billing");
        journal.listener("billing").died(kept.id(), kept.event(), 3, planted);

        until(() -> !told.isEmpty());
        assertThat(told).extracting(DeadLetter::id).containsExactly("journal:1/billing");
        coordinator.deadLetters().retry(told.element().id());
        assertThat(journal.dead).isEmpty();
    }

    @Test
    @DisplayName("a closed coordinator retries nothing, and the dead letter stays")
    void a_closed_coordinator_retries_nothing() {
        keep("1/billing");
        coordinator.close();

        assertThatThrownBy(() -> coordinator.deadLetters().retry("journal:1/billing"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("journal:1/billing");
        assertThat(journal.dead).hasSize(1);
    }

    @Test
    @DisplayName("without a journal, such an id is no dead letter's")
    void without_a_journal() {
        try (AsyncEventCoordinator alone = new AsyncEventCoordinator()) {
            assertThatThrownBy(() -> alone.deadLetters().retry("journal:1/billing"))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThat(alone.deadLetters().discard("journal:1/billing")).isFalse();
            assertThat(alone.deadLetters().list()).isEqualTo(List.of());
        }
    }
}
