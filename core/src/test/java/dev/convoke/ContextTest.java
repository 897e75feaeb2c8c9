package dev.convoke;

import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.CompletableFuture.failedFuture;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.convoke.event.DeliveryResult.Failed;
import dev.convoke.event.DeliveryResult.Succeeded;
import dev.convoke.event.EventArguments;
import dev.convoke.event.Outcome;
import dev.convoke.listener.AsyncListener;
import dev.convoke.listener.EventContext;
import dev.convoke.listener.ListenerOptions;
import dev.convoke.listener.RetryPolicy;
import dev.convoke.spi.ContextCarrier;
import dev.convoke.testing.Mode;
import dev.convoke.testkit.ManualExecutor;
import dev.convoke.testkit.ManualTicker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a publisher's thread has goes to the listeners, and which event caused which. */
class ContextTest {
    private final IllegalStateException planted = new IllegalStateException("planted");
    private static final ThreadLocal<String> USER = new ThreadLocal<>();

    private static final ContextCarrier CARRIER = () -> {
        String captured = USER.get();
        return () -> {
            String before = USER.get();
            USER.set(captured);
            return () -> USER.set(before);
        };
    };

    @AfterEach
    void leaveNothing() {
        USER.remove();
    }

    private static Outcome settled(Publication<?> publication) {
        return publication.outcome().orTimeout(20, SECONDS).join();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName(
            "P12: what a carrier captured at publish is present in every listener, and gone after it, in every mode")
    void P12_what_was_captured_is_present_and_gone_after(Mode mode) {
        List<String> after = new CopyOnWriteArrayList<>();
        try (AsyncEventCoordinator coordinator =
                AsyncEventCoordinator.builder().contextCarrier(CARRIER).build()) {
            coordinator.subscribeToEvent("e", mode.of(a -> completedFuture(USER.get())), mode.named("l"));
            coordinator.subscribeToEvent(
                    "e",
                    mode.of(a -> {
                        throw new IllegalStateException(USER.get());
                    }),
                    mode.named("throws"));
            USER.set("ada");
            Publication<EventArguments> publication = coordinator.publishEvent("e");
            USER.set("someone else");
            assertThat(settled(publication).results())
                    .satisfiesExactly(
                            r -> assertThat(((Succeeded) r).value()).isEqualTo("ada"),
                            r -> assertThat(((Failed) r).cause()).hasMessage("ada"));
            assertThat(USER.get()).isEqualTo("someone else");
        }
        ManualExecutor executor = new ManualExecutor();
        try (AsyncEventCoordinator coordinator = AsyncEventCoordinator.builder()
                .contextCarrier(CARRIER)
                .executor(executor)
                .drainTimeout(Duration.ZERO)
                .build()) {
            coordinator.subscribeToEvent("e", a -> completedFuture(USER.get()));
            coordinator.publishEvent("e");
            USER.set("the executor's own");
            executor.runAll();
            after.add(USER.get());
        }
        assertThat(after).containsExactly("the executor's own");
    }

    @Test
    @DisplayName("P9, P12: each attempt has what was captured at publish")
    void P12_each_attempt_has_it() {
        ManualTicker ticker = new ManualTicker();
        List<String> seen = new ArrayList<>();
        try (AsyncEventCoordinator coordinator = AsyncEventCoordinator.builder()
                .ticker(ticker)
                .executor(Runnable::run)
                .background(Runnable::run)
                .contextCarrier(CARRIER)
                .build()) {
            coordinator.subscribeToEvent(
                    "e",
                    a -> {
                        seen.add(USER.get());
                        return failedFuture(planted);
                    },
                    ListenerOptions.defaults().retry(RetryPolicy.exponential(2).jitter(0)));
            USER.set("ada");
            coordinator.publishEvent("e").outcome();
            USER.set("someone else");
            ticker.advance(Duration.ofMillis(100));
            assertThat(seen).containsExactly("ada", "ada");
        }
    }

    @Test
    @DisplayName("P12: several carriers are restored in order and taken back in reverse; one that fails to is logged")
    void P12_several_carriers() {
        List<String> told = new ArrayList<>();
        AsyncEventCoordinator.Builder builder = AsyncEventCoordinator.builder();
        for (String name : List.of("a", "b", "c")) {
            builder.contextCarrier(() -> {
                told.add("capture " + name);
                return () -> {
                    told.add("restore " + name);
                    return () -> {
                        told.add("close " + name);
                        throw planted;
                    };
                };
            });
        }
        try (AsyncEventCoordinator coordinator = builder.build()) {
            coordinator.subscribeToEvent(
                    "e", a -> completedFuture(1), ListenerOptions.named("l").inline());
            assertThat(settled(coordinator.publishEvent("e")).succeeded()).isTrue();
            coordinator.publishEvent("nobody listens");
        }
        assertThat(told)
                .containsExactly(
                        "capture a",
                        "capture b",
                        "capture c",
                        "restore a",
                        "restore b",
                        "restore c",
                        "close c",
                        "close b",
                        "close a");
    }

    @Test
    @DisplayName(
            "P3, P12: a carrier that throws fails the deliveries, closes what was restored, and spares the publisher")
    void P12_a_carrier_that_throws() {
        List<String> told = new ArrayList<>();
        ContextCarrier good = () -> () -> () -> told.add("closed");
        ContextCarrier badRestore = () -> () -> {
            throw planted;
        };
        ContextCarrier badCapture = () -> {
            throw planted;
        };
        for (ContextCarrier bad : List.of(badRestore, badCapture)) {
            try (AsyncEventCoordinator coordinator = AsyncEventCoordinator.builder()
                    .contextCarrier(good)
                    .contextCarrier(bad)
                    .build()) {
                coordinator.subscribeToEvent("e", a -> completedFuture(told.add("called")));
                coordinator.subscribeToEvent(
                        "e",
                        a -> completedFuture(told.add("called")),
                        ListenerOptions.defaults().inline());
                assertThat(settled(coordinator.publishEvent("e")).results())
                        .hasSize(2)
                        .allSatisfy(r -> assertThat(((Failed) r).cause()).hasStackTraceContaining("planted"));
            }
        }
        assertThat(told).containsExactly("closed", "closed");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName(
            "P12: the event in whose listener another was published is its parent, in every mode and at every attempt")
    void P12_parents(Mode mode) {
        try (AsyncEventCoordinator coordinator = new AsyncEventCoordinator()) {
            List<Publication<EventArguments>> inner = new CopyOnWriteArrayList<>();
            AtomicReference<EventContext> context = new AtomicReference<>();
            coordinator.subscribeToEvent("inner", mode.of(a -> completedFuture(1)), mode.named("i"));
            coordinator.subscribeToEvent(
                    "outer",
                    AsyncListener.withContext((a, c) -> {
                        context.set(c);
                        inner.add(coordinator.publishEvent("inner"));
                        return inner.size() == 1 ? failedFuture(planted) : completedFuture(1);
                    }),
                    mode.named("o")
                            .retry(RetryPolicy.exponential(2).backoff(Duration.ofMillis(1), Duration.ofMillis(1))));
            Publication<EventArguments> outer = coordinator.publishEvent("outer");
            assertThat(settled(outer).succeeded()).isTrue();
            assertThat(outer.event().parentId()).isEmpty();
            assertThat(inner)
                    .hasSize(2)
                    .allSatisfy(p -> assertThat(p.event().parentId())
                            .contains(outer.event().id()));
            Publication<EventArguments> elsewhere = CompletableFuture.supplyAsync(() -> coordinator.publishEvent(
                            "inner",
                            EventArguments.of(),
                            PublishOptions.defaults().causedBy(context.get())))
                    .join();
            assertThat(elsewhere.event().parentId()).contains(outer.event().id());
            assertThat(coordinator.publishEvent("inner").event().parentId()).isEmpty();
        }
    }
}
