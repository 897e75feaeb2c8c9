/** How the journal works: tables, threads, and what is in between. */
@NullMarked
package dev.convoke.journal.internal.guard;

import org.jspecify.annotations.NullMarked;
