package dev.convoke.benchmarks.bus;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;

/** Starts virtual threads, with nothing in between, from code that is compiled for Java 17. */
final class VirtualThreads {
    private static final @Nullable MethodHandle START = find();

    private VirtualThreads() {}

    private static @Nullable MethodHandle find() {
        try {
            return MethodHandles.publicLookup()
                    .findStatic(
                            Thread.class, "startVirtualThread", MethodType.methodType(Thread.class, Runnable.class));
        } catch (ReflectiveOperationException olderJava) {
            return null;
        }
    }

    /** Runs the task on a new virtual thread; only from Java 21 on. */
    static void start(Runnable task) {
        MethodHandle start = START;
        if (start == null) {
            throw new UnsupportedOperationException("virtual threads need Java 21");
        }
        try {
            Thread unused = (Thread) start.invokeExact(task);
        } catch (Throwable e) {
            throw new IllegalStateException("a virtual thread cannot be started", e);
        }
    }
}
