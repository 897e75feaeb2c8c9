/** The demo's listeners and what they leave behind. */
@NullMarked
package dev.convoke.examples.demo.listeners;

import org.jspecify.annotations.NullMarked;
