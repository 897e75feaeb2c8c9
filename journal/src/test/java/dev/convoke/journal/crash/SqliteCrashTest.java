package dev.convoke.journal.crash;

/** Crashes with a file of SQLite's. */
class SqliteCrashTest extends CrashContract {
    @Override
    Store create() {
        return new Store(directory.resolve("events.db").toString());
    }
}
