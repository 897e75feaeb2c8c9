package dev.convoke.original;

import dev.convoke.event.EventArguments;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads and writes arguments and results as the original's side does, in JSON. */
final class Values {
    private Values() {}

    /** Positional and named arguments: {@code 1 "two" k=null}. */
    static EventArguments arguments(List<String> words) {
        Object[] positional =
                words.stream().filter(word -> !isNamed(word)).map(Values::parse).toArray();
        EventArguments arguments = EventArguments.of(positional);
        for (String word : words.stream().filter(Values::isNamed).toList()) {
            int equals = word.indexOf('=');
            arguments = arguments.with(word.substring(0, equals), parse(word.substring(equals + 1)));
        }
        return arguments;
    }

    private static boolean isNamed(String word) {
        return word.indexOf('=') >= 0;
    }

    private static Object parse(String word) {
        return switch (word) {
            case "null" -> null;
            case "true", "false" -> Boolean.valueOf(word);
            default -> word.startsWith("\"") ? word.substring(1, word.length() - 1) : (Object) Integer.valueOf(word);
        };
    }

    static String render(Object value) {
        if (value instanceof String text) {
            return '"' + text + '"';
        }
        return value instanceof List<?> list
                ? list.stream().map(Values::render).collect(Collectors.joining(", ", "[", "]"))
                : String.valueOf(value);
    }

    static String render(EventArguments arguments) {
        return Stream.concat(
                        arguments.positional().stream().map(Values::render),
                        arguments.named().entrySet().stream().map(Values::renderNamed))
                .collect(Collectors.joining(", "));
    }

    private static String renderNamed(Map.Entry<String, ?> argument) {
        return argument.getKey() + "=" + render(argument.getValue());
    }
}
