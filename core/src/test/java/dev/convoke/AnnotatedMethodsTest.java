package dev.convoke;

import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.convoke.event.Event;
import dev.convoke.event.EventType;
import dev.convoke.listener.ListenerInfo;
import dev.convoke.listener.OnEvent;
import dev.convoke.other.Remote;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Which annotated methods of an object are its listeners, and in which order. */
@SuppressWarnings("UnusedMethod") // listeners are called by their annotation
class AnnotatedMethodsTest {
    private static final EventType<String> TEXT = EventType.of("text", String.class);
    private static final EventType<String> REMOTE = EventType.of("remote", String.class);

    private final AsyncEventCoordinator coordinator = new AsyncEventCoordinator();

    @AfterEach
    void close() {
        coordinator.close();
    }

    private List<Object> heard(Object listeners, EventType<String> type) {
        coordinator.subscribeAnnotated(listeners);
        return coordinator
                .publishEvent(type, "x")
                .gather()
                .orTimeout(20, SECONDS)
                .join();
    }

    private static CompletionStage<String> said(String by, Object text) {
        return completedFuture(by + " " + text);
    }

    @SuppressWarnings("EffectivelyPrivate")
    private static class Access {
        @OnEvent("text")
        private CompletionStage<?> aPrivate(String text) {
            return said("private", text);
        }

        @OnEvent("text")
        CompletionStage<?> bPackage(String text) {
            return said("package", text);
        }

        @OnEvent("text")
        protected CompletionStage<?> cProtected(String text) {
            return said("protected", text);
        }

        @OnEvent("text")
        public CompletionStage<?> dPublic(String text) {
            return said("public", text);
        }

        @OnEvent("text")
        private static CompletionStage<?> eStatic(String text) {
            return said("static", text);
        }

        CompletionStage<?> fNone(String text) {
            return said("not annotated", text);
        }
    }

    @Test
    @DisplayName("P17: private, package-private and static methods are listeners as public ones are")
    void P17_methods_of_any_access() {
        assertThat(heard(new Access(), TEXT))
                .containsExactly("private x", "package x", "protected x", "public x", "static x");
    }

    private interface Greets {
        @OnEvent("text")
        default CompletionStage<?> zGreet(String text) {
            return said("interface", text);
        }

        @OnEvent("text")
        CompletionStage<?> zAbstract(String text);

        @OnEvent("text")
        private CompletionStage<?> zPrivate(String text) {
            return said("interface's private", text);
        }
    }

    private static class Above implements Greets {
        @OnEvent("text")
        CompletionStage<?> overridden(String text) {
            return said("above", text);
        }

        @OnEvent("text")
        CompletionStage<?> overriddenInSilence(String text) {
            return said("above", text);
        }

        @OnEvent("text")
        private CompletionStage<?> twin(String text) {
            return said("above's own", text);
        }

        @Override
        public CompletionStage<?> zAbstract(String text) {
            return said("implementation", text);
        }
    }

    private static final class Below extends Above {
        @Override
        @OnEvent("text")
        CompletionStage<?> overridden(String text) {
            return said("below", text);
        }

        @Override
        CompletionStage<?> overriddenInSilence(String text) {
            return said("silently below", text);
        }

        @OnEvent("text")
        private CompletionStage<?> twin(String text) {
            return said("below's own", text);
        }

        @OnEvent("text")
        CompletionStage<?> aFirst(String text) {
            return said("first", text);
        }
    }

    @Test
    @DisplayName(
            "P17: inherited and interface methods are listeners, overridden ones once; interfaces first, then from above")
    void P17_inherited_methods_in_a_fixed_order() {
        assertThat(heard(new Below(), TEXT))
                .containsExactly(
                        "implementation x",
                        "interface x",
                        "interface's private x",
                        "silently below x",
                        "above's own x",
                        "first x",
                        "below x",
                        "below's own x");
    }

    private abstract static class Generic<T, R extends CompletionStage<?>> {
        @OnEvent("text")
        abstract R overridden(T payload);

        @OnEvent("text")
        R inherited(Event<T> event) {
            return overridden(event.payload());
        }
    }

    private static class Middle<S> extends Generic<S, CompletionStage<String>> {
        @Override
        CompletionStage<String> overridden(S payload) {
            return said("middle", payload);
        }
    }

    private static final class OfText extends Middle<String> {
        @Override
        @OnEvent("text")
        CompletionStage<String> overridden(String text) {
            return said("text", text.length());
        }

        @OnEvent("text")
        CompletionStage<String> overridden(Event<String> overload) {
            return said("overload", overload.payload());
        }
    }

    @Test
    @DisplayName("P17: of a generic superclass the payload type is the argument's; bridges count for nothing")
    void P17_generic_superclasses() {
        assertThat(heard(new OfText(), TEXT)).containsExactly("text 1", "overload x", "text 1");
        assertThat(coordinator.listeners("text"))
                .extracting(ListenerInfo::payloadType)
                .containsOnly(String.class);
    }

    private record Recorded(String name) {
        @OnEvent("text")
        CompletionStage<?> hear(String text) {
            return said(name, text);
        }
    }

    private enum Numbered {
        ONE,
        TWO {
            @Override
            CompletionStage<?> hear(String text) {
                return said("two's", text);
            }
        };

        @OnEvent("text")
        CompletionStage<?> hear(String text) {
            return said(name(), text);
        }
    }

    @FunctionalInterface
    private interface Functional {
        @OnEvent("text")
        CompletionStage<?> hear(String text);
    }

    @Test
    @DisplayName("P17: records, enum constants, lambdas, anonymous classes and proxies may have listener methods")
    void P17_objects_of_any_kind() {
        Functional lambda = text -> said("lambda", text);
        Functional proxy = (Functional) Proxy.newProxyInstance(
                Functional.class.getClassLoader(),
                new Class<?>[] {Functional.class},
                (self, method, arguments) -> said("proxy", arguments[0]));
        Object anonymous = new Object() {
            @OnEvent("text")
            CompletionStage<?> hear(String text) {
                return said("anonymous", text);
            }
        };
        coordinator.subscribeAnnotated(new Recorded("record"));
        coordinator.subscribeAnnotated(Numbered.ONE);
        coordinator.subscribeAnnotated(Numbered.TWO);
        coordinator.subscribeAnnotated(lambda);
        coordinator.subscribeAnnotated(proxy);
        assertThat(heard(anonymous, TEXT))
                .containsExactly("record x", "ONE x", "two's x", "lambda x", "proxy x", "anonymous x");
    }

    private static final class Far extends Remote {
        @OnEvent("remote")
        CompletionStage<String> own(String payload) { // of another package: no override
            return said("far package", payload);
        }

        @Override
        protected CompletionStage<String> shared(String payload) {
            return said("far protected", payload);
        }
    }

    @Test
    @DisplayName("P17: methods of a superclass in another package are listeners, whatever their access")
    void P17_a_superclass_in_another_package() {
        assertThat(heard(new Far(), REMOTE))
                .containsExactly("private x", "package x", "far protected x", "far package x");
    }
}
