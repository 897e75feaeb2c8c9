package dev.convoke.examples.demo.listeners;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoke.examples.demo.github.Webhook;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class HttpSenderTest {
    private static final Webhook PING =
            new Webhook(1, "github.ping", JsonMapper.shared().createObjectNode());

    private static HttpSender sender(URI address) {
        return new HttpSender(HttpClient.newHttpClient(), address);
    }

    @Test
    void what_the_endpoint_accepts_it_counts() throws Exception {
        try (LoopbackEndpoint endpoint = LoopbackEndpoint.start(event -> true)) {
            CompletableFuture<Integer> status =
                    sender(endpoint.address("/hook")).post(PING).toCompletableFuture();

            assertThat(status.get()).isEqualTo(202);
            assertThat(endpoint.posts()).isEqualTo(1);
        }
    }

    @Test
    void a_status_that_is_none_of_success_is_a_failure() throws Exception {
        try (LoopbackEndpoint endpoint = LoopbackEndpoint.start(event -> true)) {
            URI address = endpoint.address("/nothing-here");

            assertThatThrownBy(() ->
                            sender(address).post(PING).toCompletableFuture().get())
                    .isInstanceOf(ExecutionException.class)
                    .hasCause(new IOException(address + " answered 404"));
        }
    }

    @Test
    void cancelling_the_stage_closes_the_connection() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            URI address = URI.create("http://127.0.0.1:" + server.getLocalPort() + "/");
            CompletableFuture<Integer> status = sender(address).post(PING).toCompletableFuture();
            try (Socket connection = server.accept()) {
                connection.getInputStream().read();
                status.cancel(true);

                connection.getInputStream().transferTo(OutputStream.nullOutputStream()); // ends with the connection
            }
        }
    }
}
