/** Which listeners an event has. */
@NullMarked
package dev.convoke.internal.resolve;

import org.jspecify.annotations.NullMarked;
