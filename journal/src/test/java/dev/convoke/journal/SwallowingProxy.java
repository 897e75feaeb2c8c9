package dev.convoke.journal;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Hands bytes on between a client and a server, or swallows them, as a network does that loses a route without a word. Thread-safe. */
final class SwallowingProxy implements AutoCloseable {
    private final String host;
    private final int port;
    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();
    private volatile boolean swallows;

    SwallowingProxy(String host, int port) throws IOException {
        this.host = host;
        this.port = port;
        Daemons.start(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    /** From now on, what comes from either side is lost; connections stay as they are. */
    void swallow() {
        swallows = true;
    }

    /** From now on, what comes is handed on again. */
    void handOn() {
        swallows = false;
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                Socket target = new Socket(host, port);
                sockets.add(client);
                sockets.add(target);
                Daemons.start(() -> pump(client, target));
                Daemons.start(() -> pump(target, client));
            } catch (IOException closed) {
                // which the loop looks at
            }
        }
    }

    private void pump(Socket from, Socket to) {
        byte[] buffer = new byte[8192];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                if (!swallows) {
                    out.write(buffer, 0, read);
                    out.flush();
                }
            }
        } catch (IOException ended) {
            // by either side
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
