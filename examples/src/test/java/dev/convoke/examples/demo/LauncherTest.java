package dev.convoke.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The launcher, in a directory made up for it, with a Java and a Maven that only say how they were called. */
@EnabledOnOs({OS.LINUX, OS.MAC})
class LauncherTest {
    private static final String FAKE_JAVA = """
            #!/bin/sh
            if [ "$1" = -version ]; then echo 'openjdk version "17.0.1" 2021-10-19' >&2; exit; fi
            printf '<%s>' "$@"
            exit 7
            """;

    /** Builds what the launcher looks for, and talks as Maven does. */
    private static final String FAKE_MAVEN = """
            #!/bin/sh
            echo "$PWD: $*" >> calls
            printf '\\033[0m\\033[0m'
            mkdir -p examples/target/classes/dev/convoke/examples/demo examples/target/lib
            touch examples/target/classes/dev/convoke/examples/demo/Demo.class \
                examples/target/lib/convoke-core-1.jar examples/target/lib/convoke-journal-1.jar
            """;

    private Path home;
    private Path tools;

    @BeforeEach
    void checkOut(@TempDir Path temporary) throws IOException {
        home = temporary.toRealPath().resolve("a check-out, with blanks");
        tools = Files.createDirectories(home.resolve("tools"));
        for (String directory : List.of("core/src/main", "journal/src/main", "examples/src/main")) {
            Files.createDirectories(home.resolve(directory));
        }
        for (String pom : List.of("pom.xml", "core/pom.xml", "journal/pom.xml", "examples/pom.xml")) {
            Files.createFile(home.resolve(pom));
        }
        Files.copy(Path.of("../convoke"), home.resolve("convoke"));
        tool("java", FAKE_JAVA);
        tool("mvn", FAKE_MAVEN);
    }

    private void tool(String name, String script) throws IOException {
        Path tool = Files.writeString(tools.resolve(name), script);
        Files.setPosixFilePermissions(tool, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    // ---- running it ----

    private Ran launch(String... arguments) throws Exception {
        return launch(home.resolve("convoke"), Map.of(), arguments);
    }

    private Ran launch(Path launcher, Map<String, String> environment, String... arguments) throws Exception {
        return new Started(start("only", launcher, environment, arguments), "only").end();
    }

    private Process start(String name, Path launcher, Map<String, String> environment, String... arguments)
            throws IOException {
        // A build in the background has SIGINT ignored, and so would all that it starts.
        Stream<String> command = Stream.of("env", "--default-signal=INT", "/bin/bash", launcher.toString());
        ProcessBuilder builder =
                new ProcessBuilder(Stream.concat(command, Stream.of(arguments)).toList());
        builder.directory(home.getParent().toFile());
        builder.redirectOutput(home.resolve(name + ".out").toFile());
        builder.redirectError(home.resolve(name + ".err").toFile());
        builder.environment().remove("JAVA_HOME");
        builder.environment().put("PATH", tools + ":/usr/bin:/bin");
        builder.environment().putAll(environment);
        return builder.start();
    }

    private Started startDemo(String name) throws IOException {
        return new Started(start(name, home.resolve("convoke"), Map.of(), "demo"), name);
    }

    /** A launcher that may still be running. */
    private final class Started {
        private final Process process;
        private final String name;

        Started(Process process, String name) {
            this.process = process;
            this.name = name;
        }

        Ran end() throws IOException, InterruptedException {
            int exitCode = process.waitFor();
            return new Ran(exitCode, said(".out"), said(".err"));
        }

        String said(String stream) throws IOException {
            return Files.readString(home.resolve(name + stream));
        }

        void signal(String signal) throws IOException, InterruptedException {
            new ProcessBuilder("kill", "-" + signal, "" + process.pid()).start().waitFor();
        }
    }

    private List<String> mavenCalls() throws IOException {
        Path calls = home.resolve("calls");
        return Files.exists(calls) ? Files.readAllLines(calls) : List.of();
    }

    // ---- usage ----

    @Test
    void without_a_command_it_prints_its_usage() throws Exception {
        Ran ran = launch();

        assertThat(ran.exitCode()).isEqualTo(2);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err()).startsWith("Usage: convoke COMMAND");
    }

    @Test
    void help_is_data() throws Exception {
        Ran ran = launch("--help");

        assertThat(ran.exitCode()).isZero();
        assertThat(ran.out()).startsWith("Usage: convoke COMMAND");
        assertThat(ran.err()).isEmpty();
    }

    @Test
    void an_unknown_option_is_named_with_what_was_expected() throws Exception {
        assertThat(launch("--nonsense")).isEqualTo(new Ran(2, "", """
                        convoke: unknown option '--nonsense' (argument 1): expected the command demo, or --help
                        Try: convoke --help
                        """));
    }

    @Test
    void an_unknown_command_is_named_with_what_was_expected() throws Exception {
        assertThat(launch("frobnicate", "--json")).isEqualTo(new Ran(2, "", """
                        convoke: unknown command 'frobnicate' (argument 1): expected demo
                        Try: convoke --help
                        """));
    }

    // ---- building ----

    @Test
    void what_is_missing_is_built_in_the_root_with_one_line_on_standard_error() throws Exception {
        Ran ran = launch("demo", "--json", "--out", "two words", "");

        assertThat(mavenCalls())
                .containsExactly(home + ": -q -B -Dstyle.color=never -pl examples -am -Dmaven.test.skip=true package");
        assertThat(ran.err()).matches("Building Convoke, once … done in \\d+ s\n");
        assertThat(ran.out())
                .isEqualTo("<--enable-native-access=ALL-UNNAMED><-cp><" + home + "/examples/target/classes:" + home
                        + "/examples/target/lib/*><dev.convoke.examples.demo.Demo>"
                        + "<--json><--out><two words><>");
        assertThat(ran.exitCode()).isEqualTo(7);
    }

    @Test
    void what_is_built_is_not_built_again() throws Exception {
        launch("demo");
        Ran again = launch("demo");

        assertThat(mavenCalls()).hasSize(1);
        assertThat(again.err()).isEmpty();
        assertThat(again.exitCode()).isEqualTo(7);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pom.xml",
                "core/pom.xml",
                "core/src/main/New.java",
                "journal/src/main/New.java",
                "examples/src/main/New.java"
            })
    void what_is_older_than_its_source_is_built_again(String changed) throws Exception {
        launch("demo");
        Files.writeString(home.resolve(changed), "changed");
        Files.setLastModifiedTime(
                home.resolve(changed), FileTime.from(Instant.now().plusSeconds(60)));
        launch("demo");

        assertThat(mavenCalls()).hasSize(2);
    }

    @Test
    void what_has_lost_a_source_is_built_again() throws Exception {
        Path source = Files.createFile(home.resolve("core/src/main/Old.java"));
        launch("demo");
        Files.delete(source);
        launch("demo");

        assertThat(mavenCalls()).hasSize(2);
    }

    @Test
    void a_failing_build_shows_its_output_without_colours() throws Exception {
        tool("mvn", "#!/bin/sh\nprintf '[\\033[1;31mERROR\\033[m] cannot find symbol\\n'; exit 1\n");
        Ran ran = launch("demo");

        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err()).matches("""
                        Building Convoke, once … failed after \\d+ s
                        \\[ERROR] cannot find symbol
                        convoke: the build failed; what Maven said is above, and in .*/target/convoke-build.log
                        """);
    }

    /** A Maven that says it was called, and goes on when the gate is opened. */
    private Path slowMaven() throws Exception {
        Path gate = home.resolve("gate");
        assertThat(new ProcessBuilder("mkfifo", gate.toString()).start().waitFor())
                .isZero();
        tool("mvn", FAKE_MAVEN.replace("mkdir", "read -r anything < gate\nmkdir"));
        return gate;
    }

    @Test
    void of_two_that_are_started_at_once_one_builds() throws Exception {
        Path gate = slowMaven();
        Started first = startDemo("first");
        await().until(() -> mavenCalls().size() == 1);
        Started second = startDemo("second");
        await().until(() -> second.said(".err").equals("Waiting for another build of Convoke … "));
        Files.writeString(gate, "go on\n");

        assertThat(first.end().exitCode()).isEqualTo(7);
        assertThat(second.end().exitCode()).isEqualTo(7);
        assertThat(second.said(".err")).isEqualTo("Waiting for another build of Convoke … done\n");
        assertThat(mavenCalls()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"INT, 130", "TERM, 143"})
    void a_signal_ends_it_and_its_build_at_once(String signal, int exitCode) throws Exception {
        slowMaven();
        tool("mvn", "#!/bin/sh\necho $$ >> calls\nread -r anything < gate\n");
        Started demo = startDemo("demo");
        await().until(() -> mavenCalls().size() == 1);
        demo.signal(signal);

        assertThat(demo.end()).isEqualTo(new Ran(exitCode, "", "Building Convoke, once … \n"));
        long maven = Long.parseLong(mavenCalls().get(0));
        assertThat(ProcessHandle.of(maven)).isEmpty();
    }

    // ---- finding things ----

    @Test
    void it_is_found_through_links_from_any_directory() throws Exception {
        Path elsewhere = Files.createDirectories(home.resolveSibling("bin"));
        Path relative =
                Files.createSymbolicLink(elsewhere.resolve("two"), Path.of("..", home.getFileName() + "", "convoke"));
        Path absolute = Files.createSymbolicLink(elsewhere.resolve("one"), relative);
        Ran ran = launch(absolute, Map.of("CDPATH", "/"), "demo");

        assertThat(ran.out()).contains("<" + home + "/examples/target/classes:");
    }

    @Test
    void JAVA_HOME_comes_first() throws Exception {
        Path javaHome = home.resolve("a jdk");
        Files.createDirectories(javaHome.resolve("bin"));
        tool("java", FAKE_JAVA.replace("17.0.1", "11.0.1"));
        Path java = javaHome.resolve("bin/java");
        Files.writeString(java, FAKE_JAVA.replace("exit 7", "exit 8").replace("17.0.1", "25"));
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));

        assertThat(launch(home.resolve("convoke"), Map.of("JAVA_HOME", javaHome.toString()), "demo")
                        .exitCode())
                .isEqualTo(8);
    }

    @Test
    void a_JAVA_HOME_without_Java_is_named() throws Exception {
        Ran ran = launch(home.resolve("convoke"), Map.of("JAVA_HOME", "/nowhere"), "demo");

        assertThat(ran).isEqualTo(new Ran(1, "", "convoke: JAVA_HOME is /nowhere, but there is no bin/java in it\n"));
    }

    @Test
    void a_Java_that_is_too_old_is_named() throws Exception {
        for (String old : List.of("1.8.0_392", "11.0.21", "16-ea")) {
            tool("java", FAKE_JAVA.replace("17.0.1", old));
            Ran ran = launch("demo");

            assertThat(ran.exitCode()).isEqualTo(1);
            assertThat(ran.err())
                    .matches("convoke: .*/tools/java is Java (8|11|16), but Convoke needs 17 or newer: .*\n");
        }
        assertThat(mavenCalls()).isEmpty();
    }

    @Test
    void without_Maven_it_says_what_to_install() throws Exception {
        Files.delete(tools.resolve("mvn"));
        for (String tool : List.of("dirname", "readlink", "find", "bash")) {
            tool(tool, "#!/bin/sh\nPATH=/usr/bin:/bin\nexec " + tool + " \"$@\"\n");
        }
        Ran ran = launch(home.resolve("convoke"), Map.of("PATH", tools.toString()), "demo");

        assertThat(ran)
                .isEqualTo(new Ran(
                        1,
                        "",
                        "convoke: Convoke is to be built, but mvn is not on the PATH: install Maven 3.8.6 or newer\n"));
    }
}
