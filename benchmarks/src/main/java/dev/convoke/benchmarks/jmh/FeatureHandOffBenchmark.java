package dev.convoke.benchmarks.jmh;

import dev.convoke.benchmarks.bus.Bus;
import dev.convoke.benchmarks.bus.Feature;

/** Publishing to one listener on a pool with one feature of Convoke's in use. */
public class FeatureHandOffBenchmark extends HandOffBenchmark {
    @Override
    Bus create() {
        return Feature.named(subject).onPool();
    }
}
