package dev.convoke.examples.demo.summary;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoke.event.DeliveryResult;
import dev.convoke.event.Event;
import dev.convoke.event.EventType;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WaterfallTest {
    private static final EventType<String> TYPE = EventType.of("order.placed", String.class);

    private static Duration millis(long millis) {
        return Duration.ofMillis(millis);
    }

    private static PublicationTrace publication(long took, DeliveryTrace... deliveries) {
        Event<String> event =
                new Event<>("42", TYPE, "payload", null, URI.create("/test"), Instant.EPOCH, Map.of(), null);
        return new PublicationTrace(event, Duration.ZERO, millis(took), List.of(deliveries));
    }

    private static DeliveryTrace ok(String listener, long queued, long took) {
        return new DeliveryTrace(millis(queued), new DeliveryResult.Succeeded(listener, millis(took), 1, null));
    }

    private static String draw(PublicationTrace publication) {
        return String.join("\n", new Waterfall(publication, 80, new Style(false)).lines());
    }

    @Test
    void bars_start_and_end_where_deliveries_did_and_rows_are_in_the_order_of_their_starts() {
        assertThat(draw(publication(
                        370,
                        ok("mail", 100, 200),
                        new DeliveryTrace(
                                Duration.ZERO,
                                new DeliveryResult.Failed("ledger", millis(50), 1, new IllegalStateException())),
                        new DeliveryTrace(
                                millis(10), new DeliveryResult.TimedOut("partner", millis(360), 1, millis(360))),
                        ok("quick", 0, 0))))
                .isEqualTo("""
                                 0 ms       100       200        300
                                 ├──────────┼─────────┼──────────┼─────┤
                        ledger   █████                                    50.0 ms  ✗ failed
                        quick    ▏                                           0 µs  ✓ ok
                        partner  ·██████████████████████████████████████   360 ms  ✗ timed out  ← last
                        mail     ···········█████████████████████          200 ms  ✓ ok
                                 · queued   █ running   ✗ failed   ← ended last\
                        """);
    }

    @Test
    void a_delivery_that_starts_at_the_very_end_stays_on_the_line() {
        List<String> lines =
                new Waterfall(publication(100, ok("a", 0, 100), ok("b", 100, 0)), 80, new Style(false)).lines();

        assertThat(lines).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(78));
        assertThat(lines.get(3)).startsWith("b  ····").contains("·▏ ");
    }

    @Test
    void one_that_never_started_was_queued_until_its_result() {
        DeliveryTrace rejected = new DeliveryTrace(
                millis(100), new DeliveryResult.Rejected("late", Duration.ZERO, 0, DeliveryResult.Reason.OVERLOADED));

        assertThat(draw(publication(100, rejected))).contains("late  ····").contains("✗ rejected");
    }

    @Test
    void a_publication_that_took_no_time_can_be_drawn() {
        assertThat(draw(publication(0, ok("a", 0, 0)))).contains("a  ");
    }
}
