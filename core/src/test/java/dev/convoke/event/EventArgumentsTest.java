package dev.convoke.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class EventArgumentsTest {
    private final EventArguments arguments = EventArguments.of("a", 2).with("third", 3L);

    @Test
    @DisplayName("arguments are there by position and by name, in the type that is asked for or a wider one")
    void arguments_are_there() {
        assertThat(arguments.get(0, String.class)).isEqualTo("a");
        assertThat(arguments.get(1, int.class)).isEqualTo(2);
        assertThat(arguments.get(1, Number.class)).isEqualTo(2);
        assertThat(arguments.get("third", long.class)).isEqualTo(3L);
        assertThat(arguments.find("third", Long.class)).contains(3L);
        assertThat(arguments.positional()).containsExactly("a", 2);
        assertThat(arguments.named()).containsOnlyKeys("third");
    }

    @Test
    @DisplayName("a named argument that is given again has its new value, and the arguments before keep theirs")
    void with_makes_others() {
        EventArguments other = arguments.with("third", "three").with("fourth", 4);
        assertThat(other.named()).containsExactlyInAnyOrderEntriesOf(Map.of("third", "three", "fourth", 4));
        assertThat(other.positional()).containsExactly("a", 2);
        assertThat(arguments.named()).containsEntry("third", 3L).hasSize(1);
    }

    @Test
    @DisplayName(
            "S9: an argument that was not given is missing, and the message says what was expected and what there is")
    void S9_missing() {
        assertThatThrownBy(() -> arguments.get(2, String.class))
                .isInstanceOf(EventArgumentException.class)
                .hasMessage("argument 2 is missing: expected java.lang.String, but there are 2");
        assertThatThrownBy(() -> arguments.get(-1, String.class)).hasMessageContaining("argument -1 is missing");
        assertThatThrownBy(() -> arguments.get("fourth", int.class))
                .isInstanceOf(EventArgumentException.class)
                .hasMessage("argument 'fourth' is missing: expected int, but there are [third]");
        assertThat(arguments.find("fourth", int.class)).isEmpty();
    }

    @Test
    @DisplayName("S9: an argument of another type is refused, and the message has both types")
    void S9_mistyped() {
        assertThatThrownBy(() -> arguments.get(0, Integer.class))
                .isInstanceOf(EventArgumentException.class)
                .hasMessage("argument 0 is of another type: expected java.lang.Integer, actual java.lang.String");
        assertThatThrownBy(() -> arguments.get("third", int.class))
                .hasMessage("argument 'third' is of another type: expected int, actual java.lang.Long");
        assertThatThrownBy(() -> arguments.find("third", String.class)).isInstanceOf(EventArgumentException.class);
    }

    @Test
    @DisplayName("S9: the message names event and listener once, with the stack of where the argument was asked for")
    void S9_located() {
        EventArgumentException bare =
                catchThrowableOfType(EventArgumentException.class, () -> arguments.get(2, String.class));

        EventArgumentException located = bare.in("order.placed", "mailer");

        assertThat(located).hasMessage("event order.placed, listener mailer: " + bare.getMessage());
        assertThat(located.getStackTrace()).isEqualTo(bare.getStackTrace());
        assertThat(located.in("other", "other")).isSameAs(located);
    }

    @Test
    @DisplayName("arguments are equal when positions and names have equal values")
    void equality() {
        EventArguments same = EventArguments.of("a", 2).with("third", 3L);
        assertThat(arguments).isEqualTo(same).hasSameHashCodeAs(same);
        assertThat(arguments)
                .isNotEqualTo(EventArguments.of("a").with("third", 3L))
                .isNotEqualTo(EventArguments.of("a", 2).with("third", 4L))
                .isNotEqualTo(EventArguments.of("a", 2))
                .isNotEqualTo("a");
        assertThat(arguments.hashCode()).isNotEqualTo(EventArguments.of("a", 2).hashCode());
        assertThat(EventArguments.of().with("n", 1).hashCode())
                .isNotEqualTo(EventArguments.of(1).hashCode());
        assertThat(EventArguments.of()).isSameAs(EventArguments.of());
    }

    @Test
    @DisplayName("arguments are printed as they were given")
    void printed() {
        assertThat(arguments).hasToString("EventArguments[a, 2]{third=3}");
        assertThat(EventArguments.of("a")).hasToString("EventArguments[a]");
    }

    @Test
    @DisplayName("arguments and their names are checked when they are given")
    void checked() {
        assertThatThrownBy(() -> EventArguments.of((Object[]) null))
                .hasMessage("positional arguments must not be null");
        assertThatThrownBy(() -> arguments.with("", 1)).hasMessage("argument name must not be empty");
        assertThatThrownBy(() -> arguments.get("third", null)).hasMessage("type must not be null");
        assertThatThrownBy(() -> arguments.get(0, null)).hasMessage("type must not be null");
    }
}
