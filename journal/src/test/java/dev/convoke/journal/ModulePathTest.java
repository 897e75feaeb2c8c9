package dev.convoke.journal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.convoke.AsyncEventCoordinator;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.JsonNode;

/** A journal on the module path, in a process of its own: Convoke's own classes are closed to reflection there. */
class ModulePathTest {
    private static final Map<String, String> SHOP =
            Map.of("shop/events/Order.java", """
            package shop.events;
            public record Order(String customer, int number) {}
            """, "shop/events/Money.java", """
            package shop.events;
            /** Immutable, without annotations: Jackson knows its parameters by their names. */
            public final class Money {
                private final long cents;
                public Money(long cents) { this.cents = cents; }
                public long getCents() { return cents; }
            }
            """, "shop/Main.java", """
            package shop;

            import static dev.convoke.listener.AsyncListener.blocking;
            import static dev.convoke.listener.ListenerOptions.named;

            import dev.convoke.AsyncEventCoordinator;
            import dev.convoke.event.*;
            import dev.convoke.journal.JdbcJournal;
            import java.nio.file.Path;
            import java.util.concurrent.CompletionException;
            import shop.events.*;

            public class Main {
                public static void main(String[] args) throws Exception {
                    EventType<Order> placed = EventType.of("order.placed", Order.class);
                    EventType<Money> paid = EventType.of("paid", Money.class);
                    JdbcJournal journal = JdbcJournal.sqlite(Path.of(args[0]));
                    AsyncEventCoordinator coordinator = AsyncEventCoordinator.builder().journal(journal).build();
                    coordinator.subscribeToEvent(
                            placed, blocking(order -> System.out.println("got " + order)), named("orders").durable());
                    coordinator.subscribeToEvent(
                            paid, blocking(money -> System.out.println("got " + money.getCents())), named("money").durable());
                    coordinator.subscribeToEvent(
                            "noted", blocking(arguments -> System.out.println("got " + arguments)), named("notes").durable());
                    settle(journal, coordinator.publishEvent("noted", "text", 5L));
                    settle(journal, coordinator.publishEvent(placed, new Order("ada", 1)));
                    settle(journal, coordinator.publishEvent(paid, new Money(500)));
                    coordinator.close();
                }

                private static void settle(JdbcJournal journal, dev.convoke.Publication<?> publication) {
                    try {
                        journal.settled(publication.accepted().join().eventId()).join();
                    } catch (CompletionException e) {
                        System.out.println("refused: " + e.getCause().getMessage());
                    }
                }
            }
            """);

    @TempDir
    Path directory;

    @Test
    @DisplayName("a modular application that opens its events to Jackson gets them, and events without a type")
    void events_of_an_open_package() throws Exception {
        assertThat(run("opens shop.events to tools.jackson.databind;"))
                .contains("got EventArguments[text, 5]")
                .contains("got Order[customer=ada, number=1]")
                .contains("got 500")
                .doesNotContain("refused");
    }

    @Test
    @DisplayName(
            "one that only exports them gets its records; of what cannot be reached it is told the package to open")
    void events_of_an_exported_package() throws Exception {
        assertThat(run("exports shop.events;"))
                .contains("got EventArguments[text, 5]")
                .contains("got Order[customer=ada, number=1]")
                .contains("got 500");
    }

    @Test
    @DisplayName("one that does neither is told which package to open")
    void events_of_a_closed_package() throws Exception {
        assertThat(run(""))
                .contains("got EventArguments[text, 5]")
                .containsPattern("refused: .*order.placed.*shop\\.events\\.Order.*open")
                .contains("tools.jackson.databind");
    }

    private String run(String clause) throws Exception {
        Path sources = Files.createDirectories(directory.resolve("src"));
        for (Map.Entry<String, String> source : SHOP.entrySet()) {
            Path file = sources.resolve(source.getKey());
            Files.createDirectories(file.getParent());
            Files.writeString(file, source.getValue());
        }
        Files.writeString(
                sources.resolve("module-info.java"),
                "module shop { requires dev.convoke.journal; requires tools.jackson.databind; " + clause + " }");
        String path = modulePath();
        Path classes = directory.resolve("classes");
        compile(sources, classes, path);
        return output(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--module-path",
                path + File.pathSeparator + classes,
                "--add-modules",
                "org.xerial.sqlitejdbc",
                "-m",
                "shop/shop.Main",
                directory.resolve("events.db").toString()));
    }

    private static String modulePath() throws URISyntaxException, ClassNotFoundException {
        List<String> places = new ArrayList<>();
        for (Class<?> type : List.of(
                AsyncEventCoordinator.class,
                JdbcJournal.class,
                JsonNode.class,
                JsonParser.class,
                JsonProperty.class,
                Logger.class,
                Class.forName("org.sqlite.JDBC"))) {
            places.add(Path.of(type.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString());
        }
        return String.join(File.pathSeparator, places);
    }

    private static void compile(Path sources, Path classes, String modulePath) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                "-proc:none",
                "-parameters",
                "-Xlint:none",
                "--release",
                "17",
                "--module-path",
                modulePath,
                "-d",
                classes.toString()));
        try (Stream<Path> files = Files.walk(sources)) {
            arguments.addAll(files.filter(file -> file.toString().endsWith(".java"))
                    .map(Path::toString)
                    .collect(Collectors.toList()));
        }
        int code = ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(String[]::new));
        assertThat(code).as("javac").isZero();
    }

    private String output(List<String> command) throws IOException, InterruptedException {
        Path log = directory.resolve("log");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        if (!process.waitFor(40, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        return Files.readString(log);
    }
}
