package dev.convoke.examples.demo.listeners;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * An HTTP server on a free port of the loopback interface: {@code /hook} counts what is posted there and accepts it, unless
 * it is told otherwise, {@code /partner} answers some events and leaves others without an answer, {@code /ready} answers.
 *
 * <p>Thread-safe.
 */
final class LoopbackEndpoint implements AutoCloseable {
    /** The header that names the event. */
    static final String EVENT = "X-Event";

    /** The status for what is accepted. */
    static final int ACCEPTED = 202;

    private static final int NO_BODY = -1;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool(LoopbackEndpoint::daemon);
    private final AtomicInteger posts = new AtomicInteger();
    private final Predicate<String> answered;
    private final Hook hook;

    private LoopbackEndpoint(HttpServer server, Predicate<String> answered, Hook hook) {
        this.server = server;
        this.answered = answered;
        this.hook = hook;
    }

    /** What becomes of a post to {@code /hook}. */
    @FunctionalInterface
    interface Hook {
        /** The status of the answer to a request with such headers; there is none where this throws. */
        int status(Headers request) throws IOException;
    }

    /**
     * Starts a server.
     *
     * @param answered whether {@code /partner} answers an event of this name
     */
    static LoopbackEndpoint start(Predicate<String> answered) throws IOException {
        return start(answered, request -> ACCEPTED);
    }

    /** The same with a hook. */
    static LoopbackEndpoint start(Predicate<String> answered, Hook hook) throws IOException {
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0);
        LoopbackEndpoint endpoint = new LoopbackEndpoint(HttpServer.create(anyPort, 0), answered, hook);
        endpoint.server.createContext("/hook", endpoint::hook);
        endpoint.server.createContext("/partner", endpoint::partner);
        endpoint.server.createContext("/ready", LoopbackEndpoint::accept);
        endpoint.server.setExecutor(endpoint.threads);
        endpoint.server.start();
        return endpoint;
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "loopback-endpoint");
        thread.setDaemon(true);
        return thread;
    }

    /** The address of a path here. */
    URI address(String path) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
    }

    /** How many posts came to {@code /hook}. */
    int posts() {
        return posts.get();
    }

    private void hook(HttpExchange exchange) throws IOException {
        posts.incrementAndGet();
        answer(exchange, hook.status(exchange.getRequestHeaders()));
    }

    private void partner(HttpExchange exchange) throws IOException {
        if (answered.test(exchange.getRequestHeaders().getFirst(EVENT))) {
            accept(exchange);
        }
    }

    private static void accept(HttpExchange exchange) throws IOException {
        answer(exchange, ACCEPTED);
    }

    private static void answer(HttpExchange exchange, int status) throws IOException {
        exchange.getRequestBody().transferTo(OutputStream.nullOutputStream());
        exchange.sendResponseHeaders(status, NO_BODY);
        exchange.close();
    }

    /** Ends the exchanges that have no answer, too. */
    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
