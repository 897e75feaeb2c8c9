/** Checks of arguments, with messages that name what was wrong. */
@NullMarked
package dev.convoke.internal.check;

import org.jspecify.annotations.NullMarked;
