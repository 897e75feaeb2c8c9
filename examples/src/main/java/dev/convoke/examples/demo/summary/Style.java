package dev.convoke.examples.demo.summary;

/**
 * How text is set off.
 *
 * @param colour whether the reader wants colours
 */
record Style(boolean colour) {
    String bold(String text) {
        return with("1", text);
    }

    String dim(String text) {
        return with("2", text);
    }

    String red(String text) {
        return with("31", text);
    }

    private String with(String code, String text) {
        return colour ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
