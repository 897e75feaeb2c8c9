/** Which listeners an event has: its own, and those of patterns and payload types. */
@NullMarked
package dev.convoke.internal.resolve;

import org.jspecify.annotations.NullMarked;
