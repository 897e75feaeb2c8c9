/** Deliveries that survive a crash, kept in a database over JDBC. */
module dev.convoke.journal {
    requires transitive dev.convoke;
    requires transitive java.sql;
    requires static org.jspecify;
    requires transitive tools.jackson.databind;

    exports dev.convoke.journal;
}
