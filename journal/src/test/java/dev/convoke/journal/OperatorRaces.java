package dev.convoke.journal;

import static dev.convoke.listener.AsyncListener.blocking;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.convoke.AsyncEventCoordinator;
import dev.convoke.listener.AsyncListener;
import dev.convoke.testkit.journal.Order;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Operators that are in each other's way, and in that of the workers. */
abstract class OperatorRaces extends OperatorScene {
    private static final int ORDERS = 60;
    private static final int OPERATORS = 4;
    private static final int STEPS = 15;

    private final long seed = Long.getLong("convoke.seed", System.nanoTime());

    // ---- what the listeners saw ----

    private final AtomicInteger runs = new AtomicInteger();
    private final AtomicInteger told = new AtomicInteger();
    private final AtomicInteger failures = new AtomicInteger();
    private final Map<String, AtomicInteger> inLane = new ConcurrentHashMap<>();
    private final Map<String, Queue<Integer>> succeeded = new ConcurrentHashMap<>();
    private final Queue<String> overlaps = new ConcurrentLinkedQueue<>();
    private volatile boolean isWell;

    // ---- what the operators said ----

    private final Map<String, AtomicLong> changed = new ConcurrentHashMap<>();

    private AsyncListener<Order> listener(String name, boolean ordered) {
        return blocking(order -> {
            String lane = name + " " + order.customer();
            AtomicInteger running = inLane.computeIfAbsent(lane, key -> new AtomicInteger());
            if (running.incrementAndGet() > 1 && ordered) {
                overlaps.add(lane + " " + order.number());
            }
            try {
                boolean fails = !isWell && new Random(seed ^ runs.get()).nextInt(4) > 0;
                runs.incrementAndGet();
                if (fails) {
                    failures.incrementAndGet();
                    throw new IllegalStateException("error " + order.number() % 3 + "\nof many");
                }
                succeeded
                        .computeIfAbsent(lane, key -> new ConcurrentLinkedQueue<>())
                        .add(order.number());
            } finally {
                running.decrementAndGet();
            }
        });
    }

    private AsyncEventCoordinator worker() {
        AsyncEventCoordinator coordinator = closedAfterwards(AsyncEventCoordinator.builder()
                .journal(open(QUICK))
                .onDeadLetter(letter -> told.incrementAndGet())
                .build());
        coordinator.subscribeToEvent(
                Order.PLACED, listener("billing", true), once("billing").ordered());
        coordinator.subscribeToEvent(Order.PLACED, listener("audit", false), once("audit"));
        return coordinator;
    }

    @Test
    @DisplayName(
            "D5, D7, D9: operators who retry, discard, restore and retire at the same time harm neither each other nor the workers")
    void D7_operators_race_without_harm() throws Exception {
        enter("bulk");
        bury("bulk", "bulk", 1_200, "FAILED", "no");
        enter("gone");
        bury("gone", "gone", 1_200, "FAILED", "no");
        AsyncEventCoordinator first = worker();
        worker();
        JdbcJournal journal = operator();
        JdbcJournal other = operator();
        List<Callable<Void>> all = new ArrayList<>();
        for (int i = 0; i < OPERATORS; i++) {
            Random random = new Random(seed + i);
            all.add(() -> operate(random, random.nextBoolean() ? journal : other));
        }
        all.add(() -> {
            for (int number = 0; number < ORDERS; number++) {
                publish(first, number % 2 == 0 ? "ada" : "bob", number);
            }
            return null;
        });
        inParallel(all);

        await().atMost(60, TimeUnit.SECONDS).until(() -> open("billing") + open("audit") == 0);
        requireConsistent();
        isWell = true;
        List<String> lanes = List.of("billing ada", "billing bob");
        List<Integer> before = lanes.stream().map(lane -> seen(lane).size()).toList();
        journal.restoreDiscarded(DeadSelection.all());
        journal.retryDead(DeadSelection.all(), Duration.ZERO, 100_000);
        await().atMost(60, TimeUnit.SECONDS)
                .until(() -> count("count(*) FROM convoke_delivery WHERE listener <> 'bulk'") == 0);

        for (String lane : lanes) {
            List<Integer> last = seen(lane)
                    .subList(before.get(lanes.indexOf(lane)), seen(lane).size());
            assertThat(last).as("%s, -Dconvoke.seed=%s", lane, seed).isSorted();
            assertThat(seen(lane))
                    .as("%s, -Dconvoke.seed=%s", lane, seed)
                    .doesNotHaveDuplicates()
                    .hasSize(ORDERS / 2);
        }
        assertThat(seen("audit ada")).doesNotHaveDuplicates().hasSize(ORDERS / 2);
        assertThat(overlaps).as("-Dconvoke.seed=%s", seed).isEmpty();
    }

    private List<Integer> seen(String lane) {
        return List.copyOf(succeeded.getOrDefault(lane, new ConcurrentLinkedQueue<>()));
    }

    private long open(String listener) throws Exception {
        return count("count(*) FROM convoke_delivery WHERE state NOT IN ('DEAD', 'DISCARDED') AND listener = '"
                + listener + "'");
    }

    private void requireConsistent() throws Exception {
        String why = "-Dconvoke.seed=" + seed;
        for (String listener : List.of("billing", "audit", "bulk")) {
            assertThat(countOf(listener, "DISCARDED"))
                    .as("%s, %s", listener, why)
                    .isEqualTo(said("discard", listener) - said("restore", listener));
        }
        assertThat(countOf("bulk", "READY")).as(why).isEqualTo(said("retry", "bulk"));
        assertThat(count("count(*) FROM convoke_delivery WHERE listener = 'bulk'"))
                .as(why)
                .isEqualTo(1_200);
        assertThat(said("retire", "gone")).as(why).isEqualTo(1_200);
        assertThat(countOf("gone", "DEAD") + open("gone")).as(why).isZero();
        assertThat((long) runs.get())
                .as("each retry that was reported has run once, %s", why)
                .isEqualTo(2L * ORDERS + said("retry", "billing") + said("retry", "audit"));
        await().untilAsserted(() -> assertThat(told).as(why).hasValue(failures.get()));
    }

    private long said(String what, String listener) {
        return changed.getOrDefault(what + " " + listener, new AtomicLong()).get();
    }

    private void say(String what, String listener, long many) {
        changed.computeIfAbsent(what + " " + listener, key -> new AtomicLong()).addAndGet(many);
    }

    private Void operate(Random random, JdbcJournal journal) throws Exception {
        for (int step = 0; step < STEPS; step++) {
            operate(random, journal, List.of("billing", "audit", "bulk").get(random.nextInt(3)), step);
        }
        return null;
    }

    private void operate(Random random, JdbcJournal journal, String listener, int step) throws Exception {
        DeadSelection which = DeadSelection.all().listener(listener);
        List<DeadGroup> groups = journal.deadGroups(100);
        if (random.nextBoolean() && !listener.equals("bulk")) {
            which = groups.stream()
                    .filter(group -> group.listener().equals(listener))
                    .findFirst()
                    .map(DeadGroup::selection)
                    .orElse(which);
        }
        switch (random.nextInt(6)) {
            case 0 -> say("discard", listener, journal.discardDead(which));
            case 1 -> say("restore", listener, journal.restoreDiscarded(which));
            case 2 -> say("retry", listener, journal.retryDead(which, Duration.ZERO, 1 + random.nextInt(40)));
            case 3 -> redrive(journal, which, listener);
            case 4 -> {
                say("retry", "gone", journal.retryDead(DeadSelection.all().listener("gone"), Duration.ZERO, 300));
                if (step > STEPS / 2) {
                    say("retire", "gone", journal.retire("gone"));
                }
            }
            default -> {
                assertThat(journal.deadDeliveries(which, 50)).allMatch(dead -> dead.reason() == DeadReason.FAILED);
                assertThat(journal.discardedDeliveries(which, 50))
                        .allMatch(dead -> dead.listener().equals(listener));
                journal.listeners();
            }
        }
        if (step == STEPS - 1) {
            say("retire", "gone", journal.retire("gone"));
        }
    }

    private void redrive(JdbcJournal journal, DeadSelection which, String listener) throws Exception {
        if (listener.equals("bulk")) {
            return; // no process has it: it would wait for ever
        }
        RetryReport report = journal.retryDead(which, Duration.ZERO, 10, 3).get(60, TimeUnit.SECONDS);
        say("retry", listener, report.succeeded() + report.failed());
    }

    private static void inParallel(List<Callable<Void>> all) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(all.size());
        try {
            for (Future<Void> one : threads.invokeAll(all)) {
                one.get(120, TimeUnit.SECONDS);
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
