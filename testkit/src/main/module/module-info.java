/** What a test of code that uses a coordinator needs: a clock and executors that move when told, records, assertions. */
module dev.convoke.testkit {
    requires transitive dev.convoke;
    requires transitive org.assertj.core;
    requires static org.jspecify;

    exports dev.convoke.testkit;
}
