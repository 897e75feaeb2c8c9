package dev.convoke.examples.demo.listeners;

import dev.convoke.examples.demo.github.Webhook;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;

/**
 * Prints each event on a printer that takes 20 ms a job and another 1.4 ms for each kilobyte.
 *
 * <p>Thread-safe: it has no state. It holds no thread while the printer is at work; there is no printer, but a timer.
 */
final class SlowReport {
    private static final long MICROS_A_JOB = 20_000;
    private static final double MICROS_A_CHARACTER = 1.4;

    private SlowReport() {}

    /** The demo's listener; its value is a checksum of what was printed. */
    static CompletionStage<Long> print(Webhook webhook) {
        String page = webhook.data().toPrettyString();
        return CompletableFuture.supplyAsync(
                () -> checksum(page), printer(webhook.json().length()));
    }

    private static Executor printer(int characters) {
        long micros = MICROS_A_JOB + Math.round(characters * MICROS_A_CHARACTER);
        return CompletableFuture.delayedExecutor(micros, TimeUnit.MICROSECONDS);
    }

    private static long checksum(String page) {
        CRC32 checksum = new CRC32();
        checksum.update(page.getBytes(StandardCharsets.UTF_8));
        return checksum.getValue();
    }
}
