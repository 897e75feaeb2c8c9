package dev.convoke.journal;

import static dev.convoke.listener.AsyncListener.blocking;

import dev.convoke.AsyncEventCoordinator;
import dev.convoke.listener.BlockingListener;
import dev.convoke.testkit.journal.Order;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A JVM of its own that has the listener {@code billing}, ordered where it is asked to be: {@code DATABASE FILE MODE TTL-MILLIS LASTING-MILLIS}. It writes
 * into the file what begins and what ends, and says {@code ready}. One that {@code closes} does so when it is terminated; one that is
 * {@code lethal} halts when it is given number 0.
 */
final class ChildProcess {
    private ChildProcess() {}

    public static void main(String[] args) throws Exception {
        SharedDatabase database = new SharedDatabase(args[0]);
        Path file = Path.of(args[1]);
        Duration lasting = Duration.ofMillis(Long.parseLong(args[4]));
        JournalOptions options = JournalOptions.defaults().sessionTtl(Duration.ofMillis(Long.parseLong(args[3])));
        AsyncEventCoordinator coordinator =
                AsyncEventCoordinator.builder().journal(database.open(options)).build();
        var durable = SimulatedProcess.durable("billing");
        BlockingListener<Order> listener = listener(file, "child", lasting);
        coordinator.subscribeToEvent(
                Order.PLACED,
                blocking(
                        args[2].equals("lethal")
                                ? order -> {
                                    if (order.number() == 0) {
                                        work(lasting.dividedBy(2));
                                        Runtime.getRuntime().halt(1);
                                    }
                                    listener.onEvent(order);
                                }
                                : listener),
                args[2].equals("ordered") ? durable.ordered().concurrency(8) : durable);
        if (args[2].equals("closes")) {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> coordinator.close(Duration.ofMillis(200))));
        }
        System.out.println("ready");
        work(Duration.ofMinutes(5)); // and ends, should nobody end it
    }

    /** Writes down what it does, and heeds no interrupt. */
    static BlockingListener<Order> listener(Path file, String who, Duration lasting) {
        return order -> {
            append(file, who + " begins " + order.number());
            work(lasting);
            append(file, who + " ends " + order.number());
        };
    }

    private static void work(Duration lasting) {
        long end = System.nanoTime() + lasting.toNanos();
        while (System.nanoTime() < end) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
            Thread.interrupted();
        }
    }

    private static void append(Path file, String line) {
        try {
            Files.writeString(file, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What has been written down so far. */
    static List<String> lines(Path file) throws IOException {
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }
}
