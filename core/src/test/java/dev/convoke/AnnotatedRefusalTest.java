package dev.convoke;

import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoke.event.DeliveryResult;
import dev.convoke.event.DeliveryResult.Failed;
import dev.convoke.event.EventType;
import dev.convoke.listener.EventContext;
import dev.convoke.listener.NotAsyncListenerException;
import dev.convoke.listener.OnEvent;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What annotated methods are refused for. */
@SuppressWarnings({"UnusedMethod", "UnusedVariable"}) // listeners are called by their annotation
class AnnotatedRefusalTest {
    private static final EventType<String> TEXT = EventType.of("text", String.class);

    private final AsyncEventCoordinator coordinator = new AsyncEventCoordinator();

    private static final class Text {
        @OnEvent("text")
        CompletionStage<?> hear(String text) {
            return completedFuture(text);
        }
    }

    @AfterEach
    void close() {
        coordinator.close();
    }

    private static DeliveryResult only(Publication<?> publication) {
        return publication.outcome().orTimeout(20, SECONDS).join().results().get(0);
    }

    private void assertRefused(Object listeners, String message) {
        assertThatThrownBy(() -> coordinator.subscribeAnnotated(listeners))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(listeners.getClass().getTypeName() + ".")
                .hasMessageContaining(message);
        assertThat(coordinator.listeners()).isEmpty();
    }

    @Test
    @DisplayName("S3: a method that neither returns a stage nor is declared blocking is refused, with the two ways out")
    void S3_a_method_that_is_not_asynchronous_is_refused() {
        class Mailer {
            @OnEvent("text")
            void welcome(String name, EventContext context) {}
        }
        assertThatThrownBy(() -> coordinator.subscribeAnnotated(new Mailer()))
                .isInstanceOf(NotAsyncListenerException.class)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        Mailer.class.getTypeName() + ".welcome(String, EventContext) is not asynchronous, but returns "
                                + "void: return a CompletionStage, or declare it with @OnEvent(blocking = true)");
        assertThat(coordinator.listeners()).isEmpty();
    }

    @Test
    @DisplayName("S3: a value that is no stage is not asynchronous either, whatever it may be at run time")
    void S3_a_value_is_not_a_stage() {
        class Futures {
            @OnEvent("text")
            java.util.concurrent.Future<String> future(String text) {
                return completedFuture(text);
            }
        }
        assertThatThrownBy(() -> coordinator.subscribeAnnotated(new Futures()))
                .isInstanceOf(NotAsyncListenerException.class)
                .hasMessageContaining(
                        "Futures.future(String) is not asynchronous, but returns " + "java.util.concurrent.Future");
    }

    @Test
    @DisplayName("S3: a blocking method that returns a stage is refused: nobody would await it")
    void S3_a_blocking_method_that_returns_a_stage_is_refused() {
        class Both {
            @OnEvent(value = "text", blocking = true)
            CompletableFuture<String> both(String text) {
                return completedFuture(text);
            }
        }
        assertRefused(new Both(), "both(String) is declared blocking and returns a CompletionStage");
    }

    @Test
    @DisplayName("S3: a blocking method whose value turns out to be a stage fails its delivery")
    void S3_a_stage_for_a_value_fails() {
        class Hiding {
            @OnEvent(value = "text", blocking = true)
            Object hide(String text) {
                return completedFuture(text);
            }
        }
        coordinator.subscribeAnnotated(new Hiding());
        Failed failed = (Failed) only(coordinator.publishEvent(TEXT, "x"));
        assertThat(failed.cause())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("which nobody would await");
    }

    @Test
    @DisplayName("P17: a method whose parameters are not those of a listener is refused")
    void P17_other_parameters_are_refused() {
        class Two {
            @OnEvent("text")
            CompletionStage<?> two(String one, String two) {
                return completedFuture(one + two);
            }
        }
        class Reversed {
            @OnEvent("text")
            CompletionStage<?> reversed(EventContext context, String text) {
                return completedFuture(text);
            }
        }
        class Three {
            @OnEvent("text")
            CompletionStage<?> three(String text, EventContext context, EventContext more) {
                return completedFuture(text);
            }
        }
        String message = "must take a payload or an Event, then an EventContext, or some of that";
        assertRefused(new Two(), message);
        assertRefused(new Reversed(), message);
        assertRefused(new Three(), message);
    }

    @Test
    @DisplayName("P17: a payload type that nobody can know is refused")
    void P17_an_unknown_payload_type_is_refused() {
        class Generic<T> {
            @OnEvent("text")
            CompletionStage<?> any(T payload) {
                return completedFuture(payload);
            }
        }
        class Nested<T> {
            @OnEvent("text")
            CompletionStage<?> many(List<T> payloads) {
                return completedFuture(payloads);
            }
        }
        assertRefused(new Generic<String>(), "any(Object) has a payload of no known type: T");
        assertRefused(new Nested<String>(), "many(List) has a payload of no known type: java.util.List<T>");
    }

    @Test
    @DisplayName("P17: a value of the annotation that no listener could have is refused, with method and value")
    void P17_annotation_values_are_checked() {
        class Late {
            @OnEvent(value = "text", timeout = "2 s")
            CompletionStage<?> late(String text) {
                return completedFuture(text);
            }
        }
        class Instant {
            @OnEvent(value = "text", timeout = "PT0S")
            CompletionStage<?> instant(String text) {
                return completedFuture(text);
            }
        }
        class Never {
            @OnEvent(value = "text", attempts = 0)
            CompletionStage<?> never(String text) {
                return completedFuture(text);
            }
        }
        class Narrow {
            @OnEvent(value = "text", concurrency = -1)
            CompletionStage<?> narrow(String text) {
                return completedFuture(text);
            }
        }
        class Nameless {
            @OnEvent("")
            CompletionStage<?> nameless(String text) {
                return completedFuture(text);
            }
        }
        class Inline {
            @OnEvent(value = "text", blocking = true, inline = true)
            void both(String text) {}
        }
        class Pattern {
            @OnEvent("text.*")
            CompletionStage<?> all(String text) {
                return completedFuture(text);
            }
        }
        assertRefused(new Late(), "late(String) is refused: timeout must be in ISO-8601, as PT2S: 2 s");
        assertRefused(new Instant(), "instant(String) is refused: timeout must be positive: PT0S");
        assertRefused(new Never(), "never(String) is refused: attempts must be positive: 0");
        assertRefused(new Narrow(), "narrow(String) is refused: concurrency must be positive: -1");
        assertRefused(new Nameless(), "nameless(String) is refused: event name must not be empty");
        assertRefused(new Inline(), "both(String) blocks and cannot be inline");
        assertRefused(new Pattern(), "all(String) listens to the pattern text.*, whose events may have any payload");
    }

    @Test
    @DisplayName("P17: an object without annotated methods is refused, and so are nulls")
    void P17_nothing_to_subscribe_is_refused() {
        assertThatThrownBy(() -> coordinator.subscribeAnnotated("no listener"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no method of java.lang.String has @OnEvent");
        assertThatThrownBy(() -> coordinator.subscribeAnnotated(null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("listeners must not be null");
        assertThatThrownBy(() -> coordinator.subscribeAnnotated(new Text(), null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("lookup must not be null");
    }

    @Test
    @DisplayName("P17: all methods are subscribed or none, whether a check refuses one or its event does")
    void P17_all_or_none() {
        class OneIsNot {
            @OnEvent("a")
            CompletionStage<?> good(String text) {
                return completedFuture(text);
            }

            @OnEvent("b")
            void not(String text) {}
        }
        class OneIsTaken {
            @OnEvent("a")
            CompletionStage<?> good(String text) {
                return completedFuture(text);
            }

            @OnEvent("taken")
            CompletionStage<?> second(String text) {
                return completedFuture(text);
            }
        }
        EventType<Integer> taken = EventType.of("taken", Integer.class);
        coordinator.subscribeToEvent(taken, number -> completedFuture(number));

        assertThatThrownBy(() -> coordinator.subscribeAnnotated(new OneIsNot()))
                .isInstanceOf(NotAsyncListenerException.class);
        assertThatThrownBy(() -> coordinator.subscribeAnnotated(new OneIsTaken()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("java.lang.Integer")
                .hasMessageContaining("java.lang.String");

        assertThat(coordinator.listeners()).containsOnlyKeys("taken");
        assertThat(coordinator.listeners("taken")).hasSize(1);
    }

    @Test
    @DisplayName("P17: a closed coordinator takes no annotated listeners")
    void P17_a_closed_coordinator_takes_none() {
        coordinator.close();
        assertThatThrownBy(() -> coordinator.subscribeAnnotated(new Text()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("the coordinator is closed");
    }
}
