package dev.convoke.journal.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Crashes with a file of SQLite's. */
class SqliteCrashTest extends CrashContract {
    /** Less than what SQLite's log has when it is written back and begun anew. */
    private static final int LOG_BYTES = 2 << 20;

    @Override
    Store create() {
        return new Store(directory.resolve("events.db").toString());
    }

    /** A transactional listener that dawdles would let nobody else write. */
    @Override
    String modeToFreeze() {
        return "publish";
    }

    /** A frozen process has its lock, and keeps what it had; the other one makes the rest. */
    @Override
    void awaitTheOther() throws Exception {
        awaitMore();
        assertThat(owners()).isEqualTo(2);
    }

    @Test
    @DisplayName(
            "D1, D3: nothing accepted is lost when the disk takes no more, and the process goes on by itself when it does")
    void nothing_is_lost_when_the_disk_is_full() throws Exception {
        Process process = begin("survivor", "publish");
        limitFiles(process, Integer.toString(LOG_BYTES));
        await().atMost(30, TimeUnit.SECONDS).until(() -> logged("rejected") + logged("failed") > 30);
        long before = logged("accepted");
        limitFiles(process, "unlimited");
        awaitMore();
        process.destroyForcibly().waitFor();
        drain();

        Checker.Report report = Checker.check(store(), directory, 2);

        assertThat(report.faults()).isEmpty();
        assertThat(before).isPositive();
    }

    /** The process can make no file longer than this: a disk that is full, for this process alone. A soft limit, which can be raised again. */
    private static void limitFiles(Process process, String bytes) throws Exception {
        Process limit =
                new ProcessBuilder("prlimit", "--pid", Long.toString(process.pid()), "--fsize=" + bytes + ":").start();
        assertThat(limit.waitFor()).isZero();
    }
}
