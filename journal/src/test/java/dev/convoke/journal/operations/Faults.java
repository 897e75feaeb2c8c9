package dev.convoke.journal.operations;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/** Brings about what was planned. Faults overlap, but never at the same process, nor at the server. Thread-safe. */
final class Faults {
    /** A client gives up a reply after its socket time-out, and may have begun to wait just before the network was well again. */
    private static final long UNTIL_CLIENTS_GIVE_UP = TimeUnit.SECONDS.toMillis(Site.SOCKET_TIMEOUT_SECONDS + 1);

    private static final long AFTERMATH = 1_000;

    private final Site site;
    private final List<Pod> pods;
    private final FaultWindows windows;
    private final ReentrantLock server = new ReentrantLock();
    private final Queue<String> violations = new ConcurrentLinkedQueue<>();
    private final Queue<String> done = new ConcurrentLinkedQueue<>();
    private volatile long clockSeconds;

    Faults(Site site, List<Pod> pods, FaultWindows windows) {
        this.site = site;
        this.pods = pods;
        this.windows = windows;
    }

    /** What a process did wrong when it was hit. */
    List<String> violations() {
        return List.copyOf(violations);
    }

    List<String> done() {
        return List.copyOf(done);
    }

    /** Returns when the last of them has healed. */
    void bringAbout(List<Fault.Planned> plan) throws InterruptedException {
        ScheduledExecutorService executor = Executors.newScheduledThreadPool(4);
        plan.forEach(
                planned -> executor.schedule(() -> bringAbout(planned), planned.atMillis(), TimeUnit.MILLISECONDS));
        executor.shutdown();
        long lastAt = plan.isEmpty() ? 0 : plan.get(plan.size() - 1).atMillis();
        assertThat(executor.awaitTermination(lastAt + TimeUnit.MINUTES.toMillis(3), TimeUnit.MILLISECONDS))
                .as("all faults have healed")
                .isTrue();
    }

    private void bringAbout(Fault.Planned planned) {
        Pod pod = pods.get(planned.pod());
        ReentrantLock lock = isOfTheServer(planned.fault()) ? server : pod.lock();
        if (!lock.tryLock()) {
            return; // it has another fault at the moment
        }
        try {
            done.add(planned.fault() + " " + pod.incarnation());
            bringAbout(planned, pod);
        } catch (Pod.CannotStartException e) {
            violations.add(e.getMessage());
        } catch (Exception | AssertionError e) {
            violations.add("the instrument failed at " + planned + " of " + pod.incarnation() + ": " + e);
        } finally {
            lock.unlock();
        }
    }

    private static boolean isOfTheServer(Fault fault) {
        return switch (fault) {
            case TERMINATE, CRASH, CLOCK, LOCK -> true;
            default -> false;
        };
    }

    private void bringAbout(Fault.Planned planned, Pod pod) throws Exception {
        long millis = planned.millis();
        switch (planned.fault()) {
            case KILL -> kill(pod, millis);
            case ROLL -> roll(pod, millis);
            case FREEZE, FREEZE_BRIEFLY -> freeze(pod, millis);
            case TERMINATE -> terminate(1 + planned.size() % 3);
            case CRASH -> crash();
            case CLOCK -> setClock(planned.size());
            case CUT -> cut(planned, pod);
            case HALF_OPEN -> weather(planned, pod, Proxy.Weather.HALF_OPEN, UNTIL_CLIENTS_GIVE_UP);
            case NO_REPLIES -> weather(planned, pod, Proxy.Weather.NO_REPLIES, UNTIL_CLIENTS_GIVE_UP);
            case NO_REPLIES_TO_COMMITS -> weather(planned, pod, Proxy.Weather.NO_REPLIES_TO_COMMITS, AFTERMATH);
            case STILL -> weather(planned, pod, Proxy.Weather.STILL, AFTERMATH);
            case DELAY -> delay(planned, pod);
            case LOCK -> lock(millis);
        }
    }

    // ---- processes ----

    void kill(Pod pod, long millis) throws Exception {
        FaultWindows.Window window = windows.of(pod.incarnation(), "SIGKILL");
        pod.kill();
        window.heal(0);
        Pause.millis(millis);
        pod.start();
    }

    /** An orderly end is no fault, and no excuse. */
    void roll(Pod pod, long millis) throws Exception {
        end(pod);
        Pause.millis(millis);
        pod.start();
    }

    /** Ends it in an orderly way. */
    void end(Pod pod) throws Exception {
        FaultWindows.Window window = windows.noExcuse(pod.incarnation(), "SIGTERM");
        boolean hasEnded = pod.terminate();
        window.heal(0);
        if (!hasEnded) {
            violations.add(pod.incarnation() + " had not ended " + Pod.GRACE_SECONDS + " s after SIGTERM");
            windows.of(pod.incarnation(), "SIGKILL after SIGTERM");
            pod.kill();
        }
    }

    private void freeze(Pod pod, long millis) throws Exception {
        FaultWindows.Window window = windows.of(pod.incarnation(), "SIGSTOP");
        FaultWindows.Window others =
                windows.noExcuse(site.isFile() ? FaultWindows.ALL : pod.incarnation(), "held file");
        pod.freeze(); // perhaps in the one transaction that a file can have
        Pause.millis(millis);
        pod.thaw();
        others.heal(AFTERMATH);
        window.heal(AFTERMATH);
    }

    // ---- the network ----

    private void weather(Fault.Planned planned, Pod pod, Proxy.Weather weather, long aftermath) {
        Proxy proxy = site.proxy(planned.pod());
        FaultWindows.Window window = windows.of(pod.incarnation(), weather.toString());
        proxy.weather(weather);
        Pause.millis(planned.millis());
        proxy.weather(Proxy.Weather.CLEAR);
        window.heal(aftermath);
    }

    private void cut(Fault.Planned planned, Pod pod) {
        FaultWindows.Window window = windows.of(pod.incarnation(), "cut");
        for (int i = 0; i <= planned.size() % 3; i++) {
            site.proxy(planned.pod()).cut();
            Pause.millis(planned.millis() / 3);
        }
        window.heal(AFTERMATH);
    }

    /** Slow is no fault. */
    private void delay(Fault.Planned planned, Pod pod) {
        Proxy proxy = site.proxy(planned.pod());
        FaultWindows.Window window = windows.noExcuse(pod.incarnation(), "delay");
        proxy.delay(2 + planned.size() % 50);
        Pause.millis(planned.millis());
        proxy.delay(0);
        window.heal(0);
    }

    // ---- the database ----

    private void terminate(int connections) throws SQLException {
        FaultWindows.Window window = windows.ofAll("pg_terminate_backend");
        site.tables()
                .execute("SELECT pg_terminate_backend(pid) FROM (SELECT pid FROM pg_stat_activity"
                        + " WHERE datname = current_database() AND pid <> pg_backend_pid() ORDER BY random() LIMIT "
                        + connections
                        + ") AS unlucky");
        window.heal(AFTERMATH);
    }

    private void crash() throws Exception {
        FaultWindows.Window window = windows.ofAll("crash of the database");
        site.server().crash();
        window.heal(2 * AFTERMATH);
    }

    /**
     * Forth by more than a process may be silent, or back by some seconds; never far from the truth. It is never slow, either: the
     * server's timers fire at any time under a libfaketime that is behind the real clock.
     */
    private void setClock(int size) throws Exception {
        FaultWindows.Window window = windows.ofAll("clock of the database");
        long step = 1L + size % 20;
        clockSeconds = clockSeconds > 0 ? Math.max(0, clockSeconds - step) : clockSeconds + step;
        site.server().setClock(Duration.ofSeconds(clockSeconds));
        window.heal(2 * AFTERMATH);
    }

    /** Who waits for a file loses nothing by it. */
    private void lock(long millis) throws SQLException {
        FaultWindows.Window window = windows.noExcuse(FaultWindows.ALL, "BEGIN IMMEDIATE");
        try (Connection connection = site.tables().connect();
                Statement statement = connection.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
            Pause.millis(millis);
            statement.execute("ROLLBACK");
        }
        window.heal(0);
    }
}
