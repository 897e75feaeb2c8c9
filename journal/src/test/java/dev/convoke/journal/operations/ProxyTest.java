package dev.convoke.journal.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The network that the scenarios break, between a client and a server that answers with what it is told. */
class ProxyTest {
    private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
    private ServerSocket server;
    private Proxy proxy;
    private Socket client;

    @BeforeEach
    void connect() throws Exception {
        server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        Thread echo = new Thread(this::echo, "echo");
        echo.setDaemon(true);
        echo.start();
        proxy = new Proxy(server.getLocalPort());
        client = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
        client.setSoTimeout(300);
        assertThat(ask("hello")).isEqualTo("hello");
    }

    @AfterEach
    void close() throws IOException {
        client.close();
        proxy.close();
        server.close();
    }

    @Test
    @DisplayName("a half-open connection swallows what is sent and stays dead when the network is well again")
    void half_open() throws Exception {
        proxy.weather(Proxy.Weather.HALF_OPEN);
        assertThatThrownBy(() -> ask("lost")).isInstanceOf(SocketTimeoutException.class);
        proxy.weather(Proxy.Weather.CLEAR);

        assertThatThrownBy(() -> ask("lost, too")).isInstanceOf(SocketTimeoutException.class);
        assertThat(received.poll(0, TimeUnit.SECONDS)).isNull();
    }

    @Test
    @DisplayName("without replies, requests still come to the server")
    void no_replies() throws Exception {
        proxy.weather(Proxy.Weather.NO_REPLIES);

        assertThatThrownBy(() -> ask("insert")).isInstanceOf(SocketTimeoutException.class);
        assertThat(received.poll(5, TimeUnit.SECONDS)).isEqualTo("insert");
    }

    @Test
    @DisplayName("the reply to a commit is lost, and the connection with it")
    void no_replies_to_commits() throws Exception {
        proxy.weather(Proxy.Weather.NO_REPLIES_TO_COMMITS);
        assertThat(ask("insert")).isEqualTo("insert");

        assertThat(ask("COMMIT")).as("the end of the stream").isEmpty();
        received.poll(5, TimeUnit.SECONDS);
        assertThat(received.poll(5, TimeUnit.SECONDS)).isEqualTo("COMMIT");
    }

    @Test
    @DisplayName("what is sent while the network stands still comes when it goes on")
    void still() throws Exception {
        proxy.weather(Proxy.Weather.STILL);
        assertThatThrownBy(() -> ask("late")).isInstanceOf(SocketTimeoutException.class);
        proxy.weather(Proxy.Weather.CLEAR);

        assertThat(read()).isEqualTo("late");
    }

    @Test
    @DisplayName("a connection that is cut is closed")
    void cut() throws Exception {
        proxy.cut();

        assertThat(read()).as("the end of the stream").isEmpty();
    }

    private String ask(String request) throws IOException {
        client.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        return read();
    }

    private String read() throws IOException {
        byte[] reply = new byte[100];
        int length = client.getInputStream().read(reply);
        return new String(reply, 0, Math.max(0, length), StandardCharsets.US_ASCII);
    }

    private void echo() {
        try (Socket socket = server.accept()) {
            byte[] request = new byte[100];
            for (int length = socket.getInputStream().read(request);
                    length > 0;
                    length = socket.getInputStream().read(request)) {
                String text = new String(request, 0, length, StandardCharsets.US_ASCII);
                if (!text.equals("hello")) {
                    received.add(text);
                }
                socket.getOutputStream().write(request, 0, length);
            }
        } catch (IOException e) {
            // the client has gone
        }
    }
}
