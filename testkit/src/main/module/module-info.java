/** What a test of code that uses a coordinator needs: a clock and executors that move when told, records, assertions. */
@SuppressWarnings("requires-automatic") // Awaitility, which names itself in its manifest alone
module dev.convoke.testkit {
    requires transitive dev.convoke;
    requires transitive org.assertj.core;
    requires static awaitility;
    requires static org.jspecify;
    requires static transitive org.junit.jupiter.api;

    exports dev.convoke.testkit;
    exports dev.convoke.testkit.journal;
}
