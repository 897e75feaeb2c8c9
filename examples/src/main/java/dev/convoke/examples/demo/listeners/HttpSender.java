package dev.convoke.examples.demo.listeners;

import dev.convoke.examples.demo.github.Webhook;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;

/**
 * Posts events to an address, without blocking.
 *
 * <p>Thread-safe: immutable. Cancelling the stage that {@link #post} returns cancels its request.
 */
final class HttpSender {
    private static final int FIRST_FAILURE = 300;

    private final HttpClient client;
    private final URI address;

    HttpSender(HttpClient client, URI address) {
        this.client = client;
        this.address = address;
    }

    /** Returns when the address has answered, so that the first event does not wait for the client to get going. */
    static void awaitReady(HttpClient client, URI address) throws IOException, InterruptedException {
        client.send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.discarding());
    }

    /** The demo's listener; its value is the status. */
    CompletionStage<Integer> post(Webhook webhook) {
        return post(webhook, UnaryOperator.identity());
    }

    /** The same with a request to which something is added. */
    CompletionStage<Integer> post(Webhook webhook, UnaryOperator<HttpRequest.Builder> more) {
        HttpRequest.Builder request = HttpRequest.newBuilder(address)
                .header("Content-Type", "application/json")
                .header(LoopbackEndpoint.EVENT, webhook.event())
                .POST(HttpRequest.BodyPublishers.ofString(webhook.json()));
        return client.sendAsync(more.apply(request).build(), HttpResponse.BodyHandlers.discarding())
                .thenApply(HttpSender::status);
    }

    private static int status(HttpResponse<?> response) {
        if (response.statusCode() >= FIRST_FAILURE) {
            throw new CompletionException(new IOException(response.uri() + " answered " + response.statusCode()));
        }
        return response.statusCode();
    }
}
