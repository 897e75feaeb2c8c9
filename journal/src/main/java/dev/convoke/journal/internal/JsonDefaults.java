package dev.convoke.journal.internal;

import dev.convoke.journal.JournalOptions;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.cfg.MutableCoercionConfig;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.type.LogicalType;

/**
 * The mapper of a journal: what Jackson would change on the way, or make fit when it is read, is kept or refused.
 *
 * <p>Where Jackson's default is what is wanted (an unknown constant, subtype or trailing text is refused, a primitive has no null), it is
 * not said again here; {@code PayloadReadingTest} holds both.
 */
final class JsonDefaults {
    private JsonDefaults() {}

    /** Convoke's defaults, then the Jackson modules that are found, then what the user says. */
    static JsonMapper mapper(JournalOptions options) {
        JsonMapper.Builder builder = JsonMapper.builder();
        times(builder);
        values(builder);
        coercions(builder);
        builder.addModule(new SimpleModule("convoke-journal")
                        .addAbstractTypeMapping(Set.class, LinkedHashSet.class) // a set keeps its order
                        .setDeserializerModifier(new ExactDates()))
                .findAndAddModules();
        return options.json().apply(builder).build();
    }

    /** Times come back with the zones that they had. */
    private static void times(JsonMapper.Builder builder) {
        builder.disable(
                        DateTimeFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE,
                        DateTimeFeature.NORMALIZE_DESERIALIZED_ZONE_ID,
                        DateTimeFeature.ALWAYS_ALLOW_STRINGIFIED_DATE_TIMESTAMPS)
                .enable(DateTimeFeature.WRITE_DATES_WITH_ZONE_ID);
    }

    /** Constants go by their names, which `toString` is not; two of them may even share what it returns. */
    private static void values(JsonMapper.Builder builder) {
        builder.disable(EnumFeature.WRITE_ENUMS_USING_TO_STRING, EnumFeature.READ_ENUMS_USING_TO_STRING)
                .enable(EnumFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT);
    }

    /** A text is no number, a number no text, and nothing empty is null. Whole numbers are also decimal ones. */
    private static void coercions(JsonMapper.Builder builder) {
        builder.withCoercionConfigDefaults(JsonDefaults::failAll)
                .withCoercionConfig(
                        LogicalType.Float,
                        config -> config.setCoercion(CoercionInputShape.Integer, CoercionAction.TryConvert));
        for (Class<?> hasEmpty : new Class<?>[] {
            Locale.class, java.net.URI.class, java.io.File.class, Pattern.class, StringBuilder.class, StringBuffer.class
        }) {
            builder.withCoercionConfig(
                    hasEmpty, config -> config.setCoercion(CoercionInputShape.EmptyString, CoercionAction.TryConvert));
        }
    }

    private static void failAll(MutableCoercionConfig config) {
        for (CoercionInputShape shape : CoercionInputShape.values()) {
            config.setCoercion(shape, CoercionAction.Fail);
        }
    }
}
