package dev.convoke.examples.demo.listeners;

import java.nio.file.Path;

/**
 * A file that the demo leaves behind.
 *
 * @param path where it is
 * @param bytes its size
 * @param entries how many events it holds
 */
public record OutputFile(Path path, long bytes, int entries) {}
