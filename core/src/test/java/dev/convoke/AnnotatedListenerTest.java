package dev.convoke;

import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoke.event.DeliveryResult;
import dev.convoke.event.DeliveryResult.Failed;
import dev.convoke.event.DeliveryResult.Succeeded;
import dev.convoke.event.Event;
import dev.convoke.event.EventArguments;
import dev.convoke.event.EventType;
import dev.convoke.event.TypeRef;
import dev.convoke.listener.EventContext;
import dev.convoke.listener.ListenerInfo;
import dev.convoke.listener.OnEvent;
import dev.convoke.listener.Subscription;
import dev.convoke.testing.Waiting;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** How annotated methods behave: as lambdas do. Which ones are found: {@link AnnotatedMethodsTest}. */
@SuppressWarnings({"UnusedMethod", "UnusedVariable"}) // listeners are called by their annotation
class AnnotatedListenerTest {
    private static final EventType<String> TEXT = EventType.of("text", String.class);

    private final AsyncEventCoordinator coordinator = new AsyncEventCoordinator();

    @AfterEach
    void close() {
        coordinator.close();
    }

    private static List<Object> values(Publication<?> publication) {
        return publication.gather().orTimeout(20, SECONDS).join();
    }

    private static DeliveryResult only(Publication<?> publication) {
        return publication.outcome().orTimeout(20, SECONDS).join().results().get(0);
    }

    // ---- what a method is given, and gives ----

    private static final class Texts {
        @OnEvent("text")
        CompletionStage<String> a(String text) {
            return completedFuture("a " + text);
        }

        @OnEvent("text")
        CompletableFuture<String> b(String text, EventContext context) {
            return completedFuture("b " + text + context.attempt());
        }

        @OnEvent("text")
        CompletionStage<?> c(Event<String> event) {
            return completedFuture("c " + event.payload());
        }

        @OnEvent("text")
        CompletionStage<?> d(Event<String> event, EventContext context) {
            return completedFuture("d " + event.equals(context.event()) + event.payload());
        }
    }

    @Test
    @DisplayName("P17: a method takes the payload, or the event around it, and the context if it wants one")
    void P17_payload_event_and_context() {
        coordinator.subscribeAnnotated(new Texts());
        assertThat(values(coordinator.publishEvent(TEXT, "x"))).containsExactly("a x", "b x1", "c x", "d truex");
    }

    private static final class Arguments {
        @OnEvent("named")
        CompletionStage<?> a(EventArguments arguments) {
            return completedFuture("a " + arguments.get(0, String.class));
        }

        @OnEvent("named")
        CompletionStage<?> b() {
            return completedFuture("b");
        }

        @OnEvent("named")
        CompletionStage<?> c(EventContext context) {
            return completedFuture("c " + context.event().type().name());
        }

        @OnEvent("named")
        CompletionStage<?> d(Event<?> event) {
            return completedFuture("d " + event.payload());
        }

        @OnEvent("named")
        @SuppressWarnings("rawtypes")
        CompletionStage<?> e(Event event, EventContext context) {
            return completedFuture("e " + event.payload());
        }
    }

    @Test
    @DisplayName("P17: a method that names no payload type listens to an event with arguments")
    void P17_without_a_payload_type_it_is_an_event_with_arguments() {
        coordinator.subscribeAnnotated(new Arguments());
        assertThat(values(coordinator.publishEvent("named", "x")))
                .containsExactly("a x", "b", "c named", "d EventArguments[x]", "e EventArguments[x]");
    }

    private static final class Payloads {
        @OnEvent(value = "number", blocking = true)
        long primitive(int number) {
            return number + 1L;
        }

        @OnEvent("numbers")
        CompletionStage<?> generic(List<Integer> numbers) {
            return completedFuture(numbers.size());
        }

        @OnEvent("words")
        CompletionStage<?> array(String... words) {
            return completedFuture(words.length);
        }

        @OnEvent(value = "nothing", blocking = true)
        void nothing(String text) {}

        @OnEvent(value = "nothing", blocking = true)
        String nullValue(Event<String> event, EventContext context) {
            return null;
        }
    }

    @Test
    @DisplayName(
            "P17: the parameter is the payload type, primitive and generic ones too; a blocking method's value the result")
    void P17_payload_types_and_values() {
        coordinator.subscribeAnnotated(new Payloads());

        assertThat(values(coordinator.publishEvent(EventType.of("number", int.class), 41)))
                .containsExactly(42L);
        EventType<List<Integer>> numbers = EventType.of("numbers", new TypeRef<List<Integer>>() {});
        assertThat(values(coordinator.publishEvent(numbers, List.of(1, 2)))).containsExactly(2);
        assertThat(values(coordinator.publishEvent(EventType.of("words", String[].class), new String[] {"a", "b"})))
                .containsExactly(2);
        assertThat(values(coordinator.publishEvent(EventType.of("nothing", String.class), "x")))
                .containsExactly(null, null);
        assertThat(coordinator.listeners("numbers"))
                .extracting(ListenerInfo::payloadType)
                .containsExactly(numbers.payloadType());
    }

    // ---- as lambdas do ----

    @SuppressWarnings("DoNotCallSuggester") // that is what is tested
    private static final class Failing {
        final IOException checked = new IOException("checked");
        final AssertionError error = new AssertionError("error");
        final Throwable neither = new Throwable("neither");

        @OnEvent("text")
        CompletionStage<?> a(String text) throws IOException {
            throw checked;
        }

        @OnEvent(value = "text", blocking = true)
        void b(String text) throws Throwable {
            throw neither;
        }

        @OnEvent(value = "text", inline = true)
        CompletionStage<?> c(String text) {
            throw error;
        }

        @OnEvent("text")
        CompletionStage<?> d(String text) {
            return CompletableFuture.failedFuture(checked);
        }

        @OnEvent("text")
        CompletionStage<?> e(String text) {
            return null;
        }
    }

    @Test
    @DisplayName("P17: what a method throws is the delivery's cause, the same object, a checked one too")
    void P17_exceptions_arrive_as_thrown() {
        Failing failing = new Failing();
        coordinator.subscribeAnnotated(failing);
        List<DeliveryResult> results = coordinator
                .publishEvent(TEXT, "x")
                .outcome()
                .orTimeout(20, SECONDS)
                .join()
                .results();

        assertThat(results).hasSize(5).hasOnlyElementsOfType(Failed.class);
        assertThat(((Failed) results.get(0)).cause()).isSameAs(failing.checked);
        assertThat(((Failed) results.get(1)).cause()).isSameAs(failing.neither);
        assertThat(((Failed) results.get(2)).cause()).isSameAs(failing.error);
        assertThat(((Failed) results.get(3)).cause()).isSameAs(failing.checked);
        assertThat(((Failed) results.get(4)).cause()).hasMessageContaining("null");
    }

    @Test
    @DisplayName("P17: a missing argument fails the method as it fails a lambda: with event, listener, place and type")
    void P17_a_missing_argument_names_event_and_listener() {
        coordinator.subscribeAnnotated(new Arguments());
        Failed failed = (Failed) only(coordinator.publishEvent("named", 7));
        assertThat(failed.cause())
                .hasMessage("event named, listener named#1: argument 0 is of another type: "
                        + "expected java.lang.String, actual java.lang.Integer");
    }

    private static final class Optioned {
        final AtomicReference<String> thread = new AtomicReference<>();

        @OnEvent("text")
        CompletionStage<?> plain(String text) {
            return completedFuture(text);
        }

        @OnEvent(
                value = "text",
                id = "tuned",
                inline = true,
                ordered = true,
                once = true,
                concurrency = 3,
                attempts = 4,
                timeout = "PT2.5S")
        CompletionStage<?> tuned(String text) {
            thread.set(Thread.currentThread().getName());
            return completedFuture(text);
        }
    }

    @Test
    @DisplayName("P17: the annotation's values are the listener's options")
    void P17_the_annotation_has_the_options() {
        coordinator.subscribeAnnotated(new Optioned());

        List<ListenerInfo> infos = coordinator.listeners("text");
        assertThat(infos).extracting(ListenerInfo::id).containsExactly("text#1", "tuned");
        assertThat(infos.get(0).options().retry().attempts()).isEqualTo(1);
        assertThat(infos.get(0).options().concurrency()).isEqualTo(Integer.MAX_VALUE);
        assertThat(infos.get(0).timeout()).isEmpty();
        assertThat(infos.get(1).options().isInline()).isTrue();
        assertThat(infos.get(1).options().isOrdered()).isTrue();
        assertThat(infos.get(1).options().isOnce()).isTrue();
        assertThat(infos.get(1).options().concurrency()).isEqualTo(3);
        assertThat(infos.get(1).options().retry().attempts()).isEqualTo(4);
        assertThat(infos.get(1).timeout()).contains(Duration.ofMillis(2_500));
    }

    @Test
    @DisplayName("P17: an inline method runs on the publisher's thread")
    void P17_an_inline_method_runs_on_the_publishers_thread() {
        class Inline {
            @OnEvent(value = "text", inline = true)
            CompletionStage<?> here(String text) {
                return completedFuture(Thread.currentThread());
            }
        }
        coordinator.subscribeAnnotated(new Inline());
        assertThat(values(coordinator.publishEvent(TEXT, "x"))).containsExactly(Thread.currentThread());
    }

    @Test
    @DisplayName("P17: a blocking method is interrupted when its delivery is cancelled")
    void P17_a_blocking_method_is_interrupted() {
        CountDownLatch called = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        class Blocking {
            @OnEvent(value = "text", blocking = true)
            void block(String text) throws InterruptedException {
                called.countDown();
                try {
                    new CountDownLatch(1).await();
                } finally {
                    interrupted.countDown();
                }
            }
        }
        coordinator.subscribeAnnotated(new Blocking());
        Publication<String> publication = coordinator.publishEvent(TEXT, "x");
        Waiting.on(called);
        publication.cancel();
        Waiting.on(interrupted);
        assertThat(only(publication)).isInstanceOf(DeliveryResult.Cancelled.class);
    }

    private static final class Watched {
        @OnEvent("text")
        CompletionStage<?> watched(String text) {
            return completedFuture(Stream.of(Thread.currentThread().getStackTrace())
                    .map(StackTraceElement::toString)
                    .toList());
        }
    }

    @Test
    @DisplayName("P17: between the coordinator and the method there is no reflection")
    void P17_no_reflection_per_call() {
        coordinator.subscribeAnnotated(new Watched());
        for (int i = 0; i < 50; i++) { // reflection takes another way after some calls
            Object stack = values(coordinator.publishEvent(TEXT, "x")).get(0);
            assertThat(((List<?>) stack)).map(Object::toString).noneMatch(frame -> frame.contains("reflect"));
            assertThat(((List<?>) stack)).map(Object::toString).anyMatch(frame -> frame.contains("Invocation."));
        }
    }

    // ---- the subscription ----

    private static final class Gated {
        final CountDownLatch called = new CountDownLatch(2);
        final CompletableFuture<String> first = new CompletableFuture<>();
        final CompletableFuture<String> second = new CompletableFuture<>();

        @OnEvent(value = "text", id = "one")
        CompletionStage<?> one(String text) {
            called.countDown();
            return first;
        }

        @OnEvent(value = "text", id = "two")
        CompletionStage<?> two(String text) {
            called.countDown();
            return second;
        }
    }

    @Test
    @DisplayName("P17: one subscription stands for all methods: their ids, and closing, pausing and resuming them")
    void P17_one_subscription_for_all() {
        Subscription subscription = coordinator.subscribeAnnotated(new Texts());
        assertThat(subscription.listenerId()).isEqualTo("text#1, text#2, text#3, text#4");
        assertThat(subscription).hasToString("Subscription[text#1, text#2, text#3, text#4]");

        subscription.pause();
        assertThat(coordinator.listeners("text")).allMatch(ListenerInfo::paused);
        subscription.resume();
        assertThat(coordinator.listeners("text")).noneMatch(ListenerInfo::paused);
        assertThat(only(coordinator.publishEvent(TEXT, "x"))).isInstanceOf(Succeeded.class);
        subscription.close();
        subscription.close();

        assertThat(coordinator.listeners()).isEmpty();
        assertThat(values(coordinator.publishEvent(TEXT, "x"))).isEmpty();
    }

    @Test
    @DisplayName("P17: draining closes all methods first, waits for each, and says if all ended in time")
    void P17_draining_waits_for_all() {
        Gated gated = new Gated();
        Subscription subscription = coordinator.subscribeAnnotated(gated);
        Publication<String> publication = coordinator.publishEvent(TEXT, "x");
        Waiting.on(gated.called);

        gated.first.complete("done");
        assertThat(subscription.closeAndDrain(Duration.ofMillis(5))).isFalse();
        assertThat(coordinator.listeners()).isEmpty();
        CompletableFuture<Boolean> drained =
                CompletableFuture.supplyAsync(() -> subscription.closeAndDrain(Waiting.LONG));
        gated.second.complete("done");

        assertThat(drained.orTimeout(20, SECONDS).join()).isTrue();
        assertThat(values(publication)).containsExactly("done", "done");
        assertThat(subscription.closeAndDrain(Duration.ZERO)).isTrue();
        assertThatThrownBy(() -> subscription.closeAndDrain(Duration.ofMillis(-1)))
                .hasMessage("timeout must not be negative: PT-0.001S");
    }

    @Test
    @DisplayName("P17: the same object subscribed twice listens twice")
    void P17_twice_is_twice() {
        Texts texts = new Texts();
        Subscription first = coordinator.subscribeAnnotated(texts);
        Subscription second = coordinator.subscribeAnnotated(texts);
        assertThat(values(coordinator.publishEvent(TEXT, "x"))).hasSize(8);
        first.close();
        assertThat(values(coordinator.publishEvent(TEXT, "x"))).hasSize(4);
        second.close();
    }

    @Test
    @DisplayName("P13, P17: an annotated method may listen to a pattern, and is given the event or its context")
    void P17_a_method_may_listen_to_a_pattern() {
        List<String> heard = new ArrayList<>();
        class All {
            @OnEvent(value = "order.**", inline = true)
            CompletionStage<?> event(Event<?> event) {
                heard.add(event.type().name() + " " + event.payload());
                return completedFuture(1);
            }

            @OnEvent(value = "order.*", inline = true)
            CompletionStage<?> context(EventContext context) {
                heard.add(context.event().type().name());
                return completedFuture(1);
            }
        }
        coordinator.subscribeAnnotated(new All());
        coordinator.publishEvent(EventType.of("order.placed", Integer.class), 7);
        coordinator.publishEvent(EventType.of("order.placed.late", String.class), "x");
        coordinator.publishEvent("other");
        assertThat(heard).containsExactly("order.placed", "order.placed 7", "order.placed.late x");
    }
}
