package dev.convoke.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ExecutorsTest {
    private static List<Integer> orderOf(long seed) {
        InterleavingExecutor executor = new InterleavingExecutor(seed);
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            int task = i;
            executor.execute(() -> {
                order.add(task);
                executor.execute(() -> order.add(100 + task));
            });
        }
        assertThat(executor.runAll()).isEqualTo(20);
        return order;
    }

    @Test
    @DisplayName("a manual executor runs the oldest task, or all, on the caller's thread and no other")
    void a_manual_executor_runs_when_told() {
        ManualExecutor executor = new ManualExecutor();
        List<String> ran = new ArrayList<>();
        executor.execute(() -> ran.add("one on " + Thread.currentThread().getName()));
        executor.execute(() -> executor.execute(() -> ran.add("added")));
        executor.execute(() -> ran.add("three"));
        assertThat(ran).isEmpty();

        executor.runNext();
        assertThat(ran).containsExactly("one on " + Thread.currentThread().getName());
        assertThat(executor).hasToString("ManualExecutor[waiting: 2]");
        assertThat(executor.runAll()).isEqualTo(3);
        assertThat(ran).endsWith("three", "added");
        assertThat(executor.waiting()).isZero();
        assertThatThrownBy(executor::runNext)
                .isInstanceOf(NoSuchElementException.class)
                .hasMessage("no task is waiting");
    }

    @Test
    @DisplayName("a task that throws takes no other task with it")
    void a_task_that_throws() {
        ManualExecutor manual = new ManualExecutor();
        InterleavingExecutor interleaving = new InterleavingExecutor(1);
        for (Executor executor : List.of(manual, interleaving)) {
            for (int i = 0; i < 2; i++) {
                executor.execute(() -> {
                    throw new IllegalStateException("planted");
                });
            }
        }
        assertThatThrownBy(manual::runAll).hasMessage("planted");
        assertThat(manual.waiting()).isEqualTo(1);
        assertThatThrownBy(interleaving::runAll).hasMessage("planted");
        assertThat(interleaving.waiting()).isEqualTo(1);
    }

    @Test
    @DisplayName("both take tasks from any thread and lose none")
    void tasks_come_from_any_thread() {
        ManualExecutor manual = new ManualExecutor();
        InterleavingExecutor interleaving = new InterleavingExecutor(1);
        List<CompletableFuture<Void>> adders = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            adders.add(CompletableFuture.runAsync(() -> {
                for (int task = 0; task < 5_000; task++) {
                    manual.execute(() -> {});
                    interleaving.execute(() -> {});
                }
            }));
        }
        adders.forEach(adder -> adder.orTimeout(20, TimeUnit.SECONDS).join());
        assertThat(manual.runAll()).isEqualTo(20_000);
        assertThat(interleaving.runAll()).isEqualTo(20_000);
    }

    @Test
    @DisplayName("the same seed gives the same order, and other seeds give others")
    void the_same_seed_gives_the_same_order() {
        Set<List<Integer>> orders = new HashSet<>();
        for (long seed = 0; seed < 50; seed++) {
            assertThat(orderOf(seed)).isEqualTo(orderOf(seed));
            orders.add(orderOf(seed));
        }
        assertThat(orders).hasSize(50);
    }

    @Test
    @DisplayName("every order of three tasks comes up")
    void every_order_comes_up() {
        Set<List<Integer>> orders = new HashSet<>();
        for (long seed = 0; seed < 100; seed++) {
            InterleavingExecutor executor = new InterleavingExecutor(seed);
            List<Integer> order = new ArrayList<>();
            for (int task : List.of(1, 2, 3)) {
                executor.execute(() -> order.add(task));
            }
            executor.runAll();
            orders.add(order);
        }
        assertThat(orders).hasSize(6);
    }

    @Test
    @DisplayName("one task is run at a time where that is asked, and the seed is in sight")
    void one_task_at_a_time() {
        InterleavingExecutor executor = new InterleavingExecutor(42);
        executor.execute(() -> {});
        executor.execute(() -> {});
        assertThat(executor).hasToString("InterleavingExecutor[seed: 42, waiting: 2]");
        assertThat(executor.seed()).isEqualTo(42);
        assertThat(executor.runOne()).isTrue();
        assertThat(executor.waiting()).isEqualTo(1);
        assertThat(executor.runOne()).isTrue();
        assertThat(executor.runOne()).isFalse();
    }

    @Test
    @DisplayName("numbers that a scenario takes are of the seed, and change no order")
    void numbers_of_the_seed() {
        InterleavingExecutor one = new InterleavingExecutor(7);
        InterleavingExecutor two = new InterleavingExecutor(7);
        assertThat(one.random().nextLong()).isEqualTo(two.random().nextLong());
        List<Integer> plain = new ArrayList<>();
        List<Integer> drawing = new ArrayList<>();
        InterleavingExecutor three = new InterleavingExecutor(7);
        for (int i = 0; i < 10; i++) {
            int task = i;
            one.random().nextLong();
            one.execute(() -> drawing.add(task));
            three.execute(() -> plain.add(task));
        }
        one.runAll();
        three.runAll();
        assertThat(drawing).isEqualTo(plain);
    }

    @Test
    @DisplayName("tasks that keep adding tasks end in an error with the seed, not in a test that hangs")
    void tasks_without_end() {
        InterleavingExecutor executor = new InterleavingExecutor(13);
        class Endless implements Runnable {
            @Override
            public void run() {
                executor.execute(this);
            }
        }
        executor.execute(new Endless());
        assertThatThrownBy(executor::runAll)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("tasks keep adding tasks: 1000000 were run by")
                .hasMessageContaining("seed: 13");
    }
}
