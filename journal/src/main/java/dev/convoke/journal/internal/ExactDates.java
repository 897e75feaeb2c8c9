package dev.convoke.journal.internal;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.ZonedDateTime;
import java.util.Calendar;
import java.util.Date;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.BeanProperty;
import tools.jackson.databind.DeserializationConfig;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.deser.ValueDeserializerModifier;
import tools.jackson.databind.deser.std.DelegatingDeserializer;

/**
 * Reads times only from what times are written as. Jackson would take a number for seconds, also one that an older version of a class
 * meant as milliseconds, and would drop the time of day or the zone of a text.
 */
final class ExactDates extends ValueDeserializerModifier {
    private static final long serialVersionUID = 1L;

    private static final Set<Class<?>> WRITTEN_AS_TEXT = Set.of(
            Instant.class,
            OffsetDateTime.class,
            ZonedDateTime.class,
            LocalDate.class,
            LocalDateTime.class,
            LocalTime.class,
            OffsetTime.class,
            Duration.class,
            Date.class,
            Calendar.class);

    @Override
    public ValueDeserializer<?> modifyDeserializer(
            DeserializationConfig config, BeanDescription.Supplier description, ValueDeserializer<?> deserializer) {
        boolean asText = WRITTEN_AS_TEXT.contains(description.getBeanClass())
                && !config.isEnabled(DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS)
                && !config.isEnabled(DateTimeFeature.WRITE_DURATIONS_AS_TIMESTAMPS);
        return asText ? new FromText(deserializer, description.getBeanClass()) : deserializer;
    }

    private static final class FromText extends DelegatingDeserializer {
        private final Class<?> type;

        FromText(ValueDeserializer<?> deserializer, Class<?> type) {
            super(deserializer);
            this.type = type;
        }

        @Override
        protected ValueDeserializer<?> newDelegatingInstance(ValueDeserializer<?> deserializer) {
            return new FromText(deserializer, type);
        }

        /** A class that says how it wants a time to be written is taken at its word. */
        @Override
        public ValueDeserializer<?> createContextual(DeserializationContext context, @Nullable BeanProperty property) {
            boolean saysHow = property != null
                    && (property.findPropertyFormat(context.getConfig(), type).hasPattern()
                            || property.findPropertyFormat(context.getConfig(), type)
                                    .hasShape());
            return saysHow
                    ? context.handleSecondaryContextualization(getDelegatee(), property, context.constructType(type))
                    : super.createContextual(context, property);
        }

        @Override
        public Object deserialize(JsonParser parser, DeserializationContext context) throws JacksonException {
            JsonToken token = parser.currentToken();
            if (token.isNumeric()) {
                context.reportInputMismatch(type, "a number is no " + type.getName());
            }
            if (token == JsonToken.VALUE_STRING && loses(parser.getString())) {
                context.reportInputMismatch(type, "the text says more than a " + type.getName() + " holds");
            }
            return super.deserialize(parser, context);
        }

        private boolean loses(String text) {
            return (type == LocalDate.class && text.indexOf('T') > 0)
                    || (type == LocalDateTime.class && text.endsWith("Z"))
                    || (type == Instant.class && !text.endsWith("Z"));
        }
    }
}
