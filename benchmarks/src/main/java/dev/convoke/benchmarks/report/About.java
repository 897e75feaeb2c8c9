package dev.convoke.benchmarks.report;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a reader needs to know of a run. */
public final class About {
    private static final long GIBIBYTE = 1L << 30;

    private About() {}

    public static Map<String, String> thisRun(String mode) {
        Map<String, String> about = new LinkedHashMap<>();
        about.put("mode", mode);
        about.put("java", Runtime.version().toString());
        about.put("processors", Integer.toString(Runtime.getRuntime().availableProcessors()));
        about.put("memory", memory() / GIBIBYTE + " GiB");
        about.put("system", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        about.put("date", LocalDate.now(ZoneOffset.UTC).toString());
        about.put("revision", System.getProperty("convoke.revision", "unknown"));
        return about;
    }

    private static long memory() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
    }
}
