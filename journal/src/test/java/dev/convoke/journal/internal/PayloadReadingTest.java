package dev.convoke.journal.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoke.event.EventType;
import dev.convoke.event.TypeRef;
import dev.convoke.journal.JournalOptions;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.Currency;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What an older or newer version of the application has written is read as it is, or not at all: each row is a default of Jackson's that
 * would change or drop something, or would refuse, and is to go on doing so.
 */
class PayloadReadingTest {
    private static final Payloads PAYLOADS = new Payloads(JournalOptions.defaults());

    /** Two constants, the second of which prints otherwise. */
    enum Size {
        SMALL,
        LARGE;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    record One(int number) {}

    /** As old Java has them: with a setter. */
    static final class Bean {
        private int number;

        public int getNumber() {
            return number;
        }

        public void setNumber(int now) {
            number = now;
        }
    }

    private static Arguments row(String json, Class<?> type) {
        return Arguments.of(json, TypeRef.of(type));
    }

    private static Arguments row(String json, TypeRef<?> type) {
        return Arguments.of(json, type);
    }

    static Stream<Arguments> refused() {
        return Stream.of(numbers(), others(), times(), inside()).flatMap(all -> all);
    }

    private static Stream<Arguments> numbers() {
        return Stream.of(
                row("1.5", Integer.class),
                row("1.0", Integer.class),
                row("1.5", Long.class),
                row("1.5", BigInteger.class),
                row("1.5", int[].class),
                row("\"5\"", Integer.class),
                row("\"\"", Integer.class),
                row("\" \"", Integer.class),
                row("\"1.5\"", Double.class),
                row("\"1.5\"", BigDecimal.class),
                row("true", Integer.class),
                row("false", Double.class),
                row("{}", Integer.class),
                row("[]", Integer.class),
                row("[5]", Integer.class),
                row("2147483648", Integer.class),
                row("9223372036854775808", Long.class),
                row("200", Byte.class),
                row("200", byte[].class),
                row("[200]", byte[].class),
                row("40000", Short.class),
                row("65", Character.class),
                row("\"\"", Character.class),
                row("\"ab\"", Character.class),
                row("1e40", Float.class),
                row("0.12345678901234", Float.class),
                row("16777217", Float.class),
                row("1e400", Double.class),
                row("1e-400", Double.class),
                row("9007199254740993", Double.class),
                row("[9007199254740993]", double[].class),
                row("0.123456789012345678901234567890", Double.class),
                row("0.123456789012345678901234567890", Object.class));
    }

    private static Stream<Arguments> others() {
        return Stream.of(
                row("null", String.class),
                row("\"abc\"", Boolean.class),
                row("\"true\"", Boolean.class),
                row("\"\"", Boolean.class),
                row("1", Boolean.class),
                row("0", Boolean.class),
                row("5", String.class),
                row("1.5", String.class),
                row("true", String.class),
                row("[\"a\"]", String.class),
                row("[\"a\", 5]", new TypeRef<List<String>>() {}),
                row("\"a\"", new TypeRef<List<String>>() {}),
                row("\"\"", new TypeRef<List<String>>() {}),
                row("\"\"", new TypeRef<Map<String, String>>() {}),
                row("[1, 1]", new TypeRef<Set<String>>() {}),
                row("0", Size.class),
                row("\"0\"", Size.class),
                row("\"\"", Size.class),
                row("\"small\"", Size.class),
                row("\"Small\"", Size.class),
                row("\"MEDIUM\"", Size.class),
                row("{\"MEDIUM\":1}", new TypeRef<Map<Size, Integer>>() {}),
                row("{\"a\":1}", new TypeRef<Map<Integer, Integer>>() {}),
                row("\"\"", UUID.class),
                row("\"\"", Currency.class),
                row("\"a\" \"b\"", String.class),
                row("{\"number\":1} {}", One.class),
                row("{\"number\":1", One.class));
    }

    private static Stream<Arguments> times() {
        return Stream.of(
                row("1700000000000", Instant.class),
                row("1700000000.5", Instant.class),
                row("\"1700000000\"", Instant.class),
                row("\"2026-01-02T03:04:05+02:00\"", Instant.class),
                row("\"\"", Instant.class),
                row("1700000000", OffsetDateTime.class),
                row("1700000000", ZonedDateTime.class),
                row("20000", LocalDate.class),
                row("\"2026-01-02T03:04:05Z\"", LocalDate.class),
                row("\"2026-01-02T03:04:05\"", LocalDate.class),
                row("\"2026-02-30\"", LocalDate.class),
                row("\"2026-01-02T03:04:05Z\"", LocalDateTime.class),
                row("60", Duration.class),
                row("\"60\"", Duration.class),
                row("1700000000000", Date.class));
    }

    private static Stream<Arguments> inside() {
        return Stream.of(
                row("{\"number\":\"5\"}", One.class),
                row("{\"number\":1.5}", One.class),
                row("{\"number\":null}", One.class),
                row("{\"number\":\"\"}", One.class),
                row("{}", One.class),
                row("\"\"", One.class),
                row("[]", One.class),
                row("{\"number\":\"5\"}", Bean.class),
                row("{\"number\":1.5}", Bean.class),
                row("{\"number\":null}", Bean.class),
                row("{\"amount\":5}", Bean.class));
    }

    @ParameterizedTest(name = "[{index}] {0} as {1}")
    @MethodSource
    @DisplayName("what does not fit is not made to fit")
    void refused(String json, TypeRef<?> type) {
        EventType<?> event = EventType.of("old", type);

        assertThatThrownBy(() -> PAYLOADS.read(event, 1, json))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("event old", "version 1", "upcaster");
    }

    static Stream<Arguments> fits() {
        return Stream.of(
                Arguments.of("5", TypeRef.of(Long.class), 5L),
                Arguments.of("5", TypeRef.of(Double.class), 5.0),
                Arguments.of("9007199254740992", TypeRef.of(Double.class), 9007199254740992.0),
                Arguments.of("16777216", TypeRef.of(Float.class), 16777216f),
                Arguments.of("0.1", TypeRef.of(Float.class), 0.1f),
                Arguments.of("1.0E23", TypeRef.of(Double.class), 1e23),
                Arguments.of(
                        "9.999999999999999E22", TypeRef.of(Double.class), Double.parseDouble("9.999999999999999E22")),
                Arguments.of("0.00000000000000000000000001", TypeRef.of(Double.class), 1e-26),
                Arguments.of("1.500000000000000000000000000", TypeRef.of(Double.class), 1.5),
                Arguments.of("0.0000", TypeRef.of(Double.class), 0.0),
                Arguments.of("5", TypeRef.of(BigInteger.class), BigInteger.valueOf(5)),
                Arguments.of("5", TypeRef.of(BigDecimal.class), new BigDecimal("5")),
                Arguments.of("1.50", TypeRef.of(BigDecimal.class), new BigDecimal("1.50")),
                Arguments.of("\"LARGE\"", TypeRef.of(Size.class), Size.LARGE),
                Arguments.of("{}", TypeRef.of(Map.class), Map.of()),
                Arguments.of("{\"number\":1,\"gone\":{\"a\":[1]}}", TypeRef.of(One.class), new One(1)));
    }

    @ParameterizedTest(name = "[{index}] {0} as {1}")
    @MethodSource
    @DisplayName("what fits is read")
    void fits(String json, TypeRef<?> type, Object expected) {
        assertThat(PAYLOADS.read(EventType.of("old", type), 1, json)).isEqualTo(expected);
    }
}
