package dev.convoke.internal.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoke.spi.Ticker;
import dev.convoke.testing.Waiting;
import dev.convoke.testkit.ManualTicker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeadlinesTest {
    private final ManualTicker ticker = new ManualTicker();
    private final Deadlines deadlines = new Deadlines(ticker, "test-timer");
    private final List<Integer> rung = new ArrayList<>();

    private final class Numbered extends Deadlines.Entry {
        private final int number;

        Numbered(int number) {
            this.number = number;
        }

        @Override
        void onDue() {
            rung.add(number);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    @DisplayName("entries ring once, in order of time, whatever was added and removed in between")
    void entries_ring_in_order_of_time(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Map<Integer, Numbered> entries = new HashMap<>();
        Map<Integer, Long> expected = new HashMap<>();
        for (int step = 0; step < 5_000; step++) {
            int number = random.nextInt(500);
            if (random.nextInt(3) > 0) {
                long due = ticker.nanoTime() + 1 + random.nextInt(1_000_000);
                Numbered entry = entries.computeIfAbsent(number, Numbered::new);
                if (expected.putIfAbsent(number, due) == null) {
                    deadlines.add(entry, due);
                }
            } else if (expected.remove(number) != null) {
                deadlines.remove(entries.get(number));
            }
        }
        List<Integer> order = expected.entrySet().stream()
                .sorted(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .toList();

        List<Long> rungAt = new ArrayList<>();
        while (rung.size() < order.size()) {
            int before = rung.size();
            ticker.advance(Duration.ofNanos(500));
            rung.subList(before, rung.size()).forEach(n -> rungAt.add(expected.get(n)));
        }
        ticker.advance(Duration.ofDays(1));

        assertThat(rung).containsExactlyInAnyOrderElementsOf(order);
        assertThat(rungAt).isSorted();
    }

    @Test
    @DisplayName("an entry that cannot be handed on is tried again a little later")
    void an_entry_that_fails_is_tried_again() {
        AtomicInteger tries = new AtomicInteger();
        deadlines.add(
                new Deadlines.Entry() {
                    @Override
                    void onDue() {
                        if (tries.incrementAndGet() < 3) {
                            throw new OutOfMemoryError("planted: unable to create a thread");
                        }
                    }
                },
                ticker.nanoTime() + 1);

        ticker.advance(Duration.ofNanos(1));
        assertThat(tries).hasValue(1);
        ticker.advance(Duration.ofMillis(10));
        ticker.advance(Duration.ofMillis(10));
        ticker.advance(Duration.ofDays(1));
        assertThat(tries).hasValue(3);
    }

    @Test
    @DisplayName("what is added after the closing still rings")
    void what_is_added_after_closing_rings() {
        deadlines.add(new Numbered(1), ticker.nanoTime() + 10);
        deadlines.close();
        deadlines.add(new Numbered(2), ticker.nanoTime() + 5);
        ticker.advance(Duration.ofNanos(10));
        assertThat(rung).containsExactly(2, 1);
    }

    @Test
    @DisplayName("on the system's clock an earlier entry rings first, though it came later")
    void the_system_alarm_rings_the_earlier_first() {
        Deadlines real = new Deadlines(Ticker.system(), "test-system-timer");
        CountDownLatch both = new CountDownLatch(2);
        List<Integer> order = Collections.synchronizedList(new ArrayList<>());
        class Counting extends Deadlines.Entry {
            final int number;

            Counting(int number) {
                this.number = number;
            }

            @Override
            void onDue() {
                order.add(number);
                both.countDown();
            }
        }
        long now = real.now();
        Counting never = new Counting(9);
        real.add(never, now + Duration.ofDays(1).toNanos());
        real.add(new Counting(2), now + 40_000_000);
        real.add(new Counting(1), now + 1_000_000);
        Waiting.on(both);
        assertThat(order).containsExactly(1, 2);
        real.remove(never);
        real.close();
        Waiting.until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(t -> t.getName().equals("test-system-timer")));
    }
}
