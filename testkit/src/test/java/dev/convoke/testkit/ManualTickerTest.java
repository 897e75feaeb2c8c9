package dev.convoke.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoke.spi.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ManualTickerTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Instant START = Instant.parse("2030-05-06T07:08:09Z");

    private final ManualTicker ticker = new ManualTicker(START);
    private final long origin = ticker.nanoTime();
    private final List<String> rung = new ArrayList<>();

    private Ticker.Alarm alarm(String name) {
        return ticker.alarm(name, () -> rung.add(name + " at " + elapsed()));
    }

    private Duration elapsed() {
        return Duration.ofNanos(ticker.nanoTime() - origin);
    }

    private long at(long seconds) {
        return origin + TimeUnit.SECONDS.toNanos(seconds);
    }

    @Test
    @DisplayName("alarms ring in order of time, and each reads its own time")
    void alarms_ring_in_order_at_their_own_time() {
        alarm("three").ringAt(at(3));
        alarm("one").ringAt(at(1));
        alarm("five").ringAt(at(5));

        ticker.advance(SECOND.multipliedBy(4));

        assertThat(rung).containsExactly("one at PT1S", "three at PT3S");
        assertThat(ticker.instant()).isEqualTo(START.plusSeconds(4));
    }

    @Test
    @DisplayName("alarms of the same time ring in the order they were made")
    void alarms_of_the_same_time() {
        Ticker.Alarm first = alarm("first");
        alarm("second").ringAt(at(1));
        first.ringAt(at(1));
        ticker.advance(SECOND);
        assertThat(rung).containsExactly("first at PT1S", "second at PT1S");
    }

    @Test
    @DisplayName("an alarm that is set again as it rings rings again on the way")
    void an_alarm_that_is_set_as_it_rings() {
        List<Duration> times = new ArrayList<>();
        Ticker.Alarm[] every = new Ticker.Alarm[1];
        every[0] = ticker.alarm("every second", () -> {
            times.add(elapsed());
            every[0].ringAt(ticker.nanoTime() + SECOND.toNanos());
        });
        every[0].ringAt(at(1));

        ticker.advance(SECOND.multipliedBy(3).plusMillis(500));

        assertThat(times).containsExactly(SECOND, SECOND.multipliedBy(2), SECOND.multipliedBy(3));
    }

    @Test
    @DisplayName("of several settings the earliest counts, and a ring uses it up")
    void the_earliest_setting_counts() {
        Ticker.Alarm alarm = alarm("alarm");
        alarm.ringAt(at(2));
        alarm.ringAt(at(1));
        alarm.ringAt(at(3));
        ticker.advance(SECOND.multipliedBy(10));
        assertThat(rung).containsExactly("alarm at PT1S");
    }

    @Test
    @DisplayName("what is set for the past rings when the clock is next moved, be it by nothing, and moves it not back")
    void an_alarm_in_the_past() {
        ticker.advance(SECOND.multipliedBy(5));
        alarm("late").ringAt(at(1));
        assertThat(rung).isEmpty();
        ticker.advance(Duration.ZERO);
        assertThat(rung).containsExactly("late at PT5S");
    }

    @Test
    @DisplayName("a closed alarm forgets what was set, rings when set again, and none that is not set is kept")
    void a_closed_alarm_forgets() {
        Ticker.Alarm alarm = alarm("closed");
        alarm.ringAt(at(1));
        assertThat(ticker).hasToString("ManualTicker[2030-05-06T07:08:09Z, alarms set: 1]");
        alarm.close();
        alarm.close();
        for (int i = 0; i < 1_000; i++) {
            Ticker.Alarm brief = alarm("brief");
            brief.ringAt(at(i));
            brief.close();
        }
        assertThat(ticker).hasToString("ManualTicker[2030-05-06T07:08:09Z, alarms set: 0]");
        ticker.advance(SECOND);
        assertThat(rung).isEmpty();

        alarm.ringAt(at(2));
        ticker.advance(SECOND);
        assertThat(rung).containsExactly("closed at PT2S");
    }

    @Test
    @DisplayName("the clock goes to the next alarm, and says when there is none")
    void advanceToNextAlarm() {
        assertThat(ticker.advanceToNextAlarm()).isFalse();
        alarm("far").ringAt(at(86_400));
        alarm("near").ringAt(at(7));
        assertThat(ticker.advanceToNextAlarm()).isTrue();
        assertThat(rung).containsExactly("near at PT7S");
        assertThat(ticker.advanceToNextAlarm()).isTrue();
        assertThat(rung).containsExactly("near at PT7S", "far at PT24H");
        assertThat(ticker.advanceToNextAlarm()).isFalse();
        assertThat(elapsed()).isEqualTo(Duration.ofDays(1));
    }

    @Test
    @DisplayName("alarms ring on the thread that moves the clock, with no lock held")
    void alarms_ring_on_the_moving_thread_without_a_lock() {
        List<Thread> threads = new ArrayList<>();
        ticker.alarm("alarm", () -> {
                    threads.add(Thread.currentThread());
                    CompletableFuture.supplyAsync(ticker::nanoTime)
                            .orTimeout(20, TimeUnit.SECONDS)
                            .join();
                })
                .ringAt(at(1));
        ticker.advance(SECOND);
        assertThat(threads).containsExactly(Thread.currentThread());
    }

    @Test
    @DisplayName("a clock does not go back")
    void a_negative_advance_is_refused() {
        assertThatThrownBy(() -> ticker.advance(Duration.ofSeconds(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a clock does not go back: PT-1S");
        assertThat(elapsed()).isZero();
    }

    @Test
    @DisplayName("without a start the clock begins with the year 2026")
    void the_default_start() {
        assertThat(new ManualTicker().instant()).isEqualTo(Instant.parse("2026-01-01T00:00:00Z"));
    }
}
