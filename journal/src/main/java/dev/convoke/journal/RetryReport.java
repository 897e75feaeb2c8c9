package dev.convoke.journal;

/**
 * What came of dead deliveries that were tried again.
 *
 * @param succeeded how many are not there any more: done, or given up with a listener that was retired meanwhile
 * @param failed how many are dead again
 * @param left how many were not tried, as too many had failed in a row before
 */
public record RetryReport(int succeeded, int failed, int left) {}
