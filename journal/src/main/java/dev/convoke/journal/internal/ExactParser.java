package dev.convoke.journal.internal;

import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.util.JsonParserDelegate;

/**
 * Refuses to make a number into one of a type that cannot hold it: 200 into a byte, 2^53 + 1 into a double, 1e40 into a float. Jackson
 * itself refuses what overflows an int or a long, and rounds the others.
 *
 * <p>Confined to the thread that reads.
 */
final class ExactParser extends JsonParserDelegate {
    /** As many significant digits as tell any two doubles apart; more of them would be rounded away. */
    private static final int DOUBLE_DIGITS = 17;

    /** The same for floats. */
    private static final int FLOAT_DIGITS = 9;

    ExactParser(JsonParser parser) {
        super(parser);
    }

    @Override
    public byte getByteValue() {
        int value = delegate.getIntValue();
        require(value == (byte) value, "byte", byte.class);
        return (byte) value;
    }

    @Override
    public float getFloatValue() {
        float value = delegate.getFloatValue();
        requireHeld(value, FLOAT_DIGITS, value == 0 || Float.isInfinite(value), float.class);
        return value;
    }

    @Override
    public double getDoubleValue() {
        double value = delegate.getDoubleValue();
        requireHeld(value, DOUBLE_DIGITS, value == 0 || Double.isInfinite(value), double.class);
        return value;
    }

    @Override
    public Number getNumberValue() {
        return delegate.currentToken() == JsonToken.VALUE_NUMBER_FLOAT && delegate.getNumberType() == NumberType.DOUBLE
                ? (Number) getDoubleValue()
                : delegate.getNumberValue();
    }

    private void requireHeld(double value, int digits, boolean isExtreme, Class<?> type) {
        String text = delegate.getString();
        boolean isHeld = delegate.currentToken() == JsonToken.VALUE_NUMBER_INT
                ? isWhole(value, text)
                : significantDigits(text) <= digits && (!isExtreme || significantDigits(text) == 0);
        require(isHeld, type.getName(), type);
    }

    private static boolean isWhole(double value, String text) {
        return text.length() <= 7 // digits that even a float holds
                || (!Double.isInfinite(value)
                        && new java.math.BigDecimal(value).compareTo(new java.math.BigDecimal(text)) == 0);
    }

    /** Those from the first that is not zero to the last that is not. */
    static int significantDigits(String number) {
        int digits = 0;
        int zeros = 0;
        for (int i = 0; i < number.length() && number.charAt(i) != 'e' && number.charAt(i) != 'E'; i++) {
            char c = number.charAt(i);
            if (c > '0' && c <= '9') {
                digits += zeros + 1;
                zeros = 0;
            } else if (c == '0' && digits > 0) {
                zeros++;
            }
        }
        return digits;
    }

    private void require(boolean isHeld, String name, Class<?> type) {
        if (!isHeld) {
            throw new InputCoercionException(
                    delegate, "a " + name + " cannot hold " + delegate.getString(), delegate.currentToken(), type);
        }
    }
}
