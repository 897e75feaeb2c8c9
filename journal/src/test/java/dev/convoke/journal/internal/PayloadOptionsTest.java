package dev.convoke.journal.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.convoke.event.EventArguments;
import dev.convoke.event.EventType;
import dev.convoke.journal.JournalOptions;
import dev.convoke.journal.PayloadCodec;
import dev.convoke.journal.PayloadFormat;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.function.BinaryOperator;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.ser.std.StdSerializer;

/** JSON as a user wants it, encrypted, or not at all: what comes back is what went in, whatever is chosen. */
class PayloadOptionsTest {
    /** As immutable classes are written where nobody thinks of JSON. */
    static final class Money {
        private final long cents;
        private final String currency;

        Money(long cents, String currency) {
            this.cents = cents;
            this.currency = currency;
        }

        long cents() {
            return cents;
        }

        String currency() {
            return currency;
        }
    }

    /** What somebody else says about it. */
    abstract static class MoneyMixIn {
        @JsonCreator
        MoneyMixIn(@JsonProperty("cents") long cents, @JsonProperty("currency") String currency) {}

        @JsonProperty
        abstract long cents();

        @JsonProperty
        abstract String currency();
    }

    abstract static class WithoutCurrency {
        @JsonIgnore
        String currency;

        @JsonCreator
        WithoutCurrency(@JsonProperty("cents") long cents) {}

        @JsonProperty
        abstract long cents();
    }

    record Order(String customerName, Money price) {}

    private static final EventType<Money> PAID = EventType.of("paid", Money.class);
    private static final EventType<Order> PLACED = EventType.of("placed", Order.class);

    @Test
    @DisplayName("an immutable class that Jackson cannot make is rejected, and with a mix-in comes back")
    void a_mix_in() {
        assertThatThrownBy(() -> new Payloads(JournalOptions.defaults()).write(PAID, new Money(5, "EUR")))
                .hasMessageContainingAll("event paid", "Money");

        Payloads payloads =
                new Payloads(JournalOptions.defaults().json(json -> json.addMixIn(Money.class, MoneyMixIn.class)));
        String json = payloads.write(PAID, new Money(5, "EUR"));

        assertThat(json).isEqualTo("{\"cents\":5,\"currency\":\"EUR\"}");
        assertThat(payloads.read(PAID, 1, json)).usingRecursiveComparison().isEqualTo(new Money(5, "EUR"));
    }

    /** Money as a text: {@code "5 EUR"}. */
    private static SimpleModule moneyModule() {
        return new SimpleModule("money")
                .addSerializer(new StdSerializer<Money>(Money.class) {
                    @Override
                    public void serialize(Money money, JsonGenerator generator, SerializationContext context) {
                        generator.writeString(money.cents() + " " + money.currency());
                    }
                })
                .addDeserializer(Money.class, new StdDeserializer<>(Money.class) {
                    @Override
                    public Money deserialize(JsonParser parser, DeserializationContext context) {
                        String[] parts = parser.getString().split(" ", 2);
                        return new Money(Long.parseLong(parts[0]), parts[1]);
                    }
                });
    }

    @Test
    @DisplayName("a house's own module and settings apply on top of the journal's, and not to what is not a payload")
    void a_module() {
        Payloads payloads = new Payloads(JournalOptions.defaults()
                .json(json ->
                        json.addModule(moneyModule()).propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)));

        String json = payloads.write(PLACED, new Order("ada", new Money(5, "EUR")));

        assertThat(json).isEqualTo("{\"customer_name\":\"ada\",\"price\":\"5 EUR\"}");
        assertThat(payloads.read(PLACED, 1, json))
                .usingRecursiveComparison()
                .isEqualTo(new Order("ada", new Money(5, "EUR")));
        assertThat(payloads.writeAttributes(java.util.Map.of("customerName", "a")))
                .isEqualTo("{\"customerName\":\"a\"}");
    }

    @Test
    @DisplayName("a module that loses something is found out, unless a mix-in says that it may be lost")
    void a_module_that_loses_something() {
        JournalOptions losing = JournalOptions.defaults()
                .json(json ->
                        json.addModule(moneyModule().addDeserializer(Money.class, new StdDeserializer<>(Money.class) {
                            @Override
                            public Money deserialize(JsonParser parser, DeserializationContext context) {
                                return new Money(5, "USD");
                            }
                        })));
        JournalOptions declared =
                JournalOptions.defaults().json(json -> json.addMixIn(Money.class, WithoutCurrency.class));

        assertThatThrownBy(() -> new Payloads(losing).write(PLACED, new Order("ada", new Money(5, "EUR"))))
                .hasMessageContainingAll("event placed", "field price.currency", "Money");
        assertThatThrownBy(() -> new Payloads(losing).write(PAID, new Money(5, "EUR")))
                .hasMessageContaining("field currency");
        assertThat(new Payloads(losing).write(PAID, new Money(5, "USD"))).isEqualTo("\"5 USD\"");
        // a constructor with one parameter is not there, so that the mix-in's is not used: the class cannot be made
        assertThatThrownBy(() -> new Payloads(declared).write(PAID, new Money(5, "EUR")))
                .hasMessageContaining("Money");
    }

    // ---- codecs ----

    /** Encrypts with a key of sixteen zeros; do not do this at home. */
    private static final class Encryption implements PayloadCodec {
        private final SecretKeySpec key = new SecretKeySpec(new byte[16], "AES");

        @Override
        public String encode(EventType<?> type, String text) throws GeneralSecurityException {
            Cipher cipher = Cipher.getInstance("AES");
            cipher.init(Cipher.ENCRYPT_MODE, key);
            return Base64.getEncoder()
                    .encodeToString(cipher.doFinal(text.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        }

        @Override
        public String decode(EventType<?> type, String stored) throws GeneralSecurityException {
            Cipher cipher = Cipher.getInstance("AES");
            cipher.init(Cipher.DECRYPT_MODE, key);
            return new String(
                    cipher.doFinal(Base64.getDecoder().decode(stored)), java.nio.charset.StandardCharsets.UTF_8);
        }
    }

    record Note(String text) {}

    private static final EventType<Note> NOTED = EventType.of("noted", Note.class);

    @Test
    @DisplayName("a codec encrypts what is stored; upcasters see what was encrypted")
    void encryption() {
        JournalOptions encrypted = JournalOptions.defaults().codec(new Encryption());

        String stored = new Payloads(encrypted).write(NOTED, new Note("secret"));

        assertThat(stored).doesNotContain("secret");
        assertThat(new Payloads(encrypted).read(NOTED, 1, stored)).isEqualTo(new Note("secret"));
        Payloads next = new Payloads(encrypted
                .version("noted", 2)
                .upcaster(
                        "noted",
                        1,
                        payload -> ((ObjectNode) payload)
                                .put("text", payload.path("text").stringValue() + "!")));
        assertThat(next.read(NOTED, 1, stored)).isEqualTo(new Note("secret!"));
        EventType<EventArguments> untyped = EventType.of("untyped", EventArguments.class);
        assertThat(new Payloads(encrypted)
                        .read(untyped, 1, new Payloads(encrypted).write(untyped, EventArguments.of(5L))))
                .isEqualTo(EventArguments.of(5L));
    }

    private static PayloadCodec codec(BinaryOperator<String> encode, BinaryOperator<String> decode) {
        return new PayloadCodec() {
            @Override
            public String encode(EventType<?> type, String text) {
                return encode.apply(type.name(), text);
            }

            @Override
            public String decode(EventType<?> type, String stored) {
                return decode.apply(type.name(), stored);
            }
        };
    }

    private static String failing(String name, String text) {
        throw new IllegalStateException("no key");
    }

    @Test
    @DisplayName(
            "a codec that fails, or does not give back what it got, rejects the publication, or makes the delivery unreadable")
    void codecs_that_fail() {
        BinaryOperator<String> same = (name, text) -> text;
        assertThatThrownBy(() -> write(codec(PayloadOptionsTest::failing, same)))
                .hasMessageContainingAll("event noted", "cannot be encoded", "no key");
        assertThatThrownBy(() -> write(codec(same, PayloadOptionsTest::failing)))
                .hasMessageContainingAll("event noted", "cannot be decoded again", "no key");
        assertThatThrownBy(() -> write(codec(same, (name, text) -> text + " ")))
                .hasMessageContainingAll("event noted", "another text");
        assertThatThrownBy(() -> write(codec((name, text) -> null, same))).hasMessageContaining("event noted");
        Payloads failing = new Payloads(JournalOptions.defaults().codec(codec(same, PayloadOptionsTest::failing)));
        assertThatThrownBy(() -> failing.read(NOTED, 1, "{}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("event noted", "version 1", "no key");
    }

    private static String write(PayloadCodec codec) {
        return new Payloads(JournalOptions.defaults().codec(codec)).write(NOTED, new Note("a"));
    }

    // ---- another format ----

    /** Notes as they are; nothing else. */
    private static final class Bare implements PayloadFormat {
        @Override
        public String write(EventType<?> type, Object payload) {
            return ((Note) payload).text();
        }

        @Override
        public Object read(EventType<?> type, int version, String text) {
            return new Note(version == 1 ? text : text.trim());
        }
    }

    @Test
    @DisplayName("a format replaces JSON: what it loses is rejected, and it is told the version that it reads")
    void another_format() {
        JournalOptions bare = JournalOptions.defaults().format(new Bare());
        Payloads first = new Payloads(bare);
        Payloads second = new Payloads(bare.version("noted", 2));

        assertThat(first.write(NOTED, new Note("a "))).isEqualTo("a ");
        assertThat(second.read(NOTED, 1, "a ")).isEqualTo(new Note("a "));
        assertThatThrownBy(() -> second.write(NOTED, new Note("a ")))
                .hasMessageContainingAll("event noted", "field text", "another value");
        assertThatThrownBy(() -> first.write(PAID, new Money(5, "EUR")))
                .hasMessageContainingAll("event paid", "cannot be written");
        assertThat(new Payloads(bare.codec(new Encryption())).write(NOTED, new Note("secret")))
                .doesNotContain("secret");
    }

    @Test
    @DisplayName("a format and upcasters exclude each other")
    void a_format_and_upcasters() {
        JournalOptions bare = JournalOptions.defaults().format(new Bare());
        JournalOptions upcast = JournalOptions.defaults().upcaster("noted", 1, payload -> payload);

        assertThatThrownBy(() -> bare.upcaster("noted", 1, payload -> payload))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("PayloadFormat.read");
        assertThatThrownBy(() -> upcast.format(new Bare())).isInstanceOf(IllegalArgumentException.class);
    }
}
