package dev.convoke.benchmarks.report;

import tools.jackson.databind.json.JsonMapper;

/** Results as JSON, to draw and to compare them later. */
public final class ResultsJson {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private ResultsJson() {}

    public static String write(Results results) {
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(results) + "\n";
    }

    public static Results read(String json) {
        return JSON.readValue(json, Results.class);
    }
}
