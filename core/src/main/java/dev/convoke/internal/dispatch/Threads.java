package dev.convoke.internal.dispatch;

import dev.convoke.internal.thread.Daemon;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The threads that one coordinator owns: for listeners, and for what must not hold up anybody else.
 *
 * <p>Thread-safe. Listeners have a virtual thread each where there are virtual threads, and the pool where not. The pool
 * makes threads on demand and retires them when idle; its bound is the number of deliveries in flight.
 */
final class Threads {
    private static final long IDLE_SECONDS = 10;
    private static final @Nullable MethodHandle VIRTUAL_FACTORY = virtualFactory();

    /** What no thread shall have by chance of the publisher that it was first made for. */
    private static final ClassLoader LOADER = Threads.class.getClassLoader();

    private static final AtomicLong COORDINATORS = new AtomicLong();

    private final String name = "convoke-" + COORDINATORS.incrementAndGet();
    private final ThreadPoolExecutor pool;
    private final Executor listeners;
    private final Executor background;

    /** Given an executor, that runs what is done aside; null means the pool. */
    Threads(@Nullable Executor given) {
        AtomicLong threads = new AtomicLong();
        pool = new ThreadPoolExecutor(
                0,
                Integer.MAX_VALUE,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                task -> Daemon.create(task, name + "-pool-" + threads.incrementAndGet()));
        background = given == null ? pool : given;
        listeners = VIRTUAL_FACTORY == null ? pool : virtual(VIRTUAL_FACTORY, name + "-listener");
    }

    /** A handle of type {@code (String name) -> ThreadFactory} on Java 21 and newer, null before. */
    private static @Nullable MethodHandle virtualFactory() {
        try {
            MethodHandles.Lookup lookup = MethodHandles.publicLookup();
            Class<?> builder = Class.forName("java.lang.Thread$Builder$OfVirtual");
            MethodHandle ofVirtual = lookup.findStatic(Thread.class, "ofVirtual", MethodType.methodType(builder));
            MethodHandle named = lookup.findVirtual(builder, "name", MethodType.methodType(builder, String.class));
            MethodHandle inheriting = lookup.findVirtual(
                    builder, "inheritInheritableThreadLocals", MethodType.methodType(builder, boolean.class));
            MethodHandle factory = lookup.findVirtual(builder, "factory", MethodType.methodType(ThreadFactory.class));
            MethodHandle own =
                    MethodHandles.filterReturnValue(ofVirtual, MethodHandles.insertArguments(inheriting, 1, false));
            return MethodHandles.filterReturnValue(MethodHandles.foldArguments(named, own), factory);
        } catch (ReflectiveOperationException olderJava) {
            return null; // a preview of 19 and 20 ends here, too
        }
    }

    private static Executor virtual(MethodHandle virtualFactory, String name) {
        try {
            ThreadFactory factory = (ThreadFactory) virtualFactory.invokeExact(name);
            return task -> {
                Thread thread = factory.newThread(task);
                thread.setContextClassLoader(LOADER);
                thread.start();
            };
        } catch (Throwable e) {
            throw new IllegalStateException("virtual threads are there but cannot be made", e);
        }
    }

    static boolean areVirtual() {
        return VIRTUAL_FACTORY != null;
    }

    /** What the threads' names begin with. */
    String name() {
        return name;
    }

    /** Where listeners run that are given no other executor. */
    Executor listeners() {
        return listeners;
    }

    /**
     * Runs a task on another thread, at once. Those of the pool are platform threads everywhere: a listener that keeps all
     * carriers of virtual threads busy holds up no deadline.
     *
     * @throws OutOfMemoryError if no thread can be made
     */
    void aside(Runnable task) {
        background.execute(task);
    }

    /** Runs a task aside, or on this thread where no other can be had. */
    void asideOrHere(Runnable task) {
        try {
            background.execute(task);
        } catch (OutOfMemoryError | RuntimeException noThread) {
            Log.warn("no thread could be had; the caller's runs what was meant for another", noThread);
            task.run();
        }
    }

    /** Retires idle threads at once, and busy ones when they are done. */
    void close() {
        pool.setKeepAliveTime(1, TimeUnit.MILLISECONDS);
    }
}
