/** Turns annotated methods into listeners. */
@NullMarked
package dev.convoke.internal.bind;

import org.jspecify.annotations.NullMarked;
