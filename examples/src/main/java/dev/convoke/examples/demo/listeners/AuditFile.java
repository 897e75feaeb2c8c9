package dev.convoke.examples.demo.listeners;

import dev.convoke.examples.demo.github.Webhook;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A text file with one line for each event: id, event, repository, sender and SHA-256 of the payload.
 *
 * <p>Thread-safe: each line is written whole, under a lock, and is in the file when {@link #append} returns.
 */
final class AuditFile implements AutoCloseable {
    private final ReentrantLock writing = new ReentrantLock();
    private final BufferedWriter writer;

    private AuditFile(BufferedWriter writer) {
        this.writer = writer;
    }

    /** Starts a file, in the place of an earlier one. */
    static AuditFile create(Path file) throws IOException {
        return new AuditFile(Files.newBufferedWriter(file));
    }

    /** The demo's listener; it blocks. */
    void append(Webhook webhook) throws IOException {
        String line = line(webhook);
        writing.lock();
        try {
            writer.write(line);
            writer.flush();
        } finally {
            writing.unlock();
        }
    }

    /** What is written of an event. */
    static String line(Webhook webhook) {
        return String.join(
                "\t",
                webhook.id(),
                webhook.event(),
                webhook.repository().orElse("-"),
                webhook.sender().orElse("-"),
                "sha256:" + sha256(webhook.json()) + "\n");
    }

    static String sha256(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    @Override
    public void close() throws IOException {
        writer.close();
    }
}
