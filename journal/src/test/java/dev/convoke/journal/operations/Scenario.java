package dev.convoke.journal.operations;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Some processes on one database, from their start to the verdict. Confined to one thread. */
final class Scenario implements AutoCloseable {
    /** After the last fault has healed, everything is done within this time. */
    static final long DRAIN_SECONDS = 60;

    private static final long POLL_MILLIS = 250;
    private static final long LAST_PUBLICATIONS_MILLIS = 1_500;

    private final String name;
    private final long seed;
    private final Path directory;
    private final Site site;
    private final FaultWindows windows = new FaultWindows();
    private final Findings findings = new Findings();
    private final List<Pod> pods = new ArrayList<>();
    private final Faults faults;
    private final Random random;

    /** So many processes that run this program, and are not started yet. */
    Scenario(String scenario, Site.Kind kind, int count, Class<?> program, long seed) throws Exception {
        this.name = scenario + " on " + kind + ", seed " + seed;
        this.seed = seed;
        this.random = new Random(seed);
        this.directory =
                Path.of("target/operations", scenario + "-" + kind + "-" + seed).toAbsolutePath();
        if (Files.exists(directory)) {
            forget(); // what an earlier run with this seed has left
        }
        Files.createDirectories(directory);
        System.out.println(name + " begins (-Dconvoke.operations.seed=" + seed + "), in " + directory);
        this.site = kind.open(directory, count);
        for (int i = 0; i < count; i++) {
            pods.add(new Pod("p" + i, site.address(i), directory, program));
        }
        this.faults = new Faults(site, pods, windows);
    }

    Random random() {
        return random;
    }

    List<Pod> pods() {
        return pods;
    }

    Faults faults() {
        return faults;
    }

    void start() throws IOException {
        for (Pod pod : pods) {
            pod.start();
        }
    }

    /** Brings faults about for so long. */
    void disturb(long millis) throws InterruptedException {
        faults.bringAbout(Fault.plan(site.faults(), pods.size(), millis, random));
    }

    /** Replaces all processes by those of this program, one after another; some are killed in between. */
    void roll(Class<?> program) throws Exception {
        for (Pod pod : pods) {
            pod.program(program);
            faults.roll(pod, random.nextInt(200));
            if (random.nextInt(4) == 0) {
                faults.kill(pods.get(random.nextInt(pods.size())), random.nextInt(500));
            }
        }
    }

    /** A process of a version could not start, and so the scenario cannot go on. */
    void stuck(Pod.CannotStartException why) {
        findings.add("D11: a process of another version cannot start", why.getMessage());
    }

    /** Lets them finish and end. */
    void finish(List<Expectation> expectations) throws Exception {
        long healed = System.nanoTime();
        Pause.millis(LAST_PUBLICATIONS_MILLIS);
        for (Pod pod : pods) {
            if (pod.isAlive()) {
                pod.quiet();
            }
        }
        awaitDrained(healed + TimeUnit.SECONDS.toNanos(DRAIN_SECONDS), expectations);
        for (Pod pod : pods) {
            if (pod.isAlive()) {
                faults.end(pod);
            }
        }
    }

    /** What was published in a transaction need not be a delivery yet, so that what processes wrote has its say, too. */
    private void awaitDrained(long until, List<Expectation> expectations) throws Exception {
        List<String> left = left(expectations);
        while (!left.isEmpty() && System.nanoTime() < until) {
            Pause.millis(POLL_MILLIS);
            left = left(expectations);
        }
        findings.addAll("D3: not drained " + DRAIN_SECONDS + " s after the last fault", left);
    }

    private List<String> left(List<Expectation> expectations) throws Exception {
        List<String> open = site.tables().open();
        if (!open.isEmpty()) {
            return open;
        }
        History history = History.of(directory);
        List<String> publishing = pods.stream()
                .filter(pod -> pod.isAlive() && !history.silent().contains(pod.incarnation()))
                .map(pod -> pod.incarnation() + " waits for an answer")
                .toList();
        return publishing.isEmpty()
                ? new Checker(history, remains(), windows, new Findings()).unfinished(expectations)
                : publishing;
    }

    private Checker.Remains remains() throws SQLException {
        return new Checker.Remains(
                new HashSet<>(site.tables().business()),
                site.tables().effects(),
                site.tables().dead());
    }

    /** Compares everything with everything, and fails where a promise was broken. */
    History verdict(List<Expectation> expectations) throws Exception {
        findings.addAll("what processes did", faults.violations());
        findings.addAll("D3: left in the end", site.tables().open());
        History history = History.of(directory);
        windows.add(history.stalls());
        Checker.Remains remains = remains();
        new Checker(history, remains, windows, findings).check(expectations);
        System.out.println(name + ": " + summary(history, remains));
        assertThat(findings.describe())
                .as(() ->
                        "%s; run again with -Dconvoke.operations.seed=%d; what processes wrote is in %s; faults:%n  %s"
                                .formatted(
                                        name, seed, directory, String.join("\n  ", windows.describe(history.origin()))))
                .isEmpty();
        return history;
    }

    private String summary(History history, Checker.Remains remains) {
        long runs = history.runs().values().stream().mapToLong(List::size).sum();
        return "%d published: %d accepted, %d rejected, %d unknown, %d hung; %d runs, %d dead, %d stalls, %d faults %s"
                .formatted(
                        history.publications().size(),
                        history.count(Answer.ACCEPTED),
                        history.count(Answer.REJECTED),
                        history.count(Answer.UNKNOWN),
                        history.count(Answer.HUNG),
                        runs,
                        remains.dead().size(),
                        history.stalls().size(),
                        faults.done().size(),
                        faults.done());
    }

    /** What was written stays where something was wrong. */
    void forget() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }

    @Override
    public void close() throws IOException {
        for (Pod pod : pods) {
            if (pod.isAlive()) {
                pod.kill();
            }
        }
        site.close();
    }
}
