package dev.convoke.examples.readme;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A page of Markdown with marked blocks of code.
 *
 * @param name from the root of the repository
 */
record Page(String name) {
    static final Path ROOT = Path.of("..");
    private static final Pattern MARKED =
            Pattern.compile("<!-- (snippet|output): (\\S+) -->\\n```(\\w+)\\n(.*?)```", Pattern.DOTALL);

    record Block(String kind, String file, String text) {}

    String text() throws IOException {
        return Files.readString(ROOT.resolve(name));
    }

    List<Block> blocks(String kind) throws IOException {
        List<Block> blocks = new ArrayList<>();
        Matcher matcher = MARKED.matcher(text());
        while (matcher.find()) {
            blocks.add(new Block(matcher.group(1), matcher.group(2), matcher.group(4)));
        }
        return blocks.stream().filter(block -> block.kind().equals(kind)).toList();
    }

    /** Fails unless there are so many blocks of Java, each of which is a region of a file in the folder. */
    void hasRegionsOf(Path folder, int javaBlocks) throws IOException {
        List<Block> snippets = blocks("snippet");
        assertThat(snippets).hasSize(javaBlocks);
        assertThat(Pattern.compile("```java").matcher(text()).results()).hasSize(javaBlocks);
        for (Block snippet : snippets) {
            assertThat(snippet.text()).isEqualTo(region(folder, snippet.file()));
        }
    }

    private static String region(Path folder, String fileAndTag) throws IOException {
        String file = fileAndTag.replaceFirst("#.*", "");
        String tag = fileAndTag.replaceFirst(".*#", "");
        String source = Files.readString(folder.resolve(file));
        Matcher matcher = Pattern.compile(
                        "( *)// tag::" + tag + "\\[]\\n(.*?) *// end::" + tag + "\\[]", Pattern.DOTALL)
                .matcher(source);
        assertThat(matcher.find()).as("region %s", fileAndTag).isTrue();
        return matcher.group(2).replaceAll("(?m)^" + matcher.group(1), "");
    }

    /** The files of the repository that it links to, from the page's own folder. */
    List<Path> links() throws IOException {
        return Pattern.compile("]\\((?!https?:|#)([^)#]+)[^)]*\\)")
                .matcher(text())
                .results()
                .map(link -> ROOT.resolve(name).resolveSibling(link.group(1)))
                .toList();
    }
}
