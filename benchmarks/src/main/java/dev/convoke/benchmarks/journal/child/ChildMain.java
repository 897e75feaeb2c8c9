package dev.convoke.benchmarks.journal.child;

import com.zaxxer.hikari.HikariDataSource;
import dev.convoke.benchmarks.journal.subject.Setup;
import dev.convoke.benchmarks.journal.subject.Subject;
import dev.convoke.benchmarks.journal.subject.Subjects;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/**
 * A child: carries out a job, and ends when it is told to or when the JVM that has started it is gone.
 *
 * <p>It reads {@code go} and {@code stop}, and prints lines that begin with {@code @}: what it has come to, and how many deliveries
 * it has made.
 */
public final class ChildMain {
    private static final int REPORT_MILLIS = 20;

    private final Job job;
    private final Recorder recorder;
    private final CountDownLatch go = new CountDownLatch(1);
    private final CountDownLatch stop = new CountDownLatch(1);

    private ChildMain(Job job) {
        this.job = job;
        this.recorder = new Recorder(job);
    }

    /**
     * Carries out one job.
     *
     * @param arguments the job, as JSON, and the file for the trace
     */
    public static void main(String... arguments) {
        Thread.setDefaultUncaughtExceptionHandler(
                (thread, thrown) -> fail(thrown)); // or somebody would wait for that thread
        try {
            new ChildMain(Job.read(arguments[0])).run(Path.of(arguments[1]));
            Runtime.getRuntime().halt(0); // some libraries leave threads
        } catch (Throwable e) {
            fail(e);
        }
    }

    private static void fail(Throwable thrown) {
        thrown.printStackTrace();
        Runtime.getRuntime().halt(1);
    }

    private void run(Path traceFile) throws Exception {
        daemon("commands", this::readCommands);
        try (HikariDataSource pool = Pools.open(job)) {
            StatementCount count = new StatementCount();
            Setup setup = new Setup(
                    job.url(),
                    job.load().kind() == Load.Kind.IDLE ? count.counting(pool) : pool,
                    job.listeners(),
                    job.ordered(),
                    job.handlerMillis() > 0,
                    job.notifications(),
                    recorder);
            try (Subject subject = Subjects.open(job.subject(), setup)) {
                say("ready");
                go.await();
                listen(subject);
                say("listening");
                daemon("report", this::report);
                say("published " + new Publishing(job.load(), subject, recorder).run());
                if (job.load().kind() == Load.Kind.IDLE) {
                    recorder.idle(count.during(job.load().seconds()));
                    say("counted");
                }
                stop.await();
            }
        }
        recorder.trace().write(traceFile);
    }

    private void listen(Subject subject) throws Exception {
        if (job.listening()) {
            long from = System.nanoTime();
            subject.listen();
            recorder.subscribed(System.nanoTime() - from);
        }
    }

    private void readCommands() throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            (line.equals("go") ? go : stop).countDown();
        }
        Runtime.getRuntime().halt(1); // nobody is there any more
    }

    private void report() throws InterruptedException {
        while (true) {
            say("delivered " + recorder.delivered());
            Thread.sleep(REPORT_MILLIS);
        }
    }

    private static void say(String what) {
        System.out.println("@" + what);
    }

    /** Runs beside what the child does. */
    @FunctionalInterface
    private interface Task {
        void run() throws IOException, InterruptedException;
    }

    private static void daemon(String name, Task task) {
        Thread thread = new Thread(
                () -> {
                    try {
                        task.run();
                    } catch (IOException | InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
    }
}
