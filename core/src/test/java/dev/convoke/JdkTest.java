package dev.convoke;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class JdkTest {
    @Test
    @DisplayName("the tests run on the Java version that the build means them to run on")
    void runs_on_the_expected_jdk() {
        int here = Runtime.version().feature();
        assertThat(here)
                .isEqualTo(Integer.getInteger("convoke.expected.jdk", here))
                .isGreaterThanOrEqualTo(17);
    }

    @Test
    @DisplayName("a delivery has a virtual thread where there are virtual threads, and a thread of the pool where not")
    void deliveries_have_the_threads_that_the_version_offers() {
        try (AsyncEventCoordinator coordinator = new AsyncEventCoordinator()) {
            coordinator.subscribeToEvent(
                    "thread",
                    arguments -> CompletableFuture.completedFuture(
                            Thread.currentThread().toString()));
            Object thread = coordinator.publishEvent("thread").gather().join().get(0);
            assertThat(thread.toString()).contains(Runtime.version().feature() >= 21 ? "VirtualThread" : "-pool-");
        }
    }
}
