package dev.convoke.benchmarks.run;

import dev.convoke.benchmarks.report.Case;
import dev.convoke.benchmarks.report.Measurement;
import java.time.Duration;
import java.util.Locale;
import org.openjdk.jmh.runner.RunnerException;

/** Says on standard error how far a run is. */
final class Progress {
    private final int steps;
    private final long start = System.nanoTime();
    private int done;

    Progress(int steps) {
        this.steps = steps;
    }

    void measured(Measurement measurement) {
        Case measured = measurement.measured();
        String values = String.format(Locale.ROOT, "%.1f ns, %.0f B", measurement.time(), measurement.bytes());
        say(measured.scenario() + " " + measured.variant() + " " + measured.subject() + ": " + values);
    }

    void failed(Step step, RunnerException failure) {
        say(step.measured() + " failed: " + failure);
    }

    private void say(String line) {
        done++;
        System.err.println("[" + done + "/" + steps + "] " + line);
    }

    void end() {
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        System.err.printf(
                Locale.ROOT, "%d measurements in %d min %d s%n", done, took.toMinutes(), took.toSecondsPart());
    }
}
