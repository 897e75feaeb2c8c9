package dev.convoke.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.TypeVariable;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class EventTypeTest {
    private static final EventType<String> TEXT = EventType.of("text", String.class);

    @Test
    @DisplayName(
            "P14: a type knows its name and what its payloads are instances of; primitive classes stand for their box")
    void P14_name_and_payload() {
        assertThat(TEXT.name()).isEqualTo("text");
        assertThat(TEXT.payloadType()).isEqualTo(String.class);
        assertThat(TEXT.rawType()).isEqualTo(String.class);
        assertThat(TEXT).hasToString("text(java.lang.String)");
        assertThat(EventType.of("n", int.class).rawType()).isEqualTo(Integer.class);
        assertThat(EventType.of("n", TypeRef.of(int.class)).payloadType()).isEqualTo(Integer.class);
        assertThat(EventType.of("n", TypeRef.of(String.class)).rawType()).isEqualTo(String.class);
    }

    @Test
    @DisplayName("P14: a TypeRef names a generic payload; what is neither a class nor a parameterized one is refused")
    void P14_generic_payload() {
        EventType<List<String>> texts = EventType.of("texts", new TypeRef<List<String>>() {});
        assertThat(texts.rawType()).isEqualTo(List.class);
        assertThat(texts.payloadType()).isInstanceOf(ParameterizedType.class);
        assertThat(texts).hasToString("texts(java.util.List<java.lang.String>)");

        TypeVariable<?> variable = List.class.getTypeParameters()[0];
        assertThatThrownBy(() -> EventType.of("any", TypeRef.of(variable)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("payload type of event any must be a class or a parameterized class: E");
    }

    @Test
    @DisplayName("P14: a TypeRef without its type argument is refused")
    @SuppressWarnings("rawtypes")
    void P14_a_raw_type_ref() {
        class Raw extends TypeRef {}

        assertThatThrownBy(Raw::new)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("TypeRef needs its type argument");
    }

    @Test
    @DisplayName("P7: a payload's key is what the function says, as text; null and an empty Optional are no key")
    void P7_keys() {
        assertThat(TEXT.keyOf("a")).isEmpty();
        assertThat(TEXT.keyedBy(String::length).keyOf("four")).contains("4");
        assertThat(TEXT.keyedBy(text -> Optional.of(text.length())).keyOf("four"))
                .contains("4");
        assertThat(TEXT.keyedBy(text -> Optional.empty()).keyOf("four")).isEmpty();
        assertThat(TEXT.keyedBy(text -> null).keyOf("four")).isEmpty();
    }

    @Test
    @DisplayName("P7: a key function that throws is named with its event")
    void P7_a_key_function_that_throws() {
        IllegalStateException planted = new IllegalStateException("planted");
        EventType<String> keyed = TEXT.keyedBy(text -> {
            throw planted;
        });
        assertThatThrownBy(() -> keyed.keyOf("a"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the key function of event text failed: " + planted)
                .hasCause(planted);
    }

    @Test
    @DisplayName("P16: key and policy are set one beside the other")
    void P16_key_and_policy() {
        EventType<String> both = TEXT.keyedBy(String::length).whenUnheard(Unheard.FAIL);
        assertThat(both.unheard()).isEqualTo(Unheard.FAIL);
        assertThat(both.keyOf("four")).contains("4");
        assertThat(both.keyedBy(text -> "k").unheard()).isEqualTo(Unheard.FAIL);
        assertThat(TEXT.unheard()).isEqualTo(Unheard.IGNORE);
    }

    @Test
    @DisplayName("a type is checked when it is made")
    void checked() {
        assertThatThrownBy(() -> EventType.of("", String.class)).hasMessage("event name must not be empty");
        assertThatThrownBy(() -> EventType.of("", new TypeRef<String>() {})).hasMessage("event name must not be empty");
        assertThatThrownBy(() -> EventType.of("e", (Class<?>) null)).hasMessage("payload type must not be null");
        assertThatThrownBy(() -> TEXT.keyedBy(null)).hasMessage("key must not be null");
        assertThatThrownBy(() -> TEXT.whenUnheard(null)).hasMessage("unheard must not be null");
    }
}
