package dev.convoke.journal.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.sqlite.BusyHandler;
import org.sqlite.JDBC;

/**
 * A file of SQLite's. Everything is written through one connection, as there is one writer at a time whoever asks; who only looks
 * may have a connection of its own.
 *
 * <p>Thread-safe.
 */
final class FileDatabase extends Database {
    /** How long a transaction waits for those of other processes, and in this one for those before it. */
    private static final int BUSY_MILLIS = 10_000;

    /** The same when all is about to end. */
    private static final int LAST_MILLIS = 1_000;

    /** To a file that is not there yet; links may lead in a circle. */
    private static final int MOST_LINKS = 40;

    private final Path path;
    private volatile int patienceMillis = BUSY_MILLIS;
    private final ReentrantLock turn = new ReentrantLock(true);

    /** Guarded by the turn, as is the next. */
    private @Nullable Connection connection;

    private boolean isClosed;

    /** Which file it is that has what was accepted. */
    private volatile @Nullable Object key;

    FileDatabase(Path path) {
        super(Dialect.SQLITE);
        this.path = real(path.toAbsolutePath()); // so that none is taken for one of SQLite's own names
    }

    /** Where the file really is, through whatever links: all processes have to meet beside it. */
    private static Path real(Path path) {
        try {
            Path file = path;
            for (int links = 0; links < MOST_LINKS && !Files.exists(file) && Files.isSymbolicLink(file); links++) {
                file = file.resolveSibling(Files.readSymbolicLink(file));
            }
            Path parent = file.getParent();
            return parent == null || Files.exists(file)
                    ? file.toRealPath()
                    : parent.toRealPath().resolve(file.getFileName());
        } catch (IOException e) {
            return path; // opening it will say what is wrong with it
        }
    }

    @Override
    <T extends @Nullable Object, X extends Exception> T transaction(Work<T, X> work, int silentMillis)
            throws SQLException, X {
        Connection taken = take();
        try {
            return transaction(taken, work);
        } catch (SQLException e) {
            closeConnection(); // whatever state it is in
            throw e;
        } finally {
            turn.unlock();
        }
    }

    @Override
    boolean isWithin(Connection asked) {
        return turn.isHeldByCurrentThread() && asked.equals(connection);
    }

    @Override
    long freeDisk() throws SQLException {
        try {
            return Files.getFileStore(path).getUsableSpace();
        } catch (IOException e) {
            throw new SQLException("the disk of " + path + " does not say how much is free on it", e);
        }
    }

    @Override
    void hurry() {
        patienceMillis = LAST_MILLIS;
    }

    /** Takes the turn, and the connection with it. */
    private Connection take() throws SQLException {
        boolean wasInterrupted = Thread.interrupted(); // before: that is no reason to do nothing now
        try {
            takeTurn();
            return connection();
        } catch (InterruptedException e) {
            wasInterrupted = true;
            throw new NoConnectionException(new SQLException("interrupted while waiting for another transaction", e));
        } finally {
            if (wasInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void takeTurn() throws SQLException, InterruptedException {
        if (turn.isHeldByCurrentThread() || !turn.tryLock(patienceMillis, TimeUnit.MILLISECONDS)) {
            throw new NoConnectionException("SQLITE_BUSY: another transaction in this process takes longer than "
                    + patienceMillis + " ms: " + path);
        }
        if (isClosed) {
            turn.unlock();
            throw new NoConnectionException("the journal is closed");
        }
    }

    /** The one connection, for who has the turn, and gives it back where there is none. */
    private Connection connection() throws SQLException {
        Connection known = connection;
        if (known == null) {
            try {
                known = open();
            } catch (SQLException | RuntimeException | Error e) {
                turn.unlock();
                throw e;
            }
            connection = known;
        }
        return known;
    }

    private Connection open() throws SQLException {
        Properties settings = new Properties();
        settings.setProperty("journal_mode", "WAL");
        settings.setProperty("synchronous", "FULL");
        settings.setProperty("busy_timeout", Integer.toString(BUSY_MILLIS));
        try {
            // The driver itself: a DriverManager knows those of the first class loader that asked it.
            Connection opened = JDBC.createConnection("jdbc:sqlite:" + path, settings);
            BusyHandler.setHandler(opened, new FairWait(BUSY_MILLIS));
            if (key == null) {
                key = keyOfFile();
            }
            return opened;
        } catch (SQLException | IOException e) {
            throw new SQLException(path + " cannot be opened: " + e.getMessage(), e);
        }
    }

    /** Null where files have none, as on Windows, which lets nobody take an open file away. */
    private @Nullable Object keyOfFile() throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    }

    @Override
    @Nullable String trouble() {
        try {
            return Objects.equals(key, keyOfFile()) ? null : path + " is another file than the one that was opened";
        } catch (IOException e) {
            return path + " is not there any more: " + e;
        }
    }

    // The driver's own transactions begin with the end of the one before, and would hold the file while nothing is
    // done.

    @Override
    void begin(Connection connection) throws SQLException {
        try {
            execute(connection, "BEGIN IMMEDIATE");
        } catch (SQLException e) {
            throw new NoConnectionException(e);
        }
    }

    @Override
    void commit(Connection connection) throws SQLException {
        execute(connection, "COMMIT");
    }

    @Override
    void rollback(Connection connection) throws SQLException {
        execute(connection, "ROLLBACK");
    }

    private void closeConnection() {
        Connection known = connection;
        connection = null;
        if (known != null) {
            try {
                known.close();
            } catch (SQLException e) {
                Log.debug("a broken connection could not be closed", e);
            }
        }
    }

    @Override
    public void close() {
        try {
            if (turn.tryLock(1, TimeUnit.SECONDS)) {
                isClosed = true;
                closeConnection();
                turn.unlock();
            } else {
                Log.warn(path + " stays open: a transactional listener does not end", new IllegalStateException());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The file, of which processes on this machine know each other by files beside it. */
    Path path() {
        return path;
    }

    /** A connection that waits for nobody, as it only looks: readers see what was committed, whoever writes. */
    @Override
    Kept keep() {
        return new Kept() {
            @Override
            Connection connect() throws SQLException {
                return open();
            }

            @Override
            <T extends @Nullable Object> T within(Connection connection, Work<T, RuntimeException> work)
                    throws SQLException {
                return work.in(connection); // a transaction would be the one that writes
            }
        };
    }
}
