package dev.convoke;

import static java.util.concurrent.CompletableFuture.completedFuture;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.convoke.event.EventType;
import dev.convoke.listener.ListenerOptions;
import dev.convoke.testing.Waiting;
import java.lang.management.ManagementFactory;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a publication to inline listeners that complete at once is made of, once it is compiled. */
class AllocationTest {
    private static final int TIMES = 100_000;
    private static final EventType<String> TEXT = EventType.of("text", String.class);
    private static final CompletableFuture<Object> DONE = completedFuture(null);
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private static volatile Object kept;

    /** The compiler decides when; that it comes to this, is ours. */
    private static void awaitBytesEach(LongSupplier run, long atMost) {
        AtomicReference<Long> last = new AtomicReference<>();
        try {
            Waiting.until(() -> {
                last.set(run.getAsLong() / TIMES);
                return last.get() <= atMost;
            });
        } finally {
            assertThat(last.get()).as("bytes for each").isLessThanOrEqualTo(atMost);
        }
    }

    private static long allocated() {
        return THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
    }

    private static long ignoring(AsyncEventCoordinator coordinator) {
        long before = allocated();
        for (int i = 0; i < TIMES; i++) {
            coordinator.publishEvent(TEXT, "a");
        }
        return allocated() - before;
    }

    private static long keeping(AsyncEventCoordinator coordinator) {
        long before = allocated();
        for (int i = 0; i < TIMES; i++) {
            kept = coordinator.publishEvent(TEXT, "a");
        }
        return allocated() - before;
    }

    @Test
    @DisplayName("a publication that is ignored is not made, and one that is kept has 48 bytes at most")
    void what_a_publication_takes() {
        try (AsyncEventCoordinator coordinator = new AsyncEventCoordinator()) {
            for (int i = 0; i < 4; i++) {
                coordinator.subscribeToEvent(
                        TEXT, text -> DONE, ListenerOptions.defaults().inline());
            }
            awaitBytesEach(() -> ignoring(coordinator), 0);
            awaitBytesEach(() -> keeping(coordinator), 48);
            assertThat(kept).isInstanceOf(Publication.class);
        }
    }

    @Test
    @DisplayName("S1: a publication that nobody listens to, likewise, and it has 40 bytes at most")
    void S1_what_an_unheard_publication_takes() {
        try (AsyncEventCoordinator coordinator = new AsyncEventCoordinator()) {
            awaitBytesEach(() -> ignoring(coordinator), 0);
            awaitBytesEach(() -> keeping(coordinator), 40);
        }
    }
}
