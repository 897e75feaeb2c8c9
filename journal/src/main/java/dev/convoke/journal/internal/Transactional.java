package dev.convoke.journal.internal;

/** A listener that holds a connection to the journal's database while it runs. */
public interface Transactional {}
