/** What users write: listeners, their options, and the subscriptions that hold them. */
@NullMarked
package dev.convoke.listener;

import org.jspecify.annotations.NullMarked;
