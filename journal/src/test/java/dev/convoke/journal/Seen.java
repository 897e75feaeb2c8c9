package dev.convoke.journal;

import dev.convoke.testkit.journal.Order;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * What the listeners of all processes were given: each customer's numbers in the order in which their deliveries began, and
 * how many of one customer's ran at a time.
 *
 * <p>Thread-safe.
 */
final class Seen {
    private final Map<String, List<Integer>> begun = new HashMap<>();
    private final Map<String, Integer> running = new HashMap<>();
    private final CountDownLatch overlap = new CountDownLatch(1);
    private int most;

    /** Handles an order at once. */
    void take(Order order) {
        begin(order);
        end(order);
    }

    /** Handles an order for so long, or until two of one customer's run at a time, which nothing can repair. */
    void take(Order order, Duration lasting) throws InterruptedException {
        begin(order);
        try {
            overlap.await(lasting.toMillis(), TimeUnit.MILLISECONDS);
        } finally {
            end(order);
        }
    }

    private synchronized void begin(Order order) {
        begun.computeIfAbsent(order.customer(), customer -> new ArrayList<>()).add(order.number());
        most = Math.max(most, running.merge(order.customer(), 1, Integer::sum));
        if (most > 1) {
            overlap.countDown();
        }
    }

    private synchronized void end(Order order) {
        running.merge(order.customer(), -1, Integer::sum);
    }

    /** The numbers of a customer's orders, in the order in which their deliveries began, those that began twice twice. */
    synchronized List<Integer> of(String customer) {
        return List.copyOf(begun.getOrDefault(customer, List.of()));
    }

    /** How many deliveries have begun. */
    synchronized int size() {
        return begun.values().stream().mapToInt(List::size).sum();
    }

    /** How many deliveries of one customer ran at a time, at most. */
    synchronized int mostAtATime() {
        return most;
    }

    /** The orders that began more than once, as {@code ada-7}. */
    synchronized Set<String> repeated() {
        Set<String> found = new TreeSet<>();
        begun.forEach((customer, numbers) -> numbers.stream()
                .filter(number -> numbers.indexOf(number) != numbers.lastIndexOf(number))
                .forEach(number -> found.add(customer + "-" + number)));
        return found;
    }
}
