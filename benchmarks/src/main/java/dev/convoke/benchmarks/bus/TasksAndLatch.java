package dev.convoke.benchmarks.bus;

import dev.convoke.benchmarks.load.Body;
import dev.convoke.benchmarks.load.Payload;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** Limits L4 and L5 where somebody waits: a task for each listener, and a latch. */
final class TasksAndLatch implements AwaitedBus {
    private final Executor executor;
    private Consumer<Payload>[] listeners = Listeners.none();

    TasksAndLatch(Executor executor) {
        this.executor = executor;
    }

    @Override
    public void subscribe(int index, Body body) {
        listeners = Listeners.with(listeners, index, body);
    }

    @Override
    public void publishAndWait(Payload payload) throws InterruptedException {
        CountDownLatch latch = new CountDownLatch(listeners.length);
        for (Consumer<Payload> listener : listeners) {
            executor.execute(() -> {
                listener.accept(payload);
                latch.countDown();
            });
        }
        latch.await();
    }
}
