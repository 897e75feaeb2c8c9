package dev.convoke.internal.settle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoke.event.DeliveryResult;
import dev.convoke.event.DeliveryResult.Failed;
import dev.convoke.event.DeliveryResult.Reason;
import dev.convoke.event.DeliveryResult.Skipped;
import dev.convoke.event.DeliveryResult.Succeeded;
import dev.convoke.event.Outcome;
import dev.convoke.event.PublicationFailedException;
import dev.convoke.event.PublicationRefusedException;
import dev.convoke.event.Refusal;
import dev.convoke.testkit.ManualExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class SettlementTest {
    private final IllegalStateException planted = new IllegalStateException("planted");

    private final ManualExecutor elsewhere = new ManualExecutor();
    private final Floor above = new Floor();
    private final Settlement three = new Settlement(3, above, new Nesting(elsewhere));

    /** What the floor above was told. */
    private static final class Floor implements Settling {
        final List<DeliveryResult> unobserved = new ArrayList<>();
        int settled;
        int outcomes;

        @Override
        public Outcome outcomeOf(Supplier<List<DeliveryResult>> results) {
            outcomes++;
            return Outcome.of("id", results.get());
        }

        @Override
        public DeliveryResult succeeded(int index, Object value) {
            return good(value);
        }

        @Override
        public void failedUnobserved(DeliveryResult failure) {
            unobserved.add(failure);
        }

        @Override
        public void allSettled() {
            settled++;
        }
    }

    private static DeliveryResult good(Object value) {
        return new Succeeded("good", Duration.ZERO, 1, value);
    }

    private static DeliveryResult bad(Throwable cause) {
        return new Failed("bad", Duration.ZERO, 1, cause);
    }

    private static DeliveryResult skipped() {
        return new Skipped("skipped", Duration.ZERO, 0, Reason.PAUSED);
    }

    private static void settle(Settlement settlement, int index, DeliveryResult result) {
        assertThat(settlement.put(index, result)).isTrue();
        settlement.arrive(index);
    }

    /** What a future has by now: nothing here has to be waited for. */
    private static <T> T now(CompletableFuture<T> future) {
        assertThat(future).isDone();
        return future.join();
    }

    private void settleAll(DeliveryResult... results) {
        for (int i = 0; i < results.length; i++) {
            settle(three, i, results[i]);
        }
        three.walked();
    }

    // ---- one result per delivery ----

    @Test
    @DisplayName("P2: the first result of a delivery stays, whatever comes later")
    void P2_the_first_result_stays() {
        DeliveryResult first = good(1);
        assertThat(three.isPut(0)).isFalse();
        assertThat(three.isFailure(0)).isFalse();

        assertThat(three.put(0, first)).isTrue();
        assertThat(three.put(0, bad(planted))).isFalse();

        assertThat(three.isPut(0)).isTrue();
        assertThat(three.resultOf(0)).isSameAs(first);
        assertThat(three.isFailure(0)).isFalse();
        assertThat(three.isPut(1)).isFalse();
        assertThat(three.put(1, bad(planted))).isTrue();
        assertThat(three.isFailure(1)).isTrue();
    }

    @Tag("race")
    @Test
    @DisplayName("P2: of two threads that race to settle a delivery one wins, each time")
    void P2_one_of_two_threads_wins() throws Exception {
        int deliveries = 200_000;
        Settlement settlement = new Settlement(deliveries, above, new Nesting(elsewhere));
        CyclicBarrier start = new CyclicBarrier(2);
        CompletableFuture<Integer> other = CompletableFuture.supplyAsync(() -> wins(settlement, deliveries, start));
        int mine = wins(settlement, deliveries, start);
        assertThat(mine + other.get(20, TimeUnit.SECONDS)).isEqualTo(deliveries);
    }

    private static int wins(Settlement settlement, int deliveries, CyclicBarrier start) {
        DeliveryResult mine = good(Thread.currentThread());
        int wins = 0;
        for (int i = 0; i < deliveries; i++) {
            if (i % 1_000 == 0) {
                await(start);
            }
            wins += settlement.put(i, mine) ? 1 : 0;
        }
        return wins;
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await(20, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    // ---- the outcome ----

    @Test
    @DisplayName("P2: the outcome comes when every delivery has its result and all were started, and not before")
    void P2_the_outcome_waits_for_all() {
        CompletableFuture<Outcome> outcome = three.askOutcome();
        settle(three, 2, skipped());
        settle(three, 0, good(1));
        three.walked();
        assertThat(three.put(1, bad(planted))).isTrue();
        assertThat(outcome).isNotDone();
        assertThat(above.settled).isZero();

        three.arrive(1);

        assertThat(now(outcome).results()).containsExactly(good(1), bad(planted), skipped());
        assertThat(above.settled).isEqualTo(1);
    }

    @Test
    @DisplayName("P2: nothing completes while deliveries may still have to be started")
    void P2_the_outcome_waits_for_the_walk() {
        CompletableFuture<Outcome> outcome = three.askOutcome();
        for (int i = 0; i < 3; i++) {
            settle(three, i, good(i));
        }
        assertThat(outcome).isNotDone();
        three.walked();
        assertThat(outcome).isDone();
    }

    @Test
    @DisplayName("P2: everybody gets the same outcome in a future of his own, also who asks late")
    void P2_one_outcome_for_everybody() {
        CompletableFuture<Outcome> early = three.askOutcome();
        settleAll(good(1), good(2), good(3));
        CompletableFuture<Outcome> late = three.askOutcome();

        assertThat(late).isDone().isNotSameAs(early);
        assertThat(now(late)).isSameAs(now(early)).isSameAs(three.outcome());
        assertThat(above.outcomes).isEqualTo(1);
    }

    @Test
    @DisplayName("nobody makes an outcome that nobody asks for")
    void no_outcome_unasked() {
        settleAll(good(1), good(2), good(3));
        assertThat(above.outcomes).isZero();
    }

    @Test
    @DisplayName("P2: an outcome that cannot be made fails the futures, and leaves none open")
    void P2_an_outcome_that_cannot_be_made() {
        Settlement broken = new Settlement(
                0,
                new Settling() {
                    @Override
                    public Outcome outcomeOf(Supplier<List<DeliveryResult>> results) {
                        throw planted;
                    }

                    @Override
                    public DeliveryResult succeeded(int index, Object value) {
                        return good(value);
                    }

                    @Override
                    public void failedUnobserved(DeliveryResult failure) {}

                    @Override
                    public void allSettled() {}
                },
                new Nesting(elsewhere));
        CompletableFuture<Outcome> early = broken.askOutcome();
        broken.walked();
        for (CompletableFuture<?> future : List.of(early, broken.askOutcome(), broken.askAll(), broken.askFirst())) {
            assertThatThrownBy(() -> now(future)).hasCause(planted);
        }
    }

    // ---- gather and first ----

    @Test
    @DisplayName("S6: gather fails with the failure that came first in time, at once, and on another thread")
    void S6_gather_fails_at_once() {
        CompletableFuture<List<Object>> all = three.askAll();
        CompletableFuture<Outcome> outcome = three.askOutcome();
        CompletableFuture<Object> first = three.askFirst();
        settle(three, 2, bad(planted));
        assertThat(all).as("not on the thread that settles").isNotDone();

        elsewhere.runAll();

        assertThatThrownBy(() -> now(all)).hasCause(planted);
        assertThat(outcome).isNotDone();
        assertThat(first).isNotDone();
        settle(three, 0, bad(new IllegalArgumentException("later, though first in order")));
        assertThat(elsewhere.waiting()).isZero();
        assertThatThrownBy(() -> now(three.askAll())).hasCause(planted);
    }

    @Test
    @DisplayName("S6: gather has each value, and null for who was skipped")
    void S6_gather_has_all_values() {
        CompletableFuture<List<Object>> all = three.askAll();
        settleAll(good(1), skipped(), good("three"));
        assertThat(now(all)).containsExactly(1, null, "three");
        assertThat(now(three.askAll())).containsExactly(1, null, "three");
        assertThat(elsewhere.waiting()).isZero();
    }

    @Test
    @DisplayName("P2: first has the value that came first in time, at once, and on another thread")
    void P2_first_completes_at_once() {
        CompletableFuture<Object> first = three.askFirst();
        CompletableFuture<List<Object>> all = three.askAll();
        settle(three, 1, skipped());
        settle(three, 2, good("winner"));
        assertThat(first).as("not on the thread that settles").isNotDone();

        elsewhere.runAll();

        assertThat(first).isCompletedWithValue("winner");
        assertThat(all).isNotDone();
        assertThat(three.askFirst()).isCompletedWithValue("winner");
        settle(three, 0, good("later, though first in order"));
        three.walked();
        assertThat(three.askFirst()).isCompletedWithValue("winner");
    }

    @Test
    @DisplayName("P2: first fails with all failures, or says that nobody succeeded")
    void P2_first_fails() {
        CompletableFuture<Object> first = three.askFirst();
        settleAll(bad(planted), skipped(), bad(new IllegalArgumentException("another")));
        assertThatThrownBy(() -> now(first))
                .hasCauseInstanceOf(PublicationFailedException.class)
                .hasMessageContaining("2 of 3 listeners failed")
                .cause()
                .hasCause(planted);

        Settlement nobody = new Settlement(1, above, new Nesting(elsewhere));
        settle(nobody, 0, skipped());
        nobody.walked();
        assertThatThrownBy(() -> now(nobody.askFirst())).hasMessageContaining("no listener succeeded, of 1");
    }

    @Test
    @DisplayName("P2: the last one to arrive answers everybody itself, and from what came first in time")
    void P2_the_last_one_answers_all() {
        settle(three, 1, good(1));
        three.walked();
        settle(three, 0, skipped());
        CompletableFuture<List<Object>> all = three.askAll();
        settle(three, 2, bad(planted));
        assertThatThrownBy(() -> now(all)).hasCause(planted);
        assertThat(elsewhere.waiting()).isZero();
    }

    @Test
    @DisplayName("P16: what was refused has an outcome that says so, and neither values nor a first one")
    void P16_a_refusal() {
        Settlement refused = new Settlement(
                0,
                new Settling() {
                    @Override
                    public Outcome outcomeOf(Supplier<List<DeliveryResult>> results) {
                        return Outcome.refused("id", Refusal.UNHEARD, "nobody listens");
                    }

                    @Override
                    public DeliveryResult succeeded(int index, Object value) {
                        return good(value);
                    }

                    @Override
                    public void failedUnobserved(DeliveryResult failure) {}

                    @Override
                    public void allSettled() {}
                },
                new Nesting(elsewhere));
        refused.walked();
        assertThat(now(refused.askOutcome()).refusal()).contains(Refusal.UNHEARD);
        for (CompletableFuture<?> future : List.of(refused.askAll(), refused.askFirst())) {
            assertThatThrownBy(() -> now(future))
                    .hasCauseInstanceOf(PublicationRefusedException.class)
                    .hasMessageContaining("nobody listens");
        }
    }

    // ---- who looks ----

    @Test
    @DisplayName("P4: a failure is unobserved until somebody asks, in any form; a success never is")
    void P4_unobserved_until_asked() {
        settle(three, 0, good(1));
        settle(three, 1, bad(planted));
        assertThat(three.isObserved()).isFalse();
        assertThat(above.unobserved).containsExactly(bad(planted));

        three.askFirst();
        assertThat(three.isObserved()).isTrue();
        settle(three, 2, bad(planted));
        assertThat(above.unobserved).hasSize(1);
    }

    @Test
    @DisplayName("P2: one who gave up waiting keeps no other from being answered")
    void P2_giving_up() {
        CompletableFuture<Outcome> waits = three.askOutcome();
        CompletableFuture<Outcome> givesUp = three.askOutcome();
        givesUp.cancel(true);
        CompletableFuture<Outcome> comesAfter = three.askOutcome();

        settleAll(good(1), good(2), good(3));

        assertThat(waits).isDone();
        assertThat(comesAfter).isDone();
        assertThat(givesUp).isCancelled();
    }
}
