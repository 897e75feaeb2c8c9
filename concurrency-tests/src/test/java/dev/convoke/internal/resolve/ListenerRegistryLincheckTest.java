package dev.convoke.internal.resolve;

import dev.convoke.linearizability.Linearizable;
import dev.convoke.listener.ListenerOptions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;
import org.junit.jupiter.api.Test;

/** One event's listeners come and go, the last one too, while others read who is there. */
@Param(name = "thread", gen = ThreadIdGen.class)
public class ListenerRegistryLincheckTest {
    private final ListenerRegistry registry = new ListenerRegistry();
    private final List<Own> owns = Own.perThread();

    /** The listeners that one thread has subscribed; confined to it. */
    private static final class Own {
        private static final int THREADS = 4;

        final Deque<Registration> registrations = new ArrayDeque<>();
        int named;

        static List<Own> perThread() {
            List<Own> owns = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                owns.add(new Own());
            }
            return owns;
        }
    }

    @Operation
    public void append(@Param(name = "thread") int thread) {
        Own own = owns.get(thread);
        String name = thread + "-" + ++own.named;
        own.registrations.addLast(Registrations.append(registry, ListenerOptions.named(name)));
    }

    @Operation
    public void removeOldest(@Param(name = "thread") int thread) {
        Registration oldest = owns.get(thread).registrations.pollFirst();
        if (oldest != null) {
            oldest.close();
        }
    }

    @Operation
    public String found() {
        return Registrations.found(registry);
    }

    /** The same, one after another. */
    public static class Sequential {
        private final List<String> listeners = new ArrayList<>();
        private final int[] named = new int[Own.THREADS];

        public void append(int thread) {
            listeners.add(thread + "-" + ++named[thread]);
        }

        public void removeOldest(int thread) {
            listeners.stream()
                    .filter(name -> name.startsWith(thread + "-"))
                    .findFirst()
                    .ifPresent(listeners::remove);
        }

        public String found() {
            return String.join(" ", listeners);
        }
    }

    @Test
    void every_schedule_could_have_been_sequential() {
        Linearizable.checkSchedules(ListenerRegistryLincheckTest.class, Sequential.class);
    }

    @Test
    void every_run_could_have_been_sequential() {
        Linearizable.checkRuns(ListenerRegistryLincheckTest.class, Sequential.class);
    }
}
