package dev.convoke.testing;

import dev.convoke.AsyncEventCoordinator;
import dev.convoke.event.DrainReport;
import dev.convoke.listener.AsyncListener;
import dev.convoke.listener.ListenerOptions;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/** A program whose listeners never end, whatever one does; it closes its coordinator, says what came of it, and returns. */
public final class StubbornMain {
    private StubbornMain() {}

    public static void main(String... args) {
        CountDownLatch called = new CountDownLatch(2);
        AsyncEventCoordinator coordinator = new AsyncEventCoordinator();
        coordinator.subscribeToEvent(
                "e", Listeners.stubborn(called, new AtomicBoolean()), ListenerOptions.named("spins"));
        coordinator.subscribeToEvent(
                "e", AsyncListener.blocking(a -> parkForEver(called)), ListenerOptions.named("parks"));
        coordinator.publishEvent("e");
        Waiting.on(called);
        coordinator.close(Duration.ofMillis(50)).abandoned().forEach(StubbornMain::print);
    }

    private static void parkForEver(CountDownLatch called) {
        called.countDown();
        while (true) {
            LockSupport.park();
            Thread.interrupted();
        }
    }

    private static void print(DrainReport.Abandoned abandoned) {
        System.out.println("abandoned: " + abandoned.listener());
        abandoned.stack().forEach(frame -> System.out.println("  at " + frame.getMethodName()));
    }
}
