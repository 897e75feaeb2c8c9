package dev.convoke;

import static dev.convoke.listener.AsyncListener.computing;
import static dev.convoke.listener.ListenerOptions.named;
import static dev.convoke.testing.Waiting.on;
import static dev.convoke.testing.Waiting.until;
import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.CompletableFuture.failedFuture;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoke.event.DeliveryResult;
import dev.convoke.event.DeliveryResult.Accepted;
import dev.convoke.event.DeliveryResult.Cancelled;
import dev.convoke.event.DeliveryResult.Failed;
import dev.convoke.event.DeliveryResult.Reason;
import dev.convoke.event.DeliveryResult.Rejected;
import dev.convoke.event.DeliveryResult.Skipped;
import dev.convoke.event.DeliveryResult.Succeeded;
import dev.convoke.event.DeliveryResult.TimedOut;
import dev.convoke.event.EventArguments;
import dev.convoke.event.EventType;
import dev.convoke.event.Outcome;
import dev.convoke.event.PublicationFailedException;
import dev.convoke.event.PublicationNotAcceptedException;
import dev.convoke.event.PublicationNotAcceptedException.Certainty;
import dev.convoke.event.PublicationRefusedException;
import dev.convoke.event.Receipt;
import dev.convoke.event.Refusal;
import dev.convoke.event.Unheard;
import dev.convoke.event.UnobservedFailure;
import dev.convoke.listener.AsyncListener;
import dev.convoke.listener.Overflow;
import dev.convoke.listener.RetryPolicy;
import dev.convoke.listener.Subscription;
import dev.convoke.spi.EventJournal.Interest;
import dev.convoke.spi.Ticker;
import dev.convoke.testing.FakeJournal;
import dev.convoke.testkit.ManualTicker;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Publications on their way from the coordinator to its journal. */
class HandOffTest {
    private static final EventType<String> PLACED = EventType.of("order.placed", String.class);
    private static final AsyncListener<Object> NOTHING = payload -> completedFuture(null);

    private final FakeJournal journal = new FakeJournal();
    private final CompletableFuture<Receipt> answer = new CompletableFuture<>();
    private AsyncEventCoordinator coordinator =
            AsyncEventCoordinator.builder().journal(journal).build();

    @AfterEach
    void close() {
        answer.complete(null);
        coordinator.close(Duration.ZERO);
    }

    private void build(AsyncEventCoordinator.Builder builder) {
        coordinator.close();
        journal.calls.clear();
        coordinator = builder.journal(journal).build();
    }

    private static Outcome settled(Publication<?> publication) {
        return publication.outcome().orTimeout(20, SECONDS).join();
    }

    private static Throwable failureOf(CompletableFuture<?> future) {
        Throwable[] seen = new Throwable[1];
        future.orTimeout(20, SECONDS)
                .handle((value, failure) ->
                        seen[0] = failure instanceof CompletionException ? failure.getCause() : failure)
                .join();
        return seen[0];
    }

    private static void assertNotStored(Publication<?> publication, String... why) {
        assertThat(failureOf(publication.accepted()))
                .isInstanceOfSatisfying(
                        PublicationNotAcceptedException.class,
                        failure -> assertThat(failure.certainty()).isEqualTo(Certainty.REJECTED))
                .hasMessageContainingAll(why);
    }

    // ---- which publications go to the journal ----

    @Test
    @DisplayName("P9: retrying a dead letter reaches its listener alone, and neither asks nor touches the journal")
    void P9_retrying_a_dead_letter_does_not_touch_the_journal() {
        AtomicInteger calls = new AtomicInteger();
        coordinator.subscribeToEvent(
                PLACED,
                payload -> calls.incrementAndGet() == 1
                        ? failedFuture(new IllegalStateException("planted"))
                        : completedFuture("again"),
                named("mail").retry(RetryPolicy.exponential(1)));
        settled(coordinator.publishEvent(PLACED, "1"));
        String letter = coordinator.deadLetters().list().get(0).id();
        journal.interest = Interest.SOME;
        coordinator.subscribeToEvent(PLACED, NOTHING, named("billing").durable());
        int asked = journal.asked.get();

        DeliveryResult result =
                coordinator.deadLetters().retry(letter).orTimeout(20, SECONDS).join();

        assertThat(result)
                .isInstanceOfSatisfying(
                        Succeeded.class, r -> assertThat(r.value()).isEqualTo("again"));
        assertThat(journal.appended).isEmpty();
        assertThat(journal.asked).hasValue(asked);
    }

    @Test
    @DisplayName("P9: a dead letter is not retried at a listener that has become durable, and stays")
    void P9_a_dead_letter_of_what_has_become_durable_stays() {
        Subscription inMemory = coordinator.subscribeToEvent(
                PLACED,
                payload -> failedFuture(new IllegalStateException("planted")),
                named("mail").retry(RetryPolicy.exponential(1)));
        settled(coordinator.publishEvent(PLACED, "1"));
        String letter = coordinator.deadLetters().list().get(0).id();
        inMemory.close();
        coordinator.subscribeToEvent(PLACED, NOTHING, named("mail").durable());

        assertThatThrownBy(() -> coordinator.deadLetters().retry(letter))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll("mail", "durable");
        assertThat(coordinator.deadLetters().list()).hasSize(1);
        assertThat(journal.appended).isEmpty();
    }

    @Test
    @DisplayName("a publication that no durable listener wants does not touch the journal")
    void what_no_durable_listener_wants_does_not_touch_the_journal() {
        coordinator.subscribeToEvent(PLACED, NOTHING);
        Publication<String> publication = coordinator.publishEvent(PLACED, "1");

        assertThat(settled(publication).succeeded()).isTrue();
        assertThat(publication.accepted()).isCompleted();
        assertThat(coordinator.publishEvent("unheard", 1).accepted()).isCompleted();
        assertThat(journal.appended).isEmpty();
    }

    @Test
    @DisplayName("where the journal does not know who wants it, listeners in memory run and accepted() fails at once")
    void where_the_journal_does_not_know_nothing_is_stored() {
        journal.interest = Interest.UNKNOWN;
        coordinator.subscribeToEvent(PLACED, computing(payload -> "ran"), named("memory"));

        Publication<String> publication = coordinator.publishEvent(PLACED, "1");

        assertThat(publication.accepted()).isCompletedExceptionally();
        assertNotStored(publication, "database has not answered", "not known", "elsewhere", "was not stored");
        assertThat(settled(publication).result("memory")).containsInstanceOf(Succeeded.class);
        Publication<?> unheard = coordinator.publishEvent("unheard", 1);
        assertNotStored(unheard, "was not stored");
        assertThat(settled(unheard).succeeded()).isTrue();
        assertThat(journal.appended).isEmpty();
    }

    @Test
    @DisplayName("P16: where the journal does not know who wants it, what must be heard is refused")
    void P16_what_must_be_heard_is_refused_where_the_journal_does_not_know() {
        journal.interest = Interest.UNKNOWN;
        Outcome outcome = settled(coordinator.publishEvent(PLACED.whenUnheard(Unheard.FAIL), "1"));

        assertThat(outcome.refusal()).contains(Refusal.UNHEARD);
        assertThatThrownBy(outcome::orThrow).hasMessageContainingAll("nobody listens here", "was not stored");
        assertThat(journal.appended).isEmpty();
    }

    @Test
    @DisplayName("P16: what a durable listener elsewhere wants is heard")
    void P16_what_a_durable_listener_elsewhere_wants_is_heard() {
        journal.interest = Interest.SOME;
        Publication<String> publication = coordinator.publishEvent(PLACED.whenUnheard(Unheard.FAIL), "1");

        assertThat(publication.accepted().orTimeout(20, SECONDS).join())
                .isEqualTo(FakeJournal.receipt(publication.event()));
        assertThat(settled(publication).refusal()).isEmpty();
        assertThat(journal.appended).hasSize(1);
    }

    @Test
    @DisplayName("what a durable listener here wants goes to the journal, whatever that knows of others")
    void what_a_durable_listener_here_wants_goes_to_the_journal() {
        journal.interest = Interest.UNKNOWN;
        coordinator.subscribeToEvent(PLACED, NOTHING, named("billing").durable());
        Publication<String> publication = coordinator.publishEvent(PLACED, "1");

        assertThat(settled(publication).result("billing")).containsInstanceOf(Accepted.class);
        assertThat(journal.appended).containsExactly(publication.event());
        assertThat(journal.asked).hasValue(0);
    }

    // ---- how long a publisher waits ----

    @Test
    @DisplayName(
            "P8: a publisher waits for room in the journal's queue as it waits elsewhere: until its deadline at most")
    void P8_a_publisher_waits_for_the_journal_until_its_deadline_at_most() {
        build(AsyncEventCoordinator.builder().longestWait(Duration.ofSeconds(7)).ticker(new ManualTicker()));
        coordinator.subscribeToEvent(PLACED, NOTHING, named("billing").durable());

        coordinator.publishEvent(PLACED, "1");
        coordinator.publishEvent(PLACED, "2", PublishOptions.defaults().deadline(Duration.ofSeconds(2)));
        coordinator.publishEvent(PLACED, "3", PublishOptions.defaults().deadline(Duration.ofSeconds(20)));

        assertThat(journal.waits).containsExactly(Duration.ofSeconds(7), Duration.ofSeconds(2), Duration.ofSeconds(7));
    }

    @ParameterizedTest
    @EnumSource(names = {"REJECT", "DROP_LATEST"})
    @DisplayName("P8: a publisher that is not to wait does not wait for the journal")
    void P8_a_publisher_that_is_not_to_wait_does_not_wait_for_the_journal(Overflow overflow) {
        build(AsyncEventCoordinator.builder().overflow(overflow));
        coordinator.subscribeToEvent(PLACED, NOTHING, named("billing").durable());
        coordinator.publishEvent(PLACED, "1");

        assertThat(journal.waits).containsExactly(Duration.ZERO);
    }

    @Test
    @DisplayName("P8: a publisher inside a listener does not wait for the journal")
    void P8_a_publisher_inside_a_listener_does_not_wait_for_the_journal() {
        coordinator.subscribeToEvent(PLACED, NOTHING, named("billing").durable());
        coordinator.subscribeToEvent("outer", arguments -> completedFuture(coordinator.publishEvent(PLACED, "1")));
        settled(coordinator.publishEvent("outer"));

        assertThat(journal.waits).containsExactly(Duration.ZERO);
    }

    @Test
    @DisplayName("P8: a hand-off takes no permit, and waits for none")
    void P8_a_hand_off_takes_no_permit() {
        build(AsyncEventCoordinator.builder().maxInFlight(1));
        journal.onAppend = event -> answer;
        coordinator.subscribeToEvent(PLACED, NOTHING, named("billing").durable());
        coordinator.subscribeToEvent("other", computing(arguments -> "ran"), named("other"));
        List<Publication<String>> handedOff = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            handedOff.add(coordinator.publishEvent(PLACED, "" + i));
        }

        assertThat(settled(coordinator.publishEvent("other")).succeeded()).isTrue();
        assertThat(handedOff).noneMatch(publication -> publication.outcome().isDone());
    }

    // ---- refused means not stored ----

    @Test
    @DisplayName(
            "P10: a publication that is refused as closed was not stored, also where its publisher waited for room")
    void P10_what_is_refused_as_closed_was_not_stored() throws Exception {
        build(AsyncEventCoordinator.builder().maxInFlight(1));
        CompletableFuture<Object> busy = new CompletableFuture<>();
        coordinator.subscribeToEvent("busy", arguments -> busy);
        coordinator.subscribeToEvent(PLACED, NOTHING, named("memory"));
        coordinator.subscribeToEvent(PLACED, NOTHING, named("billing").durable());
        coordinator.publishEvent("busy");
        Queue<Publication<String>> waited = new ConcurrentLinkedQueue<>();
        Thread publisher = new Thread(() -> waited.add(coordinator.publishEvent(PLACED, "1")));
        publisher.start();
        until(() -> publisher.getState() == Thread.State.TIMED_WAITING || publisher.getState() == Thread.State.WAITING);

        coordinator.close(Duration.ZERO);
        publisher.join();

        assertThat(settled(waited.element()).refusal()).contains(Refusal.CLOSED);
        assertThat(failureOf(waited.element().accepted())).isInstanceOf(PublicationRefusedException.class);
        journal.interest = Interest.SOME;
        assertThat(settled(coordinator.publishEvent("elsewhere")).refusal()).contains(Refusal.CLOSED);
        assertThat(journal.appended).isEmpty();
    }

    @Test
    @DisplayName("P10: closing waits for a publication that is being handed to the journal, and does not refuse it")
    void P10_closing_waits_for_hand_offs() throws Exception {
        CountDownLatch appending = new CountDownLatch(1);
        CountDownLatch mayGoOn = new CountDownLatch(1);
        journal.onAppend = event -> {
            appending.countDown();
            on(mayGoOn);
            return answer;
        };
        coordinator.subscribeToEvent(PLACED, NOTHING, named("billing").durable());
        Queue<Publication<String>> published = new ConcurrentLinkedQueue<>();
        Thread publisher = new Thread(() -> published.add(coordinator.publishEvent(PLACED, "1")));
        publisher.start();
        on(appending);
        Thread closer = new Thread(() -> coordinator.close(Duration.ofSeconds(20)));
        closer.start();
        until(() -> closer.getState() == Thread.State.TIMED_WAITING);
        mayGoOn.countDown();
        publisher.join();
        assertThat(closer.isAlive()).isTrue();
        assertThat(journal.calls).doesNotContain("close");

        answer.complete(FakeJournal.receipt(published.element().event()));

        assertThat(settled(published.element()).result("billing")).containsInstanceOf(Accepted.class);
        closer.join();
        assertThat(journal.calls).endsWith("stop", "close");
    }

    @Test
    @DisplayName("S7, P6: a hand-off that is cancelled or times out ends at once, and the event may be stored still")
    void S7_P6_a_hand_off_that_is_stopped_may_be_stored_still() {
        ManualTicker ticker = new ManualTicker();
        build(AsyncEventCoordinator.builder().ticker(ticker).background(Runnable::run));
        List<CompletableFuture<Receipt>> answers = new ArrayList<>();
        journal.onAppend = event -> {
            answers.add(new CompletableFuture<>());
            return answers.get(answers.size() - 1);
        };
        coordinator.subscribeToEvent(PLACED, NOTHING, named("billing").durable());
        Publication<String> cancelled = coordinator.publishEvent(PLACED, "1");
        Publication<String> late =
                coordinator.publishEvent(PLACED, "2", PublishOptions.defaults().deadline(Duration.ofSeconds(1)));

        assertThat(cancelled.cancel()).isTrue();
        ticker.advance(Duration.ofSeconds(1));

        assertThat(settled(cancelled).result("billing")).containsInstanceOf(Cancelled.class);
        assertThat(settled(late).result("billing")).containsInstanceOf(TimedOut.class);
        assertThat(cancelled.accepted()).isNotDone();
        answers.get(0).complete(FakeJournal.receipt(cancelled.event()));
        answers.get(1).complete(FakeJournal.receipt(late.event()));
        assertThat(cancelled.accepted()).succeedsWithin(Duration.ofSeconds(20));
        assertThat(late.accepted()).succeedsWithin(Duration.ofSeconds(20));
    }

    @Test
    @DisplayName(
            "one by one: a failure does not stop a hand-off, which has been made, and a hand-off that fails stops the rest")
    void one_by_one_a_hand_off_is_not_stopped() {
        PublishOptions untilFailure = PublishOptions.defaults().stopOnFailure();
        coordinator.subscribeToEvent(
                PLACED, payload -> failedFuture(new IllegalStateException("planted")), named("fails"));
        coordinator.subscribeToEvent(PLACED, NOTHING, named("billing").durable());
        coordinator.subscribeToEvent(PLACED, NOTHING, named("last"));
        Outcome stopped = settled(coordinator.publishEvent(PLACED, "1", untilFailure));
        assertThat(stopped.results())
                .satisfiesExactly(
                        r -> assertThat(r).isInstanceOf(Failed.class),
                        r -> assertThat(r).isInstanceOf(Accepted.class),
                        r -> assertThat(r).isInstanceOf(Skipped.class));

        journal.onAppend = event -> FakeJournal.refused(event, Certainty.REJECTED);
        coordinator.subscribeToEvent("other", NOTHING, named("other").durable());
        coordinator.subscribeToEvent("other", NOTHING, named("after"));
        Outcome refused = settled(coordinator.publishEvent("other", EventArguments.of(), untilFailure));
        assertThat(refused.results())
                .satisfiesExactly(
                        r -> assertThat(r).isInstanceOf(Rejected.class),
                        r -> assertThat(r).isInstanceOf(Skipped.class));

        journal.onAppend = event -> CompletableFuture.completedFuture(FakeJournal.receipt(event));
        Outcome went = settled(coordinator.publishEvent("other", EventArguments.of(), untilFailure));
        assertThat(went.results())
                .satisfiesExactly(
                        r -> assertThat(r).isInstanceOf(Accepted.class),
                        r -> assertThat(r).isInstanceOf(Succeeded.class));
    }

    // ---- what the publisher sees ----

    @Test
    @DisplayName("P2: first() is the first value, whatever the journal has accepted before")
    void P2_accepted_is_not_the_first_value() {
        CompletableFuture<Object> slow = new CompletableFuture<>();
        coordinator.subscribeToEvent(PLACED, NOTHING, named("billing").durable());
        coordinator.subscribeToEvent(PLACED, payload -> slow, named("memory"));
        Publication<String> publication = coordinator.publishEvent(PLACED, "1");
        CompletableFuture<Object> first = publication.first();
        publication.accepted().orTimeout(20, SECONDS).join();
        assertThat(first).isNotDone();

        slow.complete("value");

        assertThat(first.orTimeout(20, SECONDS).join()).isEqualTo("value");
        assertThat(publication.gather().orTimeout(20, SECONDS).join()).containsExactly(null, "value");
    }

    @Test
    @DisplayName("P2: first() fails where nobody can succeed, and says how many the journal has accepted")
    void P2_first_fails_where_all_is_accepted() {
        coordinator.subscribeToEvent(PLACED, NOTHING, named("billing").durable());
        coordinator.subscribeToEvent(PLACED, NOTHING, named("mail").durable());

        assertThat(failureOf(coordinator.publishEvent(PLACED, "1").first()))
                .isInstanceOf(PublicationFailedException.class)
                .hasMessageContainingAll("no listener succeeded, of 2", "accepted", "for 2 durable");
        coordinator.subscribeToEvent(PLACED, payload -> failedFuture(new IllegalStateException("planted")));
        assertThat(failureOf(coordinator.publishEvent(PLACED, "2").first()))
                .hasMessageContainingAll("1 of 3 listeners failed", "planted", "for 2 durable");
    }

    /** What the coordinator that is built here reports as unobserved. */
    private List<UnobservedFailure> reportedBy(ManualTicker ticker) {
        List<UnobservedFailure> reported = new ArrayList<>();
        build(AsyncEventCoordinator.builder()
                .ticker(ticker)
                .background(Runnable::run)
                .onUnobservedFailure(reported::add));
        return reported;
    }

    /** Until something is reported, and whatever else was to be. */
    private static void letTheGracePass(ManualTicker ticker, List<UnobservedFailure> reported) {
        until(() -> {
            ticker.advance(Duration.ofSeconds(1));
            return !reported.isEmpty();
        });
        ticker.advance(Duration.ofSeconds(5));
    }

    @Test
    @DisplayName("P4: who has asked accepted() has looked at what the journal refused")
    void P4_accepted_is_a_look_at_what_the_journal_refused() {
        ManualTicker ticker = new ManualTicker();
        List<UnobservedFailure> reported = reportedBy(ticker);
        journal.onAppend = event -> FakeJournal.refused(event, Certainty.REJECTED);
        coordinator.subscribeToEvent(PLACED, NOTHING, named("billing").durable());
        Publication<String> looked = coordinator.publishEvent(PLACED, "1");
        assertNotStored(looked, "planted");
        assertNotStored(coordinator.publishEvent(PLACED, "2"), "planted");
        Publication<String> ignored = coordinator.publishEvent(PLACED, "3");
        until(() -> looked.outcome().isDone());
        letTheGracePass(ticker, reported);

        assertThat(reported).extracting(UnobservedFailure::event).containsExactly(ignored.event());
    }

    @Test
    @DisplayName("P4: who has asked accepted() has looked at a refusal")
    void P4_accepted_is_a_look_at_a_refusal() {
        ManualTicker ticker = new ManualTicker();
        List<UnobservedFailure> reported = reportedBy(ticker);
        coordinator.subscribeToEvent(PLACED, NOTHING, named("billing").durable());
        coordinator.close();
        assertThat(failureOf(coordinator.publishEvent(PLACED, "1").accepted()))
                .isInstanceOf(PublicationRefusedException.class);
        Publication<String> ignored = coordinator.publishEvent(PLACED, "2");

        letTheGracePass(ticker, reported);

        assertThat(reported).extracting(UnobservedFailure::event).containsExactly(ignored.event());
    }

    @Test
    @DisplayName("P4: what the journal refuses is reported, also where only listeners elsewhere wanted it")
    void P4_what_the_journal_refuses_for_others_is_reported() {
        ManualTicker ticker = new ManualTicker();
        List<UnobservedFailure> reported = reportedBy(ticker);
        journal.interest = Interest.SOME;
        journal.onAppend = event -> FakeJournal.refused(event, Certainty.REJECTED);
        Publication<String> ignored = coordinator.publishEvent(PLACED, "1");
        settled(ignored);
        assertNotStored(coordinator.publishEvent(PLACED, "2"), "planted");
        letTheGracePass(ticker, reported);

        assertThat(reported).singleElement().satisfies(failure -> {
            assertThat(failure.event()).isEqualTo(ignored.event());
            assertThat(failure.listener()).isEmpty();
            assertThat(failure.cause()).isInstanceOf(PublicationNotAcceptedException.class);
        });
        coordinator.close();
        reported.clear();
        journal.interest = Interest.UNKNOWN;
        build(AsyncEventCoordinator.builder().onUnobservedFailure(reported::add));
        coordinator.publishEvent(PLACED, "3");
        coordinator.close();
        assertThat(reported).isEmpty();
    }

    @Test
    @DisplayName("P3: what the journal refuses is rejected at its durable listeners, and hides nobody")
    void P3_what_the_journal_refuses_hides_nobody() {
        journal.onAppend = event -> FakeJournal.refused(event, Certainty.UNKNOWN);
        coordinator.subscribeToEvent(PLACED, NOTHING, named("billing").durable());
        coordinator.subscribeToEvent(PLACED, NOTHING, named("memory"));
        Outcome refused = settled(coordinator.publishEvent(PLACED, "1"));
        assertThat(refused.result("billing").orElseThrow())
                .isInstanceOfSatisfying(
                        Rejected.class, r -> assertThat(r.reason()).isEqualTo(Reason.JOURNAL));
        assertThat(refused.result("memory")).containsInstanceOf(Succeeded.class);

        journal.onAppend = event -> {
            throw new IllegalStateException("a journal never throws");
        };
        Publication<String> thrown = coordinator.publishEvent(PLACED, "2");
        assertThat(settled(thrown).result("memory")).containsInstanceOf(Succeeded.class);
        assertThat(failureOf(thrown.accepted()))
                .isInstanceOfSatisfying(
                        PublicationNotAcceptedException.class,
                        failure -> assertThat(failure.certainty()).isEqualTo(Certainty.UNKNOWN));
    }

    // ---- beginning and end ----

    @Test
    @DisplayName("a coordinator that cannot be made does not start its journal")
    void a_coordinator_that_cannot_be_made_does_not_start_its_journal() {
        journal.calls.clear();
        assertThatThrownBy(() -> AsyncEventCoordinator.builder()
                        .journal(journal)
                        .ticker(new BrokenTicker())
                        .build())
                .hasMessage("planted");
        assertThat(journal.calls).isEmpty();
    }

    private static final class BrokenTicker implements Ticker {
        @Override
        public long nanoTime() {
            throw new IllegalStateException("planted");
        }

        @Override
        public Instant instant() {
            throw new IllegalStateException("planted");
        }

        @Override
        public Alarm alarm(String name, Runnable onRing) {
            throw new IllegalStateException("planted");
        }
    }

    @Test
    @DisplayName("P10: a journal is closed as calmly by an interrupted thread, which stays interrupted")
    void P10_a_journal_is_closed_by_an_interrupted_thread() {
        List<Boolean> interrupted = new ArrayList<>();
        journal.onClose = () -> interrupted.add(Thread.currentThread().isInterrupted());
        Thread.currentThread().interrupt();

        coordinator.close();

        assertThat(Thread.interrupted()).isTrue();
        assertThat(interrupted).containsExactly(false);
    }
}
