package dev.convoke.examples.demo;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the demo said when it was run in this process. */
record Ran(int exitCode, String out, String err) {
    private static final Path HOME = Path.of("..");

    /** With both streams redirected. */
    static Ran demo(Object... arguments) throws InterruptedException {
        return demo(false, 100, arguments);
    }

    static Ran demoOnTerminal(int columns, Object... arguments) throws InterruptedException {
        return demo(true, columns, arguments);
    }

    private static Ran demo(boolean terminal, int columns, Object... arguments) throws InterruptedException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Console console = new Console(HOME, stream(out), stream(err), terminal, terminal, terminal, columns);
        int exitCode = new Demo(console).run(texts(arguments));
        return new Ran(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    private static String[] texts(Object... arguments) {
        String[] texts = new String[arguments.length];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = arguments[i].toString();
        }
        return texts;
    }

    JsonNode json() {
        return JsonMapper.shared().readTree(out);
    }
}
