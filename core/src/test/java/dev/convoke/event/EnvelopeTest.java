package dev.convoke.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class EnvelopeTest {
    private static final EventType<String> TYPE = EventType.of("text", String.class);
    private static final URI HERE = URI.create("urn:here");

    private static Event<String> event(String id, URI source, String payload) {
        return new Event<>(id, TYPE, payload, null, source, Instant.EPOCH, Map.of(), null);
    }

    @Test
    @DisplayName("an event is its parts")
    void parts() {
        Event<String> event =
                new Event<>("id", TYPE, "payload", "key", HERE, Instant.EPOCH, Map.of("tenant", "t"), "parent");
        assertThat(event.id()).isEqualTo("id");
        assertThat(event.type()).isSameAs(TYPE);
        assertThat(event.payload()).isEqualTo("payload");
        assertThat(event.key()).contains("key");
        assertThat(event.source()).isEqualTo(HERE);
        assertThat(event.time()).isEqualTo(Instant.EPOCH);
        assertThat(event.attributes()).containsExactly(Map.entry("tenant", "t"));
        assertThat(event.parentId()).contains("parent");
        assertThat(event).hasToString("text[id]");
        assertThat(event("id", HERE, "payload").key()).isEmpty();
        assertThat(event("id", HERE, "payload").parentId()).isEmpty();
    }

    @Test
    @DisplayName("two events are equal when source and id are, whatever they carry")
    void identity() {
        Event<String> event = event("id", HERE, "payload");
        Event<String> same = event("id", HERE, "another");
        assertThat(event).isEqualTo(same).hasSameHashCodeAs(same);
        Event<String> otherId = event("other", HERE, "payload");
        Event<String> otherSource = event("id", URI.create("urn:there"), "payload");
        assertThat(event).isNotEqualTo(otherId).isNotEqualTo(otherSource).isNotEqualTo("text[id]");
        assertThat(event.hashCode()).isNotEqualTo(otherId.hashCode()).isNotEqualTo(otherSource.hashCode());
    }

    @Test
    @DisplayName("an event keeps the attributes that it was made with, in their order, and lets nobody change them")
    void attributes() {
        Map<String, String> given = new LinkedHashMap<>();
        for (String name : new String[] {"z", "y", "x", "a"}) {
            given.put(name, name);
        }
        Event<String> event = new Event<>("id", TYPE, "payload", null, HERE, Instant.EPOCH, given, null);
        given.put("late", "late");
        assertThat(event.attributes().keySet()).containsExactly("z", "y", "x", "a");
        assertThatThrownBy(() -> event.attributes().put("b", "b")).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> event("id", HERE, "").attributes().put("b", "b"))
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    @DisplayName("an event lacks nothing that it must have")
    void checked() {
        assertThatThrownBy(() -> event("", HERE, "payload")).hasMessage("event id must not be empty");
        assertThatThrownBy(() -> event("id", null, "payload")).hasMessage("source must not be null");
        assertThatThrownBy(() -> event("id", HERE, null)).hasMessage("payload must not be null");
    }
}
