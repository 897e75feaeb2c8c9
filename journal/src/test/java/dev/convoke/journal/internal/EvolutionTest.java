package dev.convoke.journal.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.convoke.event.EventArguments;
import dev.convoke.event.EventType;
import dev.convoke.journal.JournalOptions;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The table of docs/evolution.md, a row a test: a class as it was writes a payload, and the class as it is reads it, without an upcaster and
 * with one.
 */
class EvolutionTest {
    private static final Path PAGE = Path.of("../docs/evolution.md");
    private static final String EVENT = "order.placed";

    // ---- the classes, before and after ----

    record Order(String customer, int cents) {}

    record WithNote(String customer, int cents, String note) {}

    record WithOptional(String customer, int cents, Optional<String> note) {}

    record WithCount(String customer, int cents, int count) {}

    /** A class of the old kind: a field that is not there keeps what its initializer says. */
    static final class OrderBean {
        public String customer;
        public int cents;
        public int count = 1;
    }

    record WithoutCents(String customer) {}

    record Renamed(String client, int cents) {}

    record WithAlias(@JsonAlias("customer") String client, int cents) {}

    record Wide(String customer, long cents) {}

    record Decimal(String customer, double cents) {}

    record Exact(String customer, BigDecimal cents) {}

    record Narrow(String customer, byte cents) {}

    record AsText(String customer, String cents) {}

    record Long64(long at) {}

    record AsInstant(Instant at) {}

    enum SizeBefore {
        SMALL
    }

    enum SizeNow {
        SMALL,
        LARGE
    }

    record SizedBefore(SizeBefore size) {}

    record SizedNow(SizeNow size) {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
    @JsonSubTypes(@JsonSubTypes.Type(value = CardBefore.class, name = "card"))
    sealed interface PaidBefore {}

    record CardBefore(String number) implements PaidBefore {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
    @JsonSubTypes({
        @JsonSubTypes.Type(value = CardNow.class, name = "card"),
        @JsonSubTypes.Type(value = CashNow.class, name = "cash")
    })
    sealed interface PaidNow {}

    record CardNow(String number) implements PaidNow {}

    record CashNow(int cents) implements PaidNow {}

    // ---- how it is tried ----

    private static <B, N> Object read(Class<B> before, B payload, Class<N> now) {
        return read(before, payload, now, JournalOptions.defaults());
    }

    private static <B, N> Object read(Class<B> before, B payload, Class<N> now, JournalOptions options) {
        String json = new Payloads(JournalOptions.defaults()).write(EventType.of(EVENT, before), payload);
        return new Payloads(options).read(EventType.of(EVENT, now), 1, json);
    }

    private static JournalOptions upcaster(UnaryOperator<JsonNode> upcaster) {
        return JournalOptions.defaults().version(EVENT, 2).upcaster(EVENT, 1, upcaster);
    }

    private static JournalOptions put(String field, @Nullable JsonNode value) {
        return upcaster(payload -> ((ObjectNode) payload).set(field, value));
    }

    private static JsonNode json(String text) {
        return JsonFormat.OWN.readTree(text);
    }

    private static <B, N> void assertUnreadable(Class<B> before, B payload, Class<N> now, String... said) {
        assertThatThrownBy(() -> read(before, payload, now))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("event order.placed", "published in version 1", "in version 1", "upcaster")
                .hasMessageContainingAll(said);
    }

    private static final Order ADA = new Order("ada", 500);

    // ---- a row each ----

    @Test
    @DisplayName("a field of an object type is added")
    void added_object() {
        assertThat(read(Order.class, ADA, WithNote.class)).isEqualTo(new WithNote("ada", 500, null));
        assertThat(read(Order.class, ADA, WithOptional.class))
                .isEqualTo(new WithOptional("ada", 500, Optional.empty()));
        assertThat(read(Order.class, ADA, WithNote.class, put("note", json("\"none\""))))
                .isEqualTo(new WithNote("ada", 500, "none"));
    }

    @Test
    @DisplayName("a field of a primitive type is added to a record")
    void added_primitive() {
        assertUnreadable(Order.class, ADA, WithCount.class, "field count: it is missing, or null, and int has no null");
        assertThat(read(Order.class, ADA, WithCount.class, put("count", json("1"))))
                .isEqualTo(new WithCount("ada", 500, 1));
    }

    @Test
    @DisplayName("a field is added to a class with setters or public fields")
    void added_to_a_bean() {
        assertThat(read(Order.class, ADA, OrderBean.class))
                .isInstanceOfSatisfying(
                        OrderBean.class, bean -> assertThat(bean.count).isEqualTo(1));
        assertThat(read(Order.class, ADA, OrderBean.class, put("count", json("7"))))
                .isInstanceOfSatisfying(
                        OrderBean.class, bean -> assertThat(bean.count).isEqualTo(7));
    }

    @Test
    @DisplayName("a field is removed")
    void removed() {
        assertThat(read(Order.class, ADA, WithoutCents.class)).isEqualTo(new WithoutCents("ada"));
        assertThat(read(
                        Order.class,
                        ADA,
                        WithoutCents.class,
                        upcaster(payload -> ((ObjectNode) payload).without("cents"))))
                .isEqualTo(new WithoutCents("ada"));
    }

    @Test
    @DisplayName("a field is renamed")
    void renamed() {
        assertUnreadable(Order.class, ADA, Renamed.class, "field customer", "lacks the field client", "@JsonAlias");
        assertThat(read(Order.class, ADA, WithAlias.class)).isEqualTo(new WithAlias("ada", 500));
        assertThat(read(Order.class, ADA, Renamed.class, upcaster(payload -> {
                    ObjectNode order = (ObjectNode) payload;
                    return order.set("client", order.remove("customer"));
                })))
                .isEqualTo(new Renamed("ada", 500));
    }

    @Test
    @DisplayName("a number's type is widened")
    void widened() {
        assertThat(read(Order.class, ADA, Wide.class)).isEqualTo(new Wide("ada", 500));
        assertThat(read(Order.class, ADA, Decimal.class)).isEqualTo(new Decimal("ada", 500));
        assertThat(read(Order.class, ADA, Exact.class)).isEqualTo(new Exact("ada", new BigDecimal("500")));
        assertThat(read(
                        Order.class,
                        ADA,
                        Decimal.class,
                        upcaster(payload -> ((ObjectNode) payload)
                                .put("cents", payload.path("cents").intValue() / 100.0))))
                .isEqualTo(new Decimal("ada", 5.0));
    }

    @Test
    @DisplayName("a number's type is narrowed")
    void narrowed() {
        assertThat(read(Wide.class, new Wide("ada", 500), Order.class)).isEqualTo(ADA);
        assertUnreadable(Wide.class, new Wide("ada", 1L << 40), Order.class, "field cents");
        assertUnreadable(Wide.class, new Wide("ada", (1L << 53) + 1), Decimal.class, "field cents", "double");
        assertUnreadable(Order.class, ADA, Narrow.class, "field cents", "byte");
        assertUnreadable(Decimal.class, new Decimal("ada", 1.5), Order.class, "field cents");
        assertThat(read(
                        Decimal.class,
                        new Decimal("ada", 1.5),
                        Order.class,
                        upcaster(payload -> ((ObjectNode) payload)
                                .put(
                                        "cents",
                                        payload.path("cents").decimalValue().intValue()))))
                .isEqualTo(new Order("ada", 1));
    }

    @Test
    @DisplayName("a field's type becomes another one")
    void another_type() {
        assertUnreadable(Order.class, ADA, AsText.class, "field cents");
        assertUnreadable(AsText.class, new AsText("ada", "500"), Order.class, "field cents");
        assertUnreadable(Long64.class, new Long64(1_700_000_000_000L), AsInstant.class, "field at");
        assertThat(read(
                        Order.class,
                        ADA,
                        AsText.class,
                        upcaster(payload -> ((ObjectNode) payload)
                                .put("cents", payload.path("cents").toString()))))
                .isEqualTo(new AsText("ada", "500"));
    }

    @Test
    @DisplayName("a constant is added to an enum")
    void constant_added() {
        assertThat(read(SizedBefore.class, new SizedBefore(SizeBefore.SMALL), SizedNow.class))
                .isEqualTo(new SizedNow(SizeNow.SMALL));
    }

    @Test
    @DisplayName("a constant is removed from an enum, or not known yet by an older process")
    void constant_unknown() {
        SizedNow large = new SizedNow(SizeNow.LARGE);
        assertUnreadable(SizedNow.class, large, SizedBefore.class, "field size", "LARGE");
        assertThat(read(SizedNow.class, large, SizedBefore.class, put("size", json("\"SMALL\""))))
                .isEqualTo(new SizedBefore(SizeBefore.SMALL));
    }

    @Test
    @DisplayName("a subtype is added to a sealed hierarchy with @JsonTypeInfo")
    void subtype_added() {
        assertThat(read(PaidBefore.class, new CardBefore("4242"), PaidNow.class))
                .isEqualTo(new CardNow("4242"));
    }

    @Test
    @DisplayName("a subtype is removed, or not known yet by an older process")
    void subtype_unknown() {
        assertUnreadable(PaidNow.class, new CashNow(5), PaidBefore.class, "cash");
        assertThat(read(
                        PaidNow.class,
                        new CashNow(5),
                        PaidBefore.class,
                        upcaster(payload -> json("{\"@type\":\"card\",\"number\":\"cash\"}"))))
                .isEqualTo(new CardBefore("cash"));
    }

    @Test
    @DisplayName("an event is renamed, with JournalOptions.renamedEvent")
    void event_renamed() {
        String json = new Payloads(JournalOptions.defaults()).write(EventType.of("order.made", Order.class), ADA);
        Payloads now = new Payloads(JournalOptions.defaults().renamedEvent("order.made", EVENT));
        now.know(EventType.of(EVENT, Order.class));

        assertThat(now.typeOf("order.made")).isSameAs(now.typeOf(EVENT));
        assertThat(now.read(now.typeOf("order.made"), 1, json)).isEqualTo(ADA);
        Payloads upcasting = new Payloads(put("cents", json("7")).renamedEvent("order.made", EVENT));
        assertThat(upcasting.read(EventType.of(EVENT, Order.class), 1, json)).isEqualTo(new Order("ada", 7));
    }

    /** Where the class was moved to. */
    static final class Elsewhere {
        record OrderPlaced(String customer, int cents) {}
    }

    @Test
    @DisplayName("a class is renamed or moved")
    void class_renamed() {
        assertThat(read(Order.class, ADA, Elsewhere.OrderPlaced.class))
                .isEqualTo(new Elsewhere.OrderPlaced("ada", 500));
        assertThat(read(Order.class, ADA, Elsewhere.OrderPlaced.class, put("cents", json("7"))))
                .isEqualTo(new Elsewhere.OrderPlaced("ada", 7));
    }

    @Test
    @DisplayName("an event without a type gets one, or loses it")
    void typed() {
        String untyped = new Payloads(JournalOptions.defaults())
                .write(EventType.of(EVENT, EventArguments.class), EventArguments.of("ada", 500L));
        Payloads plain = new Payloads(JournalOptions.defaults());
        assertThatThrownBy(() -> plain.read(EventType.of(EVENT, Order.class), 1, untyped))
                .hasMessageContainingAll("field cents", "upcaster");
        String typed = plain.write(EventType.of(EVENT, Order.class), ADA);
        assertThatThrownBy(() -> plain.read(EventType.of(EVENT, EventArguments.class), 1, typed))
                .hasMessageContainingAll("not the arguments", "upcaster");
        JournalOptions upcaster = upcaster(payload -> JsonFormat.OWN
                .createObjectNode()
                .put("customer", payload.path("positional").path(0).stringValue())
                .put(
                        "cents",
                        Integer.parseInt(
                                payload.path("positional").path(1).path("@Long").stringValue())));
        assertThat(new Payloads(upcaster).read(EventType.of(EVENT, Order.class), 1, untyped))
                .isEqualTo(ADA);
    }

    // ---- versions ----

    @Test
    @DisplayName("an upcaster that is missing, fails or returns null is named, with its version")
    void upcasters_that_fail() {
        assertThatThrownBy(() -> read(
                        Order.class, ADA, Order.class, JournalOptions.defaults().version(EVENT, 2)))
                .hasMessageContainingAll(EVENT, "there is no upcaster", "version 1");
        assertThatThrownBy(() -> read(Order.class, ADA, Order.class, upcaster(payload -> null)))
                .hasMessageContainingAll(EVENT, "version 1", "returned null");
        assertThatThrownBy(() -> read(Order.class, ADA, Order.class, upcaster(payload -> {
                    throw new IllegalStateException("no words");
                })))
                .hasMessageContainingAll(EVENT, "version 1", "no words");
    }

    @Test
    @DisplayName("a version that this process does not know yet is named beside those it knows")
    void a_newer_version() {
        Payloads old = new Payloads(JournalOptions.defaults());

        assertThatThrownBy(() -> old.read(EventType.of(EVENT, Order.class), 2, "{}"))
                .hasMessageContainingAll(EVENT, "is in version 2, and this process knows those up to 1");
    }

    @Test
    @DisplayName("an upcaster passes numbers on with all their digits")
    void upcasters_round_nothing() {
        record Price(BigDecimal amount, String note) {}
        BigDecimal exact = new BigDecimal("0.1234567890123456789012345678901234567890");

        assertThat(read(Price.class, new Price(exact, "a"), Price.class, put("note", json("\"b\""))))
                .isEqualTo(new Price(exact, "b"));
        assertThat(read(Price.class, new Price(new BigDecimal("1.50"), "a"), Price.class, put("note", json("\"b\""))))
                .isEqualTo(new Price(new BigDecimal("1.50"), "b"));
    }

    @Test
    @DisplayName("the page has a row for each of these tests, and no other")
    void the_page_has_these_rows() throws IOException {
        Set<String> rows = Pattern.compile("<!-- (\\w+) -->")
                .matcher(Files.readString(PAGE))
                .results()
                .map(row -> row.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> tests = Arrays.stream(EvolutionTest.class.getDeclaredMethods())
                .filter(method -> method.isAnnotationPresent(Test.class))
                .map(method -> method.getName())
                .filter(name -> !Map.of("the_page_has_these_rows", 1).containsKey(name))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(rows).isEqualTo(tests);
    }
}
