/** Deliveries that survive a crash, kept in a database over JDBC. */
@SuppressWarnings("requires-automatic") // the driver, which names itself in its manifest alone
module dev.convoke.journal {
    requires transitive dev.convoke;
    requires transitive java.sql;
    requires static org.jspecify;
    requires static org.checkerframework.checker.qual;
    requires static org.postgresql.jdbc;
    requires static org.xerial.sqlitejdbc;
    requires transitive tools.jackson.databind;

    exports dev.convoke.journal;
}
