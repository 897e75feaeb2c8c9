package dev.convoke;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What must not compile, does not; what must, does. */
class OnlyAsyncTest {
    private static List<String> errorsIn(String subscription) {
        String source = """
                import dev.convoke.AsyncEventCoordinator;
                import dev.convoke.event.EventArguments;
                import dev.convoke.event.EventType;
                import dev.convoke.listener.AsyncListener;
                import dev.convoke.listener.ListenerOptions;
                import java.util.concurrent.CompletableFuture;
                class Snippet {
                    static final EventType<String> TYPE = EventType.of("typed", String.class);
                    void handle(Object event) {}
                    void subscribe(AsyncEventCoordinator coordinator) {
                        coordinator.subscribeToEvent(%s);
                    }
                }
                """.formatted(subscription);
        DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
        JavaFileObject file =
                new SimpleJavaFileObject(URI.create("string:///Snippet.java"), JavaFileObject.Kind.SOURCE) {
                    @Override
                    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                        return source;
                    }
                };
        List<String> options =
                List.of("-proc:none", "-classpath", System.getProperty("java.class.path"), "-d", "target");
        ToolProvider.getSystemJavaCompiler()
                .getTask(null, null, diagnostics, options, null, List.of(file))
                .call();
        return diagnostics.getDiagnostics().stream()
                .filter(d -> d.getKind() == Diagnostic.Kind.ERROR)
                .map(d -> d.getMessage(Locale.ENGLISH))
                .toList();
    }

    private static void assertIsRefused(String subscription) {
        assertThat(errorsIn(subscription)).singleElement().asString().contains("bad return type in");
    }

    @Test
    @DisplayName("S3: a lambda that returns no stage does not compile")
    void S3_a_lambda_that_returns_no_stage_does_not_compile() {
        assertIsRefused("\"named\", arguments -> handle(arguments)");
        assertIsRefused("\"named\", arguments -> {}");
        assertIsRefused("TYPE, event -> event.length()");
        assertIsRefused("TYPE, this::handle");
    }

    @Test
    @DisplayName("S3: a listener that returns a stage compiles, and so does one that is declared blocking")
    void S3_asynchronous_and_blocking_listeners_compile() {
        assertThat(errorsIn("\"named\", arguments -> CompletableFuture.completedFuture(1)"))
                .isEmpty();
        assertThat(errorsIn("\"named\", AsyncListener.blocking(this::handle)")).isEmpty();
        assertThat(errorsIn("TYPE, AsyncListener.blocking(event -> handle(event)), ListenerOptions.named(\"x\")"))
                .isEmpty();
        assertThat(errorsIn("TYPE, AsyncListener.computing(event -> event.length())"))
                .isEmpty();
        assertThat(errorsIn(
                        "TYPE, AsyncListener.withContext((event, context) -> CompletableFuture.completedFuture(1))"))
                .isEmpty();
        assertThat(errorsIn("TYPE, AsyncListener.blockingWithContext((event, context) -> handle(event))"))
                .isEmpty();
    }
}
