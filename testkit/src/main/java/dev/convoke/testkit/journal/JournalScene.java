package dev.convoke.testkit.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoke.AsyncEventCoordinator;
import dev.convoke.Publication;
import dev.convoke.PublishOptions;
import dev.convoke.event.PublicationNotAcceptedException;
import dev.convoke.event.PublicationNotAcceptedException.Certainty;
import dev.convoke.listener.ListenerOptions;
import dev.convoke.listener.RetryPolicy;
import dev.convoke.spi.EventJournal;
import dev.convoke.testkit.journal.JournalStore.Unfinished;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;

/** What the tests of the kit have in common: coordinators with journals in one store. */
abstract class JournalScene {
    private static final RetryPolicy AT_ONCE =
            RetryPolicy.exponential(3).backoff(Duration.ofMillis(1), Duration.ofMillis(2));

    private final List<AsyncEventCoordinator> coordinators = new ArrayList<>();

    /** The store of this test: the same each time that one test asks. */
    protected abstract JournalStore store();

    /** Closes the coordinators of this test. */
    @AfterEach
    protected void closeCoordinators() {
        coordinators.forEach(AsyncEventCoordinator::close);
    }

    /** A coordinator, as another process would have it, which is closed after the test. */
    protected final AsyncEventCoordinator coordinator(EventJournal journal) {
        return closedAfterwards(AsyncEventCoordinator.builder().journal(journal).build());
    }

    /** This coordinator, which is closed after the test. */
    protected final AsyncEventCoordinator closedAfterwards(AsyncEventCoordinator coordinator) {
        coordinators.add(coordinator);
        return coordinator;
    }

    /** A coordinator with a journal that is set up as usual. */
    protected final AsyncEventCoordinator coordinator() {
        return coordinator(store().open(JournalSetup.USUAL));
    }

    /** Options of a durable listener that is tried three times, without a pause to speak of. */
    protected static ListenerOptions durable(String name) {
        return ListenerOptions.named(name).durable().retry(AT_ONCE);
    }

    /** Publishes an order, and waits until it is accepted. */
    protected static void publish(AsyncEventCoordinator coordinator, String customer, int number) {
        coordinator
                .publishEvent(
                        Order.PLACED,
                        new Order(customer, number),
                        PublishOptions.defaults().id(customer + "-" + number))
                .accepted()
                .join();
    }

    static ConditionFactory await() {
        return Awaitility.await().atMost(20, TimeUnit.SECONDS);
    }

    final void awaitAllDone() {
        await().until(() -> store().unfinished() == 0);
    }

    static List<Integer> upTo(int numbers) {
        return IntStream.range(0, numbers).boxed().toList();
    }

    static void assertNotAccepted(Publication<?> publication) {
        assertThatThrownBy(() -> publication.accepted().join())
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        PublicationNotAcceptedException.class,
                        refusal -> assertThat(refusal.certainty()).isEqualTo(Certainty.REJECTED));
    }

    final Unfinished unfinished(String eventId) throws Exception {
        List<Unfinished> found = store().unfinished(eventId);
        assertThat(found).hasSize(1);
        return found.get(0);
    }
}
