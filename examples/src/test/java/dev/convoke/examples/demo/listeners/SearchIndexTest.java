package dev.convoke.examples.demo.listeners;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoke.examples.demo.github.Webhook;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class SearchIndexTest {
    private static final int THREADS = 8;
    private static final int WEBHOOKS_A_THREAD = 25;

    @TempDir
    Path directory;

    private Path file() {
        return directory.resolve("index.db");
    }

    private static Webhook webhook(int line, String text) {
        return new Webhook(
                line, "github.ping", JsonMapper.shared().createObjectNode().put("zen", text));
    }

    @Test
    void an_event_is_found_by_its_words_but_not_by_its_addresses() throws Exception {
        try (SearchIndex index = SearchIndex.create(file())) {
            index.add(webhook(1, "Keep it logically awesome"));
            index.add(webhook(2, "https://example.org/awesome"));

            assertThat(index.search("AWESOME")).isEqualTo(new SearchResult("AWESOME", 1, "github.ping line-1"));
            assertThat(index.search("favor")).isEqualTo(new SearchResult("favor", 0, ""));
        }
    }

    @Test
    void what_many_threads_add_at_once_is_all_there() throws Exception {
        CyclicBarrier together = new CyclicBarrier(THREADS);
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try (SearchIndex index = SearchIndex.create(file())) {
            List<Future<?>> ends = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                int first = thread * WEBHOOKS_A_THREAD;
                ends.add(threads.submit(() -> {
                    together.await();
                    for (int i = 0; i < WEBHOOKS_A_THREAD; i++) {
                        index.add(webhook(first + i, "zen"));
                    }
                    return null;
                }));
            }
            for (Future<?> end : ends) {
                end.get();
            }

            assertThat(index.size()).isEqualTo(THREADS * WEBHOOKS_A_THREAD);
            assertThat(index.search("zen").events()).isEqualTo(THREADS * WEBHOOKS_A_THREAD);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void what_cannot_be_written_fails() throws Exception {
        SearchIndex index = SearchIndex.create(file());
        index.close();

        assertThatThrownBy(() -> index.add(webhook(1, "zen"))).isInstanceOf(SQLException.class);
    }

    @Test
    void an_earlier_index_is_replaced() throws Exception {
        try (SearchIndex earlier = SearchIndex.create(file())) {
            earlier.add(webhook(1, "zen"));
        }
        try (SearchIndex index = SearchIndex.create(file())) {
            assertThat(index.size()).isZero();
        }
    }
}
