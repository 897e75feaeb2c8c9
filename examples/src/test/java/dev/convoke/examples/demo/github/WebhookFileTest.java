package dev.convoke.examples.demo.github;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WebhookFileTest {
    @TempDir
    Path directory;

    private WebhookFile read(String content) throws IOException {
        return WebhookFile.read(Files.writeString(directory.resolve("events.ndjson"), content));
    }

    @Test
    void the_recorded_file_is_read_whole() throws IOException {
        WebhookFile file = WebhookFile.read(Path.of("data/github-webhooks.ndjson"));

        assertThat(file.malformed()).isEmpty();
        assertThat(file.webhooks()).hasSize(329);
        Webhook first = file.webhooks().get(0);
        assertThat(first.id()).isEqualTo("line-1");
        assertThat(first.event()).isEqualTo("github.branch-protection-rule.edited");
        assertThat(first.repository()).contains("octo-org/octo-repo");
        assertThat(first.sender()).contains("Codertocat");
    }

    @Test
    void blank_lines_count_as_lines_and_not_as_events() throws IOException {
        WebhookFile file = read("\n{\"type\":\"a\",\"data\":{}}\r\n \t\n{\"type\":\"b\",\"data\":{}}");

        assertThat(file.malformed()).isEmpty();
        assertThat(file.webhooks()).extracting(Webhook::id).containsExactly("line-2", "line-4");
    }

    @Test
    void letters_and_large_numbers_stay_as_they_are() throws IOException {
        Webhook webhook = read("{\"type\":\"a\",\"data\":{\"name\":\"Zoë 🎉\",\"id\":123456789012345678901}}")
                .webhooks()
                .get(0);

        assertThat(webhook.json()).isEqualTo("{\"name\":\"Zoë 🎉\",\"id\":123456789012345678901}");
        assertThat(webhook.data().path("id").bigIntegerValue()).isEqualTo(new BigInteger("123456789012345678901"));
        assertThat(webhook.repository()).isEmpty();
        assertThat(webhook.sender()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            [1]                          | expected a JSON object, but found array
            {}                           | expected "type" to be a string, but found nothing
            {"type":5}                   | expected "type" to be a string, but found number
            {"type":"a"}                 | expected "data" to be an object, but found nothing
            {"type":"a","data":null}     | expected "data" to be an object, but found null
            {"type":"","data":{}}        | event name must not be empty
            {"type":"a","data":{}} {}    | expected one JSON object, but there is more (byte 24)
            {"type":"a"                  | not JSON: Unexpected end-of-input
            nonsense                     | not JSON: Unrecognized token 'nonsense'
            """)
    void a_malformed_line_says_what_was_expected(String line, String reason) throws IOException {
        WebhookFile file = read("{\"type\":\"a\",\"data\":{}}\n" + line + "\n{\"type\":\"b\",\"data\":{}}\n");

        assertThat(file.webhooks()).extracting(Webhook::line).containsExactly(1, 3);
        List<MalformedLine> malformed = file.malformed();
        assertThat(malformed).extracting(MalformedLine::line).containsExactly(2);
        assertThat(malformed.get(0).reason()).startsWith(reason);
    }
}
