package dev.convoke;

import static java.util.concurrent.CompletableFuture.completedFuture;
import static org.assertj.core.api.Assertions.assertThat;

import dev.convoke.event.EventArguments;
import dev.convoke.listener.AsyncListener;
import dev.convoke.listener.ListenerOptions;
import dev.convoke.testing.Waiting;
import dev.convoke.testkit.ManualExecutor;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class EndedDeliveryTest {
    private static WeakReference<Object> publish(AsyncEventCoordinator coordinator) {
        Object argument = new Object();
        assertThat(coordinator.publishEvent("e", argument).gather().join()).containsExactly(1, 2);
        return new WeakReference<>(argument);
    }

    @Test
    @DisplayName("P6: a delivery that ended in time leaves the timer at once, and what was published is free")
    void P6_an_ended_delivery_leaves_the_timer() {
        try (AsyncEventCoordinator coordinator = new AsyncEventCoordinator()) {
            ListenerOptions patient = ListenerOptions.defaults().timeout(Duration.ofDays(1));
            coordinator.subscribeToEvent("e", a -> completedFuture(1), patient);
            coordinator.subscribeToEvent("e", a -> completedFuture(2), patient.inline());
            WeakReference<Object> published = publish(coordinator);
            Waiting.until(() -> {
                System.gc();
                return published.get() == null;
            });
            assertThat(coordinator.listeners("e")).hasSize(2);
        }
    }

    @Test
    @DisplayName("P6: an interrupt of ours is gone when the delivery has left the thread, also where nobody noticed it")
    void P6_an_interrupt_ends_with_its_delivery() {
        ManualExecutor thread = new ManualExecutor();
        try (AsyncEventCoordinator coordinator =
                AsyncEventCoordinator.builder().executor(thread).build()) {
            AtomicReference<Publication<EventArguments>> publication = new AtomicReference<>();
            AtomicBoolean interrupted = new AtomicBoolean();
            coordinator.subscribeToEvent("e", AsyncListener.blocking(a -> {
                publication.get().cancel();
                interrupted.set(Thread.currentThread().isInterrupted());
            }));
            publication.set(coordinator.publishEvent("e"));

            thread.runAll();

            assertThat(Thread.interrupted()).isFalse();
            assertThat(interrupted).isTrue();
        }
    }

    @Test
    @DisplayName("S7: cancelling cancels the stage that a listener has returned, before it returns itself")
    void S7_a_stage_is_cancelled_with_its_delivery() {
        ListenerOptions anywhere = ListenerOptions.defaults();
        for (ListenerOptions options : List.of(anywhere.inline(), anywhere.executor(Runnable::run))) {
            try (AsyncEventCoordinator coordinator = new AsyncEventCoordinator()) {
                CompletableFuture<String> stage = new CompletableFuture<>();
                coordinator.subscribeToEvent("e", a -> stage, options);
                assertThat(coordinator.publishEvent("e").cancel()).isTrue();
                assertThat(stage).isCancelled();
            }
        }
    }
}
