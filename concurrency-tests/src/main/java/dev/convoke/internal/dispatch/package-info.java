/** Races of the bounds. */
@NullMarked
package dev.convoke.internal.dispatch;

import org.jspecify.annotations.NullMarked;
