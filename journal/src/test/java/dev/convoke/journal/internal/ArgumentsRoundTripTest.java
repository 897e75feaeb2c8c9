package dev.convoke.journal.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoke.event.EventArguments;
import dev.convoke.event.EventType;
import dev.convoke.journal.JournalOptions;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Arguments of events that have a name and no type come back exactly, or are refused. */
class ArgumentsRoundTripTest {
    private static final Payloads PAYLOADS = new Payloads(JournalOptions.defaults());

    /** Nothing that is in the list of what is taken. */
    record Inner(int number, String text) {}

    enum Size {
        SMALL
    }

    static Stream<Object> arguments_come_back() {
        Map<String, Object> looksTagged = Map.of("@Long", "5");
        return Stream.of(
                "text",
                true,
                5,
                5L,
                (byte) 5,
                (short) 5,
                'c',
                1.5,
                -0.0,
                Double.NaN,
                Double.NEGATIVE_INFINITY,
                1.5f,
                Float.NaN,
                new BigDecimal("1.50"),
                new BigDecimal("1E+400"),
                new BigInteger("123456789012345678901234567890"),
                Instant.MAX,
                LocalDate.MIN,
                LocalTime.NOON,
                LocalDateTime.of(2026, 1, 2, 3, 4),
                OffsetDateTime.parse("2026-01-02T03:04+05:30"),
                ZonedDateTime.parse("2026-01-02T00:30Z[UTC]"),
                Duration.ofNanos(-1),
                Period.ofDays(3),
                UUID.randomUUID(),
                URI.create("a:b"),
                new byte[] {1, 2},
                Arrays.asList(1, null, 5L, List.of("a")),
                Set.of(1, 2, 3),
                looksTagged,
                Map.of("@", looksTagged, "b", List.of(looksTagged)));
    }

    @ParameterizedTest
    @MethodSource
    @DisplayName("an argument of an event without a type comes back exactly, by position and by name")
    void arguments_come_back(Object value) {
        EventType<EventArguments> event = EventType.of("untyped", EventArguments.class);
        EventArguments arguments = EventArguments.of(value, null).with("name", value);

        EventArguments again = (EventArguments) PAYLOADS.read(event, 1, PAYLOADS.write(event, arguments));

        assertThat(again.get(0, Object.class)).isEqualTo(value);
        assertThat(again.positional()).hasSize(2).element(1).isNull();
        assertThat(again.named().get("name")).isEqualTo(value).hasSameClassAs(again.get(0, Object.class));
        if (!(value instanceof Collection || value instanceof Map)) {
            assertThat(again.get(0, Object.class)).hasSameClassAs(value);
        }
    }

    @Test
    @DisplayName("an argument of another class is refused, with its position or name and its class")
    void arguments_that_are_refused() {
        EventType<EventArguments> event = EventType.of("untyped", EventArguments.class);

        assertThatThrownBy(() -> PAYLOADS.write(event, EventArguments.of("a", new Inner(1, "a"))))
                .hasMessageContainingAll("untyped", "argument 1", "Inner", "EventType");
        assertThatThrownBy(() -> PAYLOADS.write(event, EventArguments.of().with("size", Size.SMALL)))
                .hasMessageContainingAll("untyped", "argument 'size'", "Size");
        assertThatThrownBy(() -> PAYLOADS.write(event, EventArguments.of(Map.of(1, "a"))))
                .hasMessageContainingAll("argument 0", "key");
        assertThatThrownBy(() -> PAYLOADS.write(event, EventArguments.of(List.of(Map.of("k", new Object())))))
                .hasMessageContainingAll("argument 0[0].k", "java.lang.Object");
        List<Object> itself = new ArrayList<>();
        itself.add(itself);
        assertThatThrownBy(() -> PAYLOADS.write(event, EventArguments.of(itself)))
                .hasMessageContainingAll("argument 0", "levels");
    }
}
