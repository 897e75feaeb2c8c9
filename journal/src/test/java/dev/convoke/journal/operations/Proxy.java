package dev.convoke.journal.operations;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The network between one process and its database. Thread-safe.
 *
 * <p>A connection of which something was dropped stays as it is when the network is well again: nothing comes through it any more, in that
 * direction, until one side closes it. So it is with a firewall that has forgotten a connection.
 */
final class Proxy implements AutoCloseable {
    /** What becomes of bytes. */
    enum Weather {
        /** They come through. */
        CLEAR,
        /** They wait. */
        STILL,
        /** They are dropped, both ways, and so is the news that a side has closed. */
        HALF_OPEN,
        /** Replies are dropped. */
        NO_REPLIES,
        /** The reply to a commit is dropped, and the connection closed. */
        NO_REPLIES_TO_COMMITS
    }

    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final ServerSocket door;
    private final int port;
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private volatile Weather weather = Weather.CLEAR;
    private volatile long delayNanos;

    /** A way to this port of this machine. */
    Proxy(int port) throws IOException {
        this.port = port;
        this.door = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        run("door", this::accept);
    }

    int port() {
        return door.getLocalPort();
    }

    void weather(Weather now) {
        weather = now;
    }

    /** Every chunk takes this much longer, each way. */
    void delay(long millis) {
        delayNanos = TimeUnit.MILLISECONDS.toNanos(millis);
    }

    /** Closes all connections that there are. */
    void cut() {
        connections.forEach(Connection::close);
    }

    @Override
    public void close() throws IOException {
        weather = Weather.CLEAR;
        door.close();
        cut();
    }

    private static void run(String name, Runnable task) {
        Thread thread = new Thread(task, "proxy-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!door.isClosed()) {
            try {
                Connection connection = new Connection(door.accept());
                connections.add(connection);
                run("connection", connection::open);
            } catch (IOException e) {
                // the door is closed, or the client has gone again
            }
        }
    }

    private enum Direction {
        REQUEST,
        REPLY
    }

    /** One connection of the client's, and the one to the server that it is joined to. */
    private final class Connection {
        private final Socket client;
        private final Socket server = new Socket();
        private volatile boolean dropsRequests;
        private volatile boolean dropsReplies;

        Connection(Socket client) throws IOException {
            this.client = client;
            client.setTcpNoDelay(true);
        }

        void open() {
            try {
                while (weather == Weather.STILL) {
                    LockSupport.parkNanos(POLL_NANOS);
                }
                if (weather == Weather.HALF_OPEN) {
                    dropsRequests = true; // a connection to nobody
                } else {
                    server.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                    server.setTcpNoDelay(true);
                    run("replies", () -> pump(server, client, Direction.REPLY));
                }
                pump(client, server, Direction.REQUEST);
            } catch (IOException e) {
                close();
            }
        }

        private void pump(Socket from, Socket to, Direction direction) {
            byte[] chunk = new byte[16 << 10];
            try {
                InputStream in = from.getInputStream();
                for (int length = in.read(chunk); length >= 0; length = in.read(chunk)) {
                    if (comesThrough(chunk, length, direction)) {
                        to.getOutputStream().write(chunk, 0, length);
                    }
                }
            } catch (IOException e) {
                // as good as closed
            }
            while (weather == Weather.HALF_OPEN) {
                LockSupport.parkNanos(POLL_NANOS); // the other side does not hear of it
            }
            close();
        }

        private boolean comesThrough(byte[] chunk, int length, Direction direction) throws IOException {
            if (delayNanos > 0) {
                LockSupport.parkNanos(delayNanos);
            }
            while (weather == Weather.STILL) {
                LockSupport.parkNanos(POLL_NANOS);
            }
            spoil(chunk, length, direction);
            if (direction == Direction.REPLY && dropsReplies && weather == Weather.NO_REPLIES_TO_COMMITS) {
                throw new IOException("the connection breaks after a commit");
            }
            return direction == Direction.REQUEST ? !dropsRequests : !dropsReplies;
        }

        private void spoil(byte[] chunk, int length, Direction direction) {
            switch (weather) {
                case HALF_OPEN -> {
                    dropsRequests = true;
                    dropsReplies = true;
                }
                case NO_REPLIES -> dropsReplies = true;
                case NO_REPLIES_TO_COMMITS -> dropsReplies |= direction == Direction.REQUEST && isCommit(chunk, length);
                default -> {
                    // nothing new
                }
            }
        }

        private static boolean isCommit(byte[] chunk, int length) {
            return new String(chunk, 0, length, StandardCharsets.ISO_8859_1).contains("COMMIT");
        }

        void close() {
            connections.remove(this);
            closeQuietly(client);
            closeQuietly(server);
        }

        private static void closeQuietly(Socket socket) {
            try {
                socket.close();
            } catch (IOException e) {
                // it is closed
            }
        }
    }
}
