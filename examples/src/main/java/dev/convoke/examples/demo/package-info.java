/** The demo: real GitHub webhooks, published to seven listeners. */
@NullMarked
package dev.convoke.examples.demo;

import org.jspecify.annotations.NullMarked;
