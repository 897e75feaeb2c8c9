/** What the demo publishes: recorded GitHub webhooks, read from a file. */
@NullMarked
package dev.convoke.examples.demo.github;

import org.jspecify.annotations.NullMarked;
