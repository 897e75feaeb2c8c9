/** Several processes on one database, faults of every kind, and a checker that knows only what the processes wrote down. */
package dev.convoke.journal.operations;
