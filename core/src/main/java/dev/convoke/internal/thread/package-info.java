/** How threads are made. */
@NullMarked
package dev.convoke.internal.thread;

import org.jspecify.annotations.NullMarked;
