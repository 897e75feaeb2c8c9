/** Processes that are killed, and an outside checker of what is left. */
package dev.convoke.journal.crash;
