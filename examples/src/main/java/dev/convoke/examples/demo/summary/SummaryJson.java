package dev.convoke.examples.demo.summary;

import dev.convoke.examples.demo.listeners.OutputFile;
import dev.convoke.examples.demo.listeners.Work;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** A summary for programs: one JSON object. */
public final class SummaryJson {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final double NANOS_A_MICRO = 1_000;
    private static final double MICROS_A_MILLI = 1_000;

    private SummaryJson() {}

    /** Writes a summary. */
    public static String of(Summary summary) {
        ObjectNode json = object();
        json.put("publications", summary.publications());
        json.set("deliveries", deliveries(summary));
        json.set("latencyMillis", latency(summary.latency()));
        json.set("tookMillis", latency(summary.took()));
        json.set("tookMillisByListener", tookByListener(summary));
        json.put("elapsedMillis", millis(summary.elapsed()));
        json.set("failures", failures(summary));
        json.set("slowest", summary.slowest().map(SummaryJson::publication).orElse(null));
        json.set("work", work(summary.work()));
        json.set("malformed", malformed(summary));
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n";
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    private static ArrayNode array() {
        return JsonNodeFactory.instance.arrayNode();
    }

    private static ObjectNode deliveries(Summary summary) {
        ObjectNode json = object();
        for (ListenerSummary listener : summary.listeners()) {
            ObjectNode row = json.putObject(listener.listener());
            for (ResultKind kind : ResultKind.values()) {
                row.put(kind.field(), listener.count(kind));
            }
        }
        return json;
    }

    /** Beside the counts, not among them: those are the same in every run. */
    private static ObjectNode tookByListener(Summary summary) {
        ObjectNode json = object();
        summary.listeners().forEach(listener -> json.set(listener.listener(), latency(listener.took())));
        return json;
    }

    private static @Nullable ObjectNode latency(Optional<Latency> latency) {
        return latency.map(SummaryJson::latency).orElse(null);
    }

    private static ObjectNode latency(Latency latency) {
        return object().put("p50", millis(latency.p50()))
                .put("p95", millis(latency.p95()))
                .put("max", millis(latency.max()));
    }

    private static ObjectNode failures(Summary summary) {
        ObjectNode json = object();
        for (ListenerSummary listener : summary.listeners()) {
            if (!listener.failures().isEmpty()) {
                json.set(listener.listener(), failures(listener));
            }
        }
        return json;
    }

    private static ArrayNode failures(ListenerSummary listener) {
        ArrayNode json = array();
        for (FailureGroup group : listener.failures()) {
            ObjectNode row = json.addObject();
            row.put("cause", group.cause());
            row.put("count", group.count());
            row.put("firstEvent", group.firstEvent());
            row.put("firstId", group.firstId());
        }
        return json;
    }

    private static ObjectNode publication(PublicationTrace publication) {
        ObjectNode json = object();
        json.put("event", publication.event().type().name());
        json.put("id", publication.event().id());
        json.put("tookMillis", millis(publication.took()));
        ArrayNode deliveries = json.putArray("deliveries");
        for (DeliveryTrace delivery : publication.deliveries()) {
            ObjectNode row = deliveries.addObject();
            row.put("listener", delivery.listener());
            row.put("startMillis", millis(delivery.queued()));
            row.put("tookMillis", millis(delivery.result().took()));
            row.put("result", delivery.kind().field());
        }
        return json;
    }

    private static ObjectNode work(Work work) {
        ObjectNode json = object();
        json.set("index", file(work.index()));
        json.set("audit", file(work.audit()));
        json.putObject("search")
                .put("word", work.search().word())
                .put("events", work.search().events())
                .put("best", work.search().best());
        json.put("posts", work.posts());
        json.putObject("statistics")
                .put("events", work.counts().events())
                .put("repositories", work.counts().repositories())
                .put("senders", work.counts().senders())
                .put("busiestRepository", work.counts().busiestRepository())
                .put("busiestEvents", work.counts().busiestEvents());
        return json;
    }

    private static ObjectNode file(OutputFile file) {
        ObjectNode json = object();
        json.put("path", file.path().toString());
        json.put("bytes", file.bytes());
        json.put("entries", file.entries());
        return json;
    }

    private static ArrayNode malformed(Summary summary) {
        ArrayNode json = array();
        summary.malformed()
                .forEach(line -> json.addObject().put("line", line.line()).put("reason", line.reason()));
        return json;
    }

    /** With three decimals. */
    private static double millis(Duration duration) {
        return Math.round(duration.toNanos() / NANOS_A_MICRO) / MICROS_A_MILLI;
    }
}
