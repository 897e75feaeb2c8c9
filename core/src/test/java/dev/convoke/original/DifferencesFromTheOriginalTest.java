package dev.convoke.original;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoke.AsyncEventCoordinator;
import dev.convoke.Publication;
import dev.convoke.event.DeliveryResult.Failed;
import dev.convoke.event.DeliveryResult.Succeeded;
import dev.convoke.event.EventArgumentException;
import dev.convoke.event.EventArguments;
import dev.convoke.event.Outcome;
import dev.convoke.listener.AsyncListener;
import dev.convoke.listener.ListenerOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Where Convoke differs from the original, each difference on both sides. In everything else they are the same, as far as
 * {@link OriginalDifferentialTest} can tell.
 */
class DifferencesFromTheOriginalTest {
    private static final ListenerOptions INLINE = ListenerOptions.defaults().inline();

    @TempDir
    private Path scratch;

    private final AsyncEventCoordinator coordinator = new AsyncEventCoordinator();
    private final List<String> printed = new ArrayList<>();

    @AfterEach
    void close() {
        coordinator.close();
    }

    private List<String> original(String piece) throws Exception {
        return new Original(scratch).print(piece);
    }

    private void subscribe(String event, AsyncListener<EventArguments> listener) {
        coordinator.subscribeToEvent(event, listener, INLINE);
    }

    private CompletableFuture<Void> print(String text) {
        printed.add(text);
        return CompletableFuture.completedFuture(null);
    }

    private CompletableFuture<Void> fail(String text) {
        return CompletableFuture.failedFuture(new IllegalStateException(text));
    }

    /** How a future has ended, which it has at once. */
    private static String end(CompletableFuture<?> future) {
        assertThat(future).isDone();
        return future.handle((value, failure) -> failure == null ? "returned" : failure.getMessage())
                .join();
    }

    @Test
    @DisplayName("S9: where an argument is missing, the original runs no listener; here the one that asks for it fails")
    void S9_a_missing_argument_fails_one_listener() throws Exception {
        assertThat(original("""
                        import warnings
                        warnings.simplefilter("ignore")  # of the first one, which is never awaited
                        async def one(a):
                            print("one ran with", a)
                        async def two(a, b):
                            print("two ran")
                        coordinator.subscribe_to_event("x", one)
                        coordinator.subscribe_to_event("x", two)
                        try:
                            await coordinator.publish_event("x", 1)
                        except TypeError:
                            print("TypeError")
                        """)).containsExactly("TypeError");

        subscribe("x", arguments -> print("one ran with " + arguments.get(0, Integer.class)));
        subscribe("x", arguments -> print("two ran with " + arguments.get(1, Integer.class)));
        Outcome outcome = coordinator.publishEvent("x", 1).outcome().join();

        assertThat(printed).containsExactly("one ran with 1");
        assertThat(outcome.results()).hasExactlyElementsOfTypes(Succeeded.class, Failed.class);
        assertThat(((Failed) outcome.results().get(1)).cause())
                .isInstanceOf(EventArgumentException.class)
                .hasMessageStartingWith("event x, listener x#2: argument 1 is missing");
    }

    @Test
    @DisplayName(
            "hot publication: the original starts when it is awaited; here the listeners are started by publishEvent")
    void a_publication_is_hot() throws Exception {
        assertThat(original("""
                        async def listener():
                            print("started")
                        coordinator.subscribe_to_event("x", listener)
                        publication = coordinator.publish_event("x")
                        await asyncio.sleep(0)
                        print("published")
                        await publication
                        """)).containsExactly("published", "started");

        subscribe("x", arguments -> print("started"));
        coordinator.publishEvent("x");
        print("published");

        assertThat(printed).containsExactly("started", "published");
    }

    @Test
    @DisplayName(
            "hot publication: what an inline listener publishes starts before its siblings; in the original after them")
    void a_nested_publication_is_hot() throws Exception {
        assertThat(original("""
                        async def a():
                            print("a")
                            await coordinator.publish_event("y")
                        async def b():
                            print("b")
                            raise ValueError("b failed")
                        async def c():
                            print("c")
                            raise ValueError("c failed")
                        coordinator.subscribe_to_event("x", a)
                        coordinator.subscribe_to_event("x", b)
                        coordinator.subscribe_to_event("y", c)
                        try:
                            await coordinator.publish_event("x")
                        except ValueError as failure:
                            print(failure)
                        """)).containsExactly("a", "b", "c", "b failed");

        subscribe("x", arguments -> {
            print("a");
            return coordinator.publishEvent("y").gather();
        });
        subscribe("x", arguments -> {
            print("b");
            return fail("b failed");
        });
        subscribe("y", arguments -> {
            print("c");
            return fail("c failed");
        });
        print(end(coordinator.publishEvent("x").gather()));

        assertThat(printed).containsExactly("a", "c", "b", "c failed");
    }

    @Test
    @DisplayName("S1: publishing an unknown name makes an entry in the original's table; here it makes none")
    void S1_publishing_an_unknown_name_makes_no_entry() throws Exception {
        assertThat(original("""
                        await coordinator.publish_event("nobody")
                        print(dict(coordinator.listeners))
                        """)).containsExactly("{'nobody': []}");

        coordinator.publishEvent("nobody").gather().join();

        assertThat(coordinator.listeners()).isEmpty();
        assertThat(coordinator.listeners("nobody")).isEmpty();
    }

    @Test
    @DisplayName("S7: cancelling reaches a nested publication in the original; here where the listener passes it on")
    void S7_cancelling_reaches_a_nested_publication_where_it_is_passed_on() throws Exception {
        assertThat(original("""
                        async def outer():
                            await coordinator.publish_event("y")
                        async def inner():
                            try:
                                await asyncio.Event().wait()
                            except asyncio.CancelledError:
                                print("inner was cancelled")
                                raise
                        coordinator.subscribe_to_event("x", outer)
                        coordinator.subscribe_to_event("y", inner)
                        publication = asyncio.ensure_future(coordinator.publish_event("x"))
                        for turn in range(10):
                            await asyncio.sleep(0)
                        publication.cancel()
                        await asyncio.wait([publication])
                        """)).containsExactly("inner was cancelled");

        CompletableFuture<Void> inner = new CompletableFuture<>();
        subscribe("y", arguments -> inner);
        subscribe("x", arguments -> coordinator.publishEvent("y").gather());
        subscribe("passed on", AsyncListener.withContext((arguments, context) -> {
            Publication<EventArguments> nested = coordinator.publishEvent("y");
            context.onCancel(nested::cancel);
            return nested.gather();
        }));

        coordinator.publishEvent("x").cancel();
        assertThat(inner).isNotDone();

        coordinator.publishEvent("passed on").cancel();
        assertThat(inner).isCancelled();
    }

    @Test
    @DisplayName("S7: cancelling after a failure reaches nobody in the original; here it reaches those that go on")
    void S7_cancelling_after_a_failure_reaches_those_that_go_on() throws Exception {
        assertThat(original("""
                        release = asyncio.Event()
                        async def failing():
                            raise ValueError
                        async def suspended():
                            await release.wait()
                            print("went on")
                        coordinator.subscribe_to_event("x", failing)
                        coordinator.subscribe_to_event("x", suspended)
                        publication = asyncio.ensure_future(coordinator.publish_event("x"))
                        await asyncio.wait([publication])
                        print(publication.cancel(), repr(publication.exception()))
                        release.set()
                        for turn in range(10):
                            await asyncio.sleep(0)
                        """)).containsExactly("False ValueError()", "went on");

        CompletableFuture<Void> suspended = new CompletableFuture<>();
        subscribe("x", arguments -> fail("failed"));
        subscribe("x", arguments -> suspended);
        Publication<EventArguments> publication = coordinator.publishEvent("x");

        assertThat(end(publication.gather())).isEqualTo("failed");
        assertThat(publication.cancel()).isTrue();
        assertThat(suspended).isCancelled();
    }

    @Test
    @DisplayName(
            "S7: after cancelling, the original waits until the listeners have ended; here the publisher is told at once")
    void S7_cancelling_does_not_wait_for_listeners() throws Exception {
        assertThat(original("""
                        release = asyncio.Event()
                        async def listener():
                            try:
                                await asyncio.Event().wait()
                            finally:
                                await release.wait()
                        coordinator.subscribe_to_event("x", listener)
                        publication = asyncio.ensure_future(coordinator.publish_event("x"))
                        for turn in range(10):
                            await asyncio.sleep(0)
                        publication.cancel()
                        for turn in range(10):
                            await asyncio.sleep(0)
                        print(publication.done())
                        release.set()
                        await asyncio.wait([publication])
                        print(publication.cancelled())
                        """)).containsExactly("False", "True");

        CompletableFuture<Void> release = new CompletableFuture<>();
        subscribe("x", arguments -> new CompletableFuture<>().handle((value, failure) -> release));
        Publication<EventArguments> publication = coordinator.publishEvent("x");
        publication.cancel();

        assertThat(publication.outcome()).isDone();
        release.complete(null);
    }
}
