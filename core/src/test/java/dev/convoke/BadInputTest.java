package dev.convoke;

import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoke.event.Event;
import dev.convoke.event.EventArguments;
import dev.convoke.event.EventType;
import dev.convoke.listener.AsyncListener;
import dev.convoke.listener.EventContext;
import dev.convoke.listener.ListenerOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every wrong argument gets a message that says what, where and what was expected; and nothing is half done. */
class BadInputTest {
    private static final AsyncListener<Object> LISTENER = payload -> completedFuture(payload);
    private static final EventType<String> TYPE = EventType.of("typed", String.class);

    record Case(String message, Class<? extends Exception> exception, Call call) {
        interface Call {
            void on(AsyncEventCoordinator coordinator) throws Exception;
        }
    }

    private static Arguments illegal(String message, Case.Call call) {
        return Arguments.of(new Case(message, IllegalArgumentException.class, call));
    }

    private static Arguments isNull(String message, Case.Call call) {
        return Arguments.of(new Case(message, NullPointerException.class, call));
    }

    static Stream<Arguments> cases() {
        String tooLong = "x".repeat(256);
        return Stream.of(
                // names
                illegal("event name must not be empty", c -> c.subscribeToEvent("", LISTENER)),
                illegal("event name must not be empty", c -> c.publishEvent("")),
                illegal("event name must not be empty", c -> EventType.of("", String.class)),
                illegal("event name must have at most 255 characters, but has 256", c -> c.publishEvent(tooLong)),
                illegal(
                        "event name must have at most 255 characters, but has 256",
                        c -> c.subscribeToEvent(tooLong, LISTENER)),
                illegal(
                        "event name must not have control characters, but has U+000A at index 1",
                        c -> c.subscribeToEvent("a\nb", LISTENER)),
                illegal(
                        "event name must not have control characters, but has U+0000 at index 0",
                        c -> c.publishEvent("\0")),
                isNull("event name must not be null", c -> c.publishEvent((String) null)),
                isNull("event name must not be null", c -> c.subscribeToEvent((String) null, LISTENER)),
                isNull("event name must not be null", c -> c.listeners(null)),
                illegal("listener name must not be empty", c -> ListenerOptions.named("")),
                illegal("listener name must not have control characters", c -> ListenerOptions.named("\t")),
                illegal(
                        "argument name must not be empty",
                        c -> EventArguments.of().with("", 1)),
                illegal(
                        "attribute name must not be empty",
                        c -> PublishOptions.defaults().attribute("", "x")),
                illegal(
                        "event id must not be empty",
                        c -> PublishOptions.defaults().id("")),
                // nulls
                isNull("listener of event e must not be null", c -> c.subscribeToEvent("e", null)),
                isNull("options must not be null", c -> c.subscribeToEvent("e", LISTENER, null)),
                isNull("options must not be null", c -> c.publishEvent(TYPE, "x", null)),
                isNull("the payload of event typed must not be null", c -> c.publishEvent(TYPE, null)),
                isNull("the payload of event e must not be null", c -> c.publishEvent("e", (EventArguments) null)),
                isNull("positional arguments must not be null", c -> c.publishEvent("e", (Object[]) null)),
                isNull("payload type must not be null", c -> EventType.of("e", (Class<String>) null)),
                isNull("listener must not be null", c -> AsyncListener.blocking(null)),
                isNull(
                        "executor must not be null",
                        c -> ListenerOptions.defaults().executor(null)),
                isNull(
                        "ticker must not be null",
                        c -> AsyncEventCoordinator.builder().ticker(null)),
                isNull("timeout must not be null", c -> c.close(null)),
                // durations and numbers
                illegal(
                        "timeout must be positive: PT-1S",
                        c -> ListenerOptions.defaults().timeout(Duration.ofSeconds(-1))),
                illegal(
                        "timeout must be positive: PT0S",
                        c -> ListenerOptions.defaults().timeout(Duration.ZERO)),
                illegal(
                        "deadline must be positive: PT-1S",
                        c -> PublishOptions.defaults().deadline(Duration.ofSeconds(-1))),
                illegal(
                        "default timeout must be positive: PT0S",
                        c -> AsyncEventCoordinator.builder().defaultTimeout(Duration.ZERO)),
                illegal(
                        "drain timeout must not be negative: PT-1S",
                        c -> AsyncEventCoordinator.builder().drainTimeout(Duration.ofSeconds(-1))),
                illegal(
                        "max in flight must be positive: 0",
                        c -> AsyncEventCoordinator.builder().maxInFlight(0)),
                illegal(
                        "max depth must be positive: -1",
                        c -> AsyncEventCoordinator.builder().maxDepth(-1)),
                illegal(
                        "slow after must be positive: PT0S",
                        c -> AsyncEventCoordinator.builder().slowAfter(Duration.ZERO)),
                illegal(
                        "timeout must not be negative: PT-1S",
                        c -> c.publishEvent("e").await(Duration.ofSeconds(-1))),
                // misplaced
                illegal(
                        "event e was given a PublishOptions among its positional arguments",
                        c -> c.publishEvent("e", 1, PublishOptions.defaults())),
                illegal(
                        "event e was given a EventArguments among its positional arguments",
                        c -> c.publishEvent("e", 1, EventArguments.of(2))),
                illegal(
                        "a listener cannot have an executor and be inline",
                        c -> ListenerOptions.named("x").executor(Runnable::run).inline()),
                illegal(
                        "a listener cannot have an executor and be inline",
                        c -> ListenerOptions.named("x").inline().executor(Runnable::run)),
                illegal(
                        "causedBy needs the context that a coordinator gave to a listener",
                        c -> PublishOptions.defaults().causedBy(new ForeignContext())),
                illegal(
                        "the key function of event keyed failed: java.lang.IllegalStateException: planted",
                        c -> c.publishEvent(
                                EventType.of("keyed", String.class).keyedBy(s -> {
                                    throw new IllegalStateException("planted");
                                }),
                                "x")),
                illegal(
                        "the payload of event typed must be of type java.lang.String, but is java.lang.Integer",
                        BadInputTest::publishUnchecked));
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // what unchecked code may do
    private static void publishUnchecked(AsyncEventCoordinator coordinator) {
        coordinator.publishEvent((EventType) TYPE, (Object) 1);
    }

    private record ForeignContext() implements EventContext {
        @Override
        public Event<?> event() {
            throw new UnsupportedOperationException();
        }

        @Override
        public int attempt() {
            return 1;
        }

        @Override
        public Optional<Instant> deadline() {
            return Optional.empty();
        }

        @Override
        public boolean isCancelled() {
            return false;
        }

        @Override
        public void onCancel(Runnable callback) {}

        @Override
        public String idempotencyKey() {
            return "";
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    @DisplayName("a wrong argument gets a message that names it, and leaves nothing behind")
    void a_wrong_argument_is_named_and_leaves_nothing(Case wrong) {
        try (AsyncEventCoordinator coordinator = new AsyncEventCoordinator()) {
            ThrowingCallable call = () -> wrong.call().on(coordinator);
            assertThatThrownBy(call).isInstanceOf(wrong.exception()).hasMessageContaining(wrong.message());
            assertThat(coordinator.listeners()).isEmpty();
        }
    }

    @Test
    @DisplayName("names of 255 characters, in any script, are fine")
    void long_names_are_fine() {
        try (AsyncEventCoordinator coordinator = new AsyncEventCoordinator()) {
            String name = "é".repeat(255);
            coordinator.subscribeToEvent(name, LISTENER, ListenerOptions.named("日本 語"));
            assertThat(coordinator.publishEvent(name).outcome().join().succeeded())
                    .isTrue();
        }
    }

    @Test
    @DisplayName("durations beyond what nanoseconds can count mean a very long time")
    void very_long_durations_are_fine() throws Exception {
        Duration forever = Duration.ofSeconds(Long.MAX_VALUE);
        try (AsyncEventCoordinator coordinator = AsyncEventCoordinator.builder()
                .defaultTimeout(forever)
                .slowAfter(forever)
                .unobservedAfter(forever)
                .drainTimeout(forever)
                .build()) {
            coordinator.subscribeToEvent(
                    "e", LISTENER, ListenerOptions.defaults().timeout(forever));
            PublishOptions options = PublishOptions.defaults().deadline(forever);
            assertThat(coordinator
                            .publishEvent("e", EventArguments.of(), options)
                            .await(forever)
                            .succeeded())
                    .isTrue();
        }
    }

    @Test
    @DisplayName("a listener that cannot be called outside of a coordinator says so")
    void adapters_say_that_they_need_a_delivery() {
        assertThatThrownBy(() -> AsyncListener.blocking(x -> {}).onEvent("x")).hasMessageContaining("subscribe it");
        assertThatThrownBy(() ->
                        AsyncListener.withContext((x, c) -> completedFuture(1)).onEvent("x"))
                .hasMessageContaining("subscribe it");
    }

    @Test
    @DisplayName("an executor that runs on the caller's thread works, however deep publications nest")
    void a_same_thread_executor_does_not_overflow_the_stack() {
        Executor sameThread = Runnable::run;
        try (AsyncEventCoordinator coordinator =
                AsyncEventCoordinator.builder().executor(sameThread).build()) {
            coordinator.subscribeToEvent("nest", a -> {
                int left = a.get(0, Integer.class);
                return left == 0
                        ? completedFuture(0)
                        : coordinator.publishEvent("nest", left - 1).gather();
            });
            CompletableFuture<?> all = coordinator.publishEvent("nest", 20_000).gather();
            assertThat(all.orTimeout(20, SECONDS)).succeedsWithin(Duration.ofSeconds(20));
        }
    }
}
