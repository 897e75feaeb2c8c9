package dev.convoke.journal.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.convoke.event.EventType;
import dev.convoke.event.TypeRef;
import dev.convoke.journal.JournalOptions;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.sql.Timestamp;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Month;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Calendar;
import java.util.Collection;
import java.util.Currency;
import java.util.Date;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.GregorianCalendar;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TimeZone;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What comes back is what went in, or it is refused, with event, field and class named. */
@SuppressWarnings({"UnusedVariable", "UnnecessaryStringBuilder", "JavaUtilDate"
}) // which is what is to come back, or not
class PayloadRoundTripTest {
    private static final Payloads PAYLOADS = new Payloads(JournalOptions.defaults());

    /** A constant that prints as another one. */
    enum Size {
        SMALL,
        LARGE {
            @Override
            public String toString() {
                return "SMALL";
            }
        }
    }

    record Inner(int number, String text) {}

    record Holder<T>(T value) {}

    /** A class with a field of each of Java's own types. */
    record Primitives(byte b, short s, int i, long l, float f, double d, char c, boolean z) {}

    static class Payment {
        public int cents;
    }

    static final class CardPayment extends Payment {
        public String card;
    }

    static class Hidden extends Payment {
        private String note;

        Hidden note(String text) {
            note = text;
            return this;
        }
    }

    static final class Below extends Hidden {}

    /** What a class says may be lost, in each of the ways there are. */
    static final class Forgetful {
        public String kept = "kept";
        public transient String cache;

        @JsonIgnore
        public String ignored;

        @JsonProperty(access = JsonProperty.Access.WRITE_ONLY)
        public String secret;

        private String behindGetter;

        @JsonIgnore
        public String getBehindGetter() {
            return behindGetter;
        }
    }

    @JsonIgnoreProperties("note")
    static final class ForgetfulByName {
        public int number = 1;
        private final String note = String.valueOf(System.nanoTime());
    }

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
    @JsonSubTypes({@JsonSubTypes.Type(Circle.class), @JsonSubTypes.Type(Square.class)})
    sealed interface Shape {}

    record Circle(double radius) implements Shape {}

    record Square(double side) implements Shape {}

    /** Equal by its id alone. */
    static final class Entity {
        public int id;
        private String name;

        @Override
        public boolean equals(Object other) {
            return other instanceof Entity that && id == that.id;
        }

        @Override
        public int hashCode() {
            return id;
        }
    }

    /** A list with something beside its elements. */
    static final class Tags extends ArrayList<String> {
        private static final long serialVersionUID = 1L;
        private String owner;
    }

    static final class Node {
        public String name;
        public Node next;
    }

    private static Arguments exact(Object value, TypeRef<?> type) {
        return Arguments.of(value, type);
    }

    private static Arguments exact(Object value) {
        return Arguments.of(value, TypeRef.of(value.getClass()));
    }

    static Stream<Arguments> what_comes_back() {
        return Stream.of(numbers(), texts(), times(), containers(), classes()).flatMap(all -> all);
    }

    private static Stream<Arguments> numbers() {
        return Stream.of(
                exact(new Primitives((byte) -128, (short) -1, 1, Long.MIN_VALUE, 0.1f, 0.1, 'x', true)),
                exact(new Primitives(
                        (byte) 127, (short) 1, Integer.MIN_VALUE, Long.MAX_VALUE, Float.NaN, -0.0, '\0', false)),
                exact(new Primitives((byte) 0, (short) 0, 0, 0, Float.MIN_VALUE, Double.MAX_VALUE, '"', false)),
                exact(new Primitives(
                        (byte) 0, (short) 0, 0, 0, Float.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, '\\', true)),
                exact(new Holder<>(1e23), new TypeRef<Holder<Double>>() {}),
                exact(new Holder<>(2.0f), new TypeRef<Holder<Float>>() {}),
                exact(Double.MIN_VALUE),
                exact(9007199254740993L),
                exact(new BigDecimal("1.50")),
                exact(new BigDecimal("1E+5")),
                exact(new BigDecimal("1E-400")),
                exact(new BigDecimal("5")),
                exact(new BigInteger("9".repeat(900))),
                exact(new double[] {0.1, Double.NaN, -0.0}),
                exact(new float[] {0.1f}),
                exact(new byte[] {0, -1}),
                exact(new int[][] {{1}, {}}),
                exact(new char[] {'a', 'b'}),
                exact(new AtomicLong(5)),
                exact(OptionalInt.of(5)),
                exact(OptionalInt.empty()));
    }

    private static Stream<Arguments> texts() {
        return Stream.of(
                exact(""),
                exact("a\0b \u2028 \ud83d\ude00 \" \\ </script>"),
                exact(new StringBuilder("text")),
                exact(new StringBuilder()),
                exact(Locale.ROOT),
                exact(Locale.GERMANY),
                exact(Locale.forLanguageTag("zh-Hant-TW")),
                exact(Currency.getInstance("EUR")),
                exact(UUID.randomUUID()),
                exact(URI.create("")),
                exact(URI.create("http://localhost/a%20b?c#d")),
                exact(Pattern.compile("a+")),
                exact(Size.LARGE, TypeRef.of(Size.class)),
                exact(Size.SMALL, TypeRef.of(Size.class)));
    }

    private static Stream<Arguments> times() {
        return Stream.of(
                exact(Instant.parse("2026-01-02T03:04:05.123456789Z")),
                exact(Instant.MAX),
                exact(LocalDate.of(-44, 3, 15)),
                exact(LocalTime.MIDNIGHT),
                exact(LocalDateTime.of(2026, 1, 2, 3, 4, 5, 6)),
                exact(OffsetDateTime.parse("2026-01-02T03:04+05:30")),
                exact(OffsetDateTime.parse("2026-01-02T03:04Z")),
                exact(OffsetTime.parse("03:04:05+01:00")),
                exact(ZonedDateTime.parse("2026-10-25T02:30+02:00[Europe/Berlin]")),
                exact(ZonedDateTime.parse("2026-10-25T02:30+01:00[Europe/Berlin]")),
                exact(ZonedDateTime.parse("2026-01-02T00:30Z[UTC]")),
                exact(ZonedDateTime.parse("2026-01-02T00:30+02:00")),
                exact(ZonedDateTime.parse("2026-01-02T00:30Z")),
                exact(Duration.ofSeconds(-1, 5)),
                exact(Period.of(1, 2, 3)),
                exact(Year.of(2026)),
                exact(YearMonth.of(2026, 1)),
                exact(MonthDay.of(2, 29)),
                exact(DayOfWeek.MONDAY),
                exact(Month.MAY),
                exact(ZoneId.of("Europe/Berlin"), TypeRef.of(ZoneId.class)),
                exact(ZoneOffset.ofHours(2)),
                exact(TimeZone.getTimeZone("Europe/Berlin"), TypeRef.of(TimeZone.class)),
                exact(new Date(1_700_000_000_123L)));
    }

    private static Stream<Arguments> containers() {
        Map<String, Integer> ordered = new LinkedHashMap<>();
        ordered.put("z", 1);
        ordered.put("a", null);
        return Stream.of(
                exact(Arrays.asList("a", null, ""), new TypeRef<List<String>>() {}),
                exact(List.of(List.of(1L), List.of()), new TypeRef<List<List<Long>>>() {}),
                exact(new ArrayDeque<>(List.of(1, 2)), new TypeRef<ArrayDeque<Integer>>() {}),
                exact(new LinkedHashSet<>(List.of("z", "a", "m", "b")), new TypeRef<Set<String>>() {}),
                exact(Set.of("z", "a", "m", "b"), new TypeRef<Set<String>>() {}),
                exact(new ArrayList<>(List.of("z", "a")), new TypeRef<Collection<String>>() {}),
                exact(new HashSet<>(List.of("z", "a", "m")), new TypeRef<HashSet<String>>() {}),
                exact(new TreeSet<>(List.of(3, 1, 2)), new TypeRef<TreeSet<Integer>>() {}),
                exact(EnumSet.of(Size.LARGE), new TypeRef<EnumSet<Size>>() {}),
                exact(ordered, new TypeRef<Map<String, Integer>>() {}),
                exact(new HashMap<>(Map.of(1, "a", 2, "b")), new TypeRef<HashMap<Integer, String>>() {}),
                exact(Map.of(LocalDate.EPOCH, "a", LocalDate.MAX, "b"), new TypeRef<Map<LocalDate, String>>() {}),
                exact(Map.of(Size.LARGE, 1), new TypeRef<Map<Size, Integer>>() {}),
                exact(new EnumMap<>(Map.of(Size.LARGE, 1)), new TypeRef<EnumMap<Size, Integer>>() {}),
                exact(new TreeMap<>(Map.of("b", 1, "a", 2)), new TypeRef<SortedMap<String, Integer>>() {}),
                exact(Map.of("k", List.of(new Inner(1, "a"))), new TypeRef<Map<String, List<Inner>>>() {}),
                exact(Map.entry("k", 5L), new TypeRef<Map.Entry<String, Long>>() {}),
                exact(Optional.of("a"), new TypeRef<Optional<String>>() {}),
                exact(new Holder<>(Optional.empty()), new TypeRef<Holder<Optional<String>>>() {}),
                exact(new Holder<>(Optional.of(List.of())), new TypeRef<Holder<Optional<List<String>>>>() {}),
                exact(new AtomicReference<>("a"), new TypeRef<AtomicReference<String>>() {}),
                exact(new Object[] {1, "a", null, true, 1.5, new ArrayList<>(List.of(1))}));
    }

    private static Stream<Arguments> classes() {
        Forgetful forgetful = new Forgetful();
        forgetful.cache = "c";
        forgetful.ignored = "i";
        forgetful.secret = "s";
        forgetful.behindGetter = "g";
        Payment payment = new Payment();
        payment.cents = 7;
        return Stream.of(
                exact(new Inner(1, null)),
                exact(new Holder<>(null), new TypeRef<Holder<String>>() {}),
                exact(new Holder<Object>("text"), new TypeRef<Holder<Object>>() {}),
                exact(new Holder<Object>(5), new TypeRef<Holder<Object>>() {}),
                exact(new Circle(1), TypeRef.of(Shape.class)),
                exact(List.of(new Circle(1), new Square(2)), new TypeRef<List<Shape>>() {}),
                exact(payment),
                exact(forgetful),
                exact(new ForgetfulByName()),
                exact(new Entity()));
    }

    @ParameterizedTest(name = "[{index}] {0}")
    @MethodSource
    @DisplayName("a value comes back as it is")
    void what_comes_back(Object value, TypeRef<?> type) {
        EventType<?> event = EventType.of("kept", type);

        String json = PAYLOADS.write(event, value);

        Object again = PAYLOADS.read(event, 1, json);
        assertThat(PAYLOADS.write(event, again)).isEqualTo(json);
    }

    private static Arguments lost(Object value, TypeRef<?> type, String... said) {
        return Arguments.of(value, type, said);
    }

    private static Arguments open(Object value, String... said) {
        return lost(new Holder<>(value), new TypeRef<Holder<Object>>() {}, said);
    }

    static Stream<Arguments> what_is_refused() {
        return Stream.of(openFields(), hiddenState(), lostOrder(), others()).flatMap(all -> all);
    }

    private static Stream<Arguments> openFields() {
        return Stream.of(
                open(5L, "field value", "java.lang.Long comes back as a java.lang.Integer", "Holder"),
                open((byte) 5, "java.lang.Byte"),
                open(1.5f, "java.lang.Float"),
                open(new BigDecimal("1.50"), "java.math.BigDecimal comes back as a java.lang.Double"),
                open(new BigDecimal("1.5"), "java.math.BigDecimal"),
                open(Double.NaN, "java.lang.Double comes back as a java.lang.String"),
                open('c', "java.lang.Character"),
                open(Instant.EPOCH, "java.time.Instant comes back as a java.lang.String"),
                open(new Date(), "java.util.Date"),
                open(UUID.randomUUID(), "java.util.UUID"),
                open(Size.SMALL, "Size comes back as a java.lang.String"),
                open(new byte[] {1}, "byte[] comes back as a java.lang.String"),
                open(new int[] {1}, "int[] comes back as a java.util.ArrayList"),
                open(Set.of(1), "comes back as a java.util.ArrayList"),
                open(new Inner(1, "a"), "Inner comes back as a java.util.LinkedHashMap"),
                open(Optional.of("a"), "java.util.Optional"),
                open(List.of(Map.of("k", 5L)), "field value[0][k]", "java.lang.Long"),
                lost(new Holder<>(5L), new TypeRef<Holder<Number>>() {}, "field value", "java.lang.Long"),
                lost(new Holder<>(new BigDecimal("1.50")), new TypeRef<Holder<Number>>() {}, "java.math.BigDecimal"),
                lost(List.of(5L), new TypeRef<List<Object>>() {}, "field [0]", "java.lang.Long"),
                lost(Map.of(5, "a"), new TypeRef<Map<Object, String>>() {}, "[5]", "java.lang.Integer"),
                lost(new Inner(1, "a"), TypeRef.of(Object.class), "Inner comes back as a java.util.LinkedHashMap"),
                lost(new Object(), TypeRef.of(Object.class), "java.lang.Object"));
    }

    private static Stream<Arguments> hiddenState() {
        Entity entity = new Entity();
        entity.name = "ada";
        Tags tags = new Tags();
        tags.add("a");
        tags.owner = "ada";
        return Stream.of(
                lost(new CardPayment(), TypeRef.of(Payment.class), "CardPayment comes back as a", "Payment"),
                lost(
                        List.of(new CardPayment()),
                        new TypeRef<List<Payment>>() {},
                        "field [0]",
                        "CardPayment comes back as a"),
                lost(new Hidden().note("n"), TypeRef.of(Hidden.class), "field note", "comes back as null", "Hidden"),
                lost(new Below().note("n"), TypeRef.of(Below.class), "field note", "comes back as null", "Hidden"),
                lost(entity, TypeRef.of(Entity.class), "field name", "Entity"),
                lost(tags, TypeRef.of(Tags.class), "field owner", "Tags"),
                lost(new Holder<>(new Hidden().note("n")), new TypeRef<Holder<Hidden>>() {}, "field value.note"));
    }

    private static Stream<Arguments> lostOrder() {
        TreeMap<String, Integer> byCase = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        byCase.put("a", 1);
        TreeSet<String> setByCase = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        LinkedHashMap<String, Integer> ordered = new LinkedHashMap<>();
        ordered.put("zzzzz", 1);
        ordered.put("a", 2);
        return Stream.of(
                lost(Set.of("a"), new TypeRef<Collection<String>>() {}, "comes back as a java.util.ArrayList"),
                lost(byCase, new TypeRef<TreeMap<String, Integer>>() {}, "comparator"),
                lost(byCase, new TypeRef<Map<String, Integer>>() {}, "comparator"),
                lost(setByCase, new TypeRef<TreeSet<String>>() {}, "comparator"),
                lost(ordered, new TypeRef<HashMap<String, Integer>>() {}, "java.lang.String"));
    }

    private static Stream<Arguments> others() {
        Node cycle = new Node();
        cycle.next = cycle;
        List<Object> deep = List.of();
        for (int i = 0; i < 2_000; i++) {
            deep = List.of(deep);
        }
        GregorianCalendar calendar = new GregorianCalendar(TimeZone.getTimeZone("Asia/Tokyo"));
        Timestamp nanos = new Timestamp(0);
        nanos.setNanos(5);
        return Stream.of(
                lost(new Holder<>(null), new TypeRef<Holder<Optional<String>>>() {}, "null comes back", "Optional"),
                lost(Pattern.compile("a", Pattern.CASE_INSENSITIVE), TypeRef.of(Pattern.class), "Pattern"),
                lost(nanos, TypeRef.of(Timestamp.class), "java.sql.Timestamp"),
                lost(calendar, TypeRef.of(Calendar.class), "java.util.GregorianCalendar"),
                lost(new IllegalStateException("x"), TypeRef.of(IllegalStateException.class), "IllegalState"),
                lost(new BigInteger("9".repeat(1_500)), TypeRef.of(BigInteger.class), "could not be read again"),
                lost(cycle, TypeRef.of(Node.class), "Node", "cannot be written"),
                lost(deep, new TypeRef<List<Object>>() {}, "cannot be written"),
                lost(Map.of(new Inner(1, "a"), 1), new TypeRef<Map<Inner, Integer>>() {}, "could not be read again"),
                lost(new Thread(), TypeRef.of(Thread.class), "java.lang.Thread"));
    }

    @ParameterizedTest(name = "[{index}] {0} as a {1}")
    @MethodSource
    @DisplayName("a value that JSON would lose or change is refused, with event, field and class named")
    void what_is_refused(Object value, TypeRef<?> type, String[] said) {
        EventType<?> event = EventType.of("lost.event", type);

        assertThatThrownBy(() -> PAYLOADS.write(event, value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("lost.event")
                .hasMessageContainingAll(said);
    }

    @Test
    @DisplayName("every payload is looked at, and not only the first of its class")
    void every_payload_is_looked_at() {
        EventType<Holder<Object>> event = EventType.of("held", new TypeRef<Holder<Object>>() {});
        PAYLOADS.write(event, new Holder<>("text"));

        assertThatThrownBy(() -> PAYLOADS.write(event, new Holder<>(5L))).hasMessageContaining("field value");
    }
}
