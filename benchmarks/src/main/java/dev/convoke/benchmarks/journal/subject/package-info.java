/** What is measured: Convoke, SQL alone and other libraries, each behind one small adapter. */
@NullMarked
package dev.convoke.benchmarks.journal.subject;

import org.jspecify.annotations.NullMarked;
