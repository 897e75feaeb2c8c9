package dev.convoke.journal.internal;

import dev.convoke.journal.internal.SessionTable.Session;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Processes on one machine, of which the operating system says whether they live: each keeps a lock on a file beside the database,
 * which ends with its process at once, and with nothing else.
 *
 * <p>Thread-safe.
 */
final class LockPresence implements Presence {
    /*
     * POSIX takes all of a process's locks on a file away when that process closes the file, whoever in it opened it. So a file
     * is never opened by the virtual machine that has it locked, whatever class loader asks: which sessions are this machine's is
     * written in its system properties.
     */
    private static final String PROPERTY = "dev.convoke.journal.";

    private static final String PROCESS = process(PROPERTY + "process");

    private final SessionTable sessions;
    private final Path folder;

    private volatile List<Session> found = List.of();
    private final AtomicReference<@Nullable Own> own = new AtomicReference<>();

    /** This process's lock, and what it has said that it knows. */
    private record Own(String session, FileChannel channel, FileLock lock) {}

    LockPresence(SessionTable sessions, Path database) {
        this.sessions = sessions;
        this.folder = database.resolveSibling(database.getFileName() + "-convoke");
    }

    private static String process(String property) {
        String made = UUID.randomUUID().toString();
        Object known = System.getProperties().putIfAbsent(property, made); // one for all class loaders
        return known == null ? made : known.toString();
    }

    @Override
    public String process() {
        return PROCESS;
    }

    private Path lockOf(String session) {
        return folder.resolve(session + ".lock");
    }

    private Path knownOf(String session) {
        return folder.resolve(session + ".known");
    }

    @Override
    public void begin(String session) throws SQLException {
        try {
            Files.createDirectories(folder);
            FileChannel channel =
                    FileChannel.open(lockOf(session), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            FileLock lock = channel.tryLock();
            if (lock == null) {
                channel.close();
                throw new SQLException(lockOf(session) + " is locked by another process");
            }
            System.setProperty(PROPERTY + session, "open");
            end(own.getAndSet(new Own(session, channel, lock)));
        } catch (IOException e) {
            throw new SQLException(
                    "a file lock beside the database, by which processes know that others live, cannot be" + " had in "
                            + folder + ": " + e,
                    e);
        }
    }

    @Override
    public boolean beat(Connection connection, String session, long generation) throws SQLException {
        if (!sessions.exists(connection, session) || !Files.exists(lockOf(session))) {
            return false;
        }
        try {
            Files.write(
                    knownOf(session),
                    ByteBuffer.allocate(Long.BYTES).putLong(generation).array());
            return true;
        } catch (IOException e) {
            throw new SQLException(knownOf(session) + " cannot be written: " + e, e);
        }
    }

    @Override
    public void observe(List<Session> sessionsFound) {
        found = sessionsFound;
    }

    @Override
    public List<Session> gone(String ownSession) {
        return found.stream()
                .filter(session -> !session.id().equals(ownSession) && isGone(session))
                .toList();
    }

    private boolean isGone(Session session) {
        return session.process().equals(PROCESS)
                ? System.getProperty(PROPERTY + session.id()) == null
                : isUnlocked(lockOf(session.id()));
    }

    private static boolean isUnlocked(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            return channel.tryLock() != null; // closing gives it back
        } catch (NoSuchFileException e) {
            return true;
        } catch (IOException e) {
            Log.warn("it cannot be seen whether the process that locks " + file + " lives; it is taken to live", e);
            return false;
        }
    }

    @Override
    public boolean knows(Session session, long generation) {
        try {
            byte[] known = Files.readAllBytes(knownOf(session.id()));
            return known.length == Long.BYTES && ByteBuffer.wrap(known).getLong() >= generation;
        } catch (IOException e) {
            return false; // it has not said anything so far
        }
    }

    @Override
    public void forget(Session gone) {
        delete(gone.id());
    }

    @Override
    public void close() {
        end(own.getAndSet(null));
    }

    private void end(@Nullable Own ended) {
        if (ended == null) {
            return;
        }
        try {
            ended.lock.release();
            ended.channel.close();
        } catch (IOException e) {
            Log.debug("a file lock ends with its process", e);
        }
        delete(ended.session);
        System.clearProperty(PROPERTY + ended.session);
    }

    private void delete(String session) {
        try {
            Files.deleteIfExists(lockOf(session));
            Files.deleteIfExists(knownOf(session));
        } catch (IOException e) {
            Log.debug("a file that is of no use stays in " + folder, e);
        }
    }
}
