/** Races of the table of listeners. */
@NullMarked
package dev.convoke.internal.resolve;

import org.jspecify.annotations.NullMarked;
