package dev.convoke.internal.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoke.listener.Overflow;
import dev.convoke.spi.Ticker;
import dev.convoke.testing.Waiting;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Permits under random interleavings: none is lost and none is made. */
class InFlightLimitTest {
    private static final int THREADS = 8;
    private static final int MAX = 5;

    private final Deadlines deadlines = new Deadlines(Ticker.system(), "limit-test-timer");
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);

    @AfterEach
    void close() {
        threads.shutdownNow();
        deadlines.close();
    }

    /** Runs it on all threads, and waits for them. */
    private void onAll(IntConsumer task) {
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            int number = i;
            all.add(CompletableFuture.runAsync(() -> task.accept(number), threads));
        }
        all.forEach(
                one -> one.orTimeout(Waiting.LONG.toSeconds(), TimeUnit.SECONDS).join());
    }

    private static void meet(CyclicBarrier barrier) {
        try {
            barrier.await(Waiting.LONG.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    private long in(long nanos) {
        return deadlines.now() + nanos;
    }

    private void assertNobodyIsLeft(InFlightLimit limit) {
        assertThat(limit.inFlight()).isZero();
        assertThat(limit.waiting()).isZero();
        assertThat(deadlines.size()).isZero();
    }

    // ---- conservation ----

    /** What one thread does at random, and how many permits it holds. */
    private final class Holder {
        private final SplittableRandom random;
        private final InFlightLimit limit;
        private int held;

        Holder(InFlightLimit limit, long seed) {
            this.limit = limit;
            this.random = new SplittableRandom(seed);
        }

        void step() {
            int permits = 1 + random.nextInt(3);
            switch (random.nextInt(8)) {
                case 0 -> take(permits);
                case 1, 2 -> held += limit.acquireNow(permits) ? permits : 0;
                case 3, 4 -> held += limit.acquire(permits, in(random.nextInt(200_000))) ? permits : 0;
                case 5 -> acquireInterrupted(permits);
                default -> release(Math.min(held, permits));
            }
        }

        private void take(int permits) {
            limit.take(permits);
            held += permits;
        }

        private void acquireInterrupted(int permits) {
            Thread.currentThread().interrupt();
            held += limit.acquire(permits, in(TimeUnit.DAYS.toNanos(1))) ? permits : 0;
            assertThat(Thread.interrupted()).as("the interrupt stays").isTrue();
        }

        private void release(int permits) {
            held -= permits;
            limit.release(permits);
        }
    }

    @ParameterizedTest
    @EnumSource(value = Overflow.class, mode = EnumSource.Mode.EXCLUDE, names = "DROP_OLDEST")
    @DisplayName("P8: taken, acquired, given up and released at random by many threads, permits are conserved")
    void P8_permits_are_conserved(Overflow overflow) {
        InFlightLimit limit = new InFlightLimit(MAX, overflow, deadlines);
        List<Holder> holders = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            holders.add(new Holder(limit, 42 + i));
        }
        CyclicBarrier agree = new CyclicBarrier(
                THREADS,
                () -> assertThat(limit.inFlight())
                        .isEqualTo(holders.stream().mapToInt(h -> h.held).sum()));
        onAll(number -> {
            Holder holder = holders.get(number);
            for (int round = 0; round < 200; round++) {
                for (int step = 0; step < 100; step++) {
                    holder.step();
                }
                holder.release(holder.held / 2);
                meet(agree);
            }
            holder.release(holder.held);
        });
        assertNobodyIsLeft(limit);
    }

    // ---- the bound, and those who wait ----

    @Test
    @DisplayName("P8: never more than the bound hold a permit, and everybody who waits for one gets it in the end")
    void P8_everybody_gets_one_in_the_end() {
        InFlightLimit limit = new InFlightLimit(MAX, Overflow.WAIT, deadlines);
        AtomicInteger holding = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        // Whoever comes first holds its permit until the bound is reached: threads may otherwise run one after another.
        CountDownLatch full = new CountDownLatch(MAX);
        onAll(number -> {
            for (int i = 0; i < 5_000; i++) {
                assertThat(limit.acquire(1, in(TimeUnit.DAYS.toNanos(1)))).isTrue();
                most.accumulateAndGet(holding.incrementAndGet(), Math::max);
                full.countDown();
                Waiting.on(full);
                if (i % 8 == number) {
                    Thread.onSpinWait();
                }
                holding.decrementAndGet();
                limit.release(1);
            }
        });
        assertThat(most).hasValue(MAX);
        assertNobodyIsLeft(limit);
    }

    @Test
    @DisplayName("P10: closing sends everybody in line away without a permit, and takes none from those who have one")
    void P10_closing_sends_the_line_away() {
        InFlightLimit limit = new InFlightLimit(1, Overflow.WAIT, deadlines);
        limit.take(1);
        AtomicInteger admitted = new AtomicInteger();
        CompletableFuture<Void> closing = CompletableFuture.runAsync(() -> {
            Waiting.until(() -> limit.waiting() == THREADS);
            limit.close();
        });
        onAll(number -> admitted.addAndGet(limit.acquire(1, in(TimeUnit.DAYS.toNanos(1))) ? 1 : 0));
        closing.join();
        assertThat(admitted).hasValue(0);
        assertThat(limit.inFlight()).isEqualTo(1);
        limit.release(1);
        assertNobodyIsLeft(limit);
    }
}
