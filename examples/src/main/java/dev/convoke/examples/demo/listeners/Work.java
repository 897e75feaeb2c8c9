package dev.convoke.examples.demo.listeners;

import java.nio.file.Path;

/**
 * What the listeners have done, told by its traces and not by their results.
 *
 * @param directory where their files are
 * @param index the search index
 * @param audit the audit file
 * @param search a question to the index, and its answer
 * @param posts how many posts the webhook's endpoint has accepted
 * @param counts what the statistics have counted
 */
public record Work(Path directory, OutputFile index, OutputFile audit, SearchResult search, int posts, Counts counts) {}
