package dev.landbridge;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** Arguments, and what is expected of results. One for each file: it has the file's host objects. */
final class SpecValues {
    private static final long NAN_32 = 0x7fc0_0000L;
    private static final long NAN_64 = 0x7ff8_0000_0000_0000L;

    private final Map<String, Object> objects = new HashMap<>();

    Object[] arguments(JsonArray list) {
        Object[] values = new Object[list.size()];
        for (int i = 0; i < values.length; i++) {
            var tagged = tagged(list.get(i));
            values[i] = value(tagged.getKey(), tagged.getValue());
        }
        return values;
    }

    private static Map.Entry<String, JsonElement> tagged(JsonElement json) {
        return json.getAsJsonObject().entrySet().iterator().next();
    }

    private Object value(String tag, JsonElement json) {
        String text = json.isJsonNull() ? null : json.getAsString();
        return switch (tag) {
            case "i32" -> Integer.valueOf(text);
            case "i64" -> Long.valueOf(text);
            case "f32" -> Float.intBitsToFloat((int) bits(text));
            case "f64" -> Double.longBitsToDouble(bits(text));
            case "v128" -> new V128(bits(text.substring(16)), bits(text.substring(0, 18)));
            case "externref", "anyref" -> text == null ? null : objects.computeIfAbsent(text, name -> new Object());
            case "funcref", "exnref" -> null;
            default -> throw new SpecFile.Wrong("no value is " + tag);
        };
    }

    /** The number of up to 16 hexadecimal digits behind two characters. */
    private static long bits(String text) {
        return Long.parseUnsignedLong(text, 2, text.length(), 16);
    }

    void check(Object[] found, JsonArray expected) {
        boolean fits = found.length == expected.size();
        for (int i = 0; fits && i < found.length; i++) {
            fits = fits(found[i], expected.get(i));
        }
        if (!fits) {
            throw new SpecFile.Wrong("found " + Arrays.toString(found) + ", expected " + expected);
        }
    }

    private boolean fits(Object found, JsonElement expected) {
        var tagged = tagged(expected);
        JsonElement inner = tagged.getValue();
        return switch (tagged.getKey()) {
            case "either" -> oneFits(found, inner.getAsJsonArray());
            case "ref" -> isSort(found, inner.getAsString());
            case "f32" -> found instanceof Float f && isF32(Float.floatToRawIntBits(f), inner);
            case "f64" -> found instanceof Double d && isF64(Double.doubleToRawLongBits(d), inner);
            case "f32x4" -> found instanceof V128 v && lanesFit(v.ints(), inner.getAsJsonArray());
            case "f64x2" -> found instanceof V128 v
                    && isF64(v.low(), inner.getAsJsonArray().get(0)) && isF64(v.high(), inner.getAsJsonArray().get(1));
            default -> same(found, value(tagged.getKey(), inner));
        };
    }

    /** An object of the host is itself; numbers and vectors are equal, and of one type. */
    private static boolean same(Object found, Object expected) {
        return expected == null ? found == null : expected.equals(found);
    }

    private boolean oneFits(Object found, JsonArray list) {
        for (JsonElement expected : list) {
            if (fits(found, expected)) {
                return true;
            }
        }
        return false;
    }

    private static boolean lanesFit(int[] lanes, JsonArray list) {
        boolean fit = true;
        for (int i = 0; i < lanes.length; i++) {
            fit &= isF32(lanes[i], list.get(i));
        }
        return fit;
    }

    private static boolean isF32(int found, JsonElement expected) {
        return isFloat(found & 0xffff_ffffL, expected.getAsString(), NAN_32, 0x8000_0000L);
    }

    private static boolean isF64(long found, JsonElement expected) {
        return isFloat(found, expected.getAsString(), NAN_64, Long.MIN_VALUE);
    }

    /** {@code nan} is the canonical NaN, {@code sign} the bit that any NaN may have. */
    private static boolean isFloat(long found, String expected, long nan, long sign) {
        return switch (expected) {
            case "nan:canonical" -> (found & ~sign) == nan;
            case "nan:arithmetic" -> (found & nan) == nan;
            default -> found == bits(expected);
        };
    }

    private static boolean isSort(Object found, String sort) {
        return switch (sort) {
            case "null" -> found == null;
            case "func" -> found instanceof Func;
            case "exn" -> found instanceof TaggedException;
            case "i31" -> found instanceof Integer;
            case "eq" -> found instanceof Integer || found instanceof GcRef;
            case "struct", "array" -> found instanceof GcRef object && object.sort().equals(sort);
            case "extern", "any" -> found != null;
            default -> throw new SpecFile.Wrong("no sort is " + sort);
        };
    }
}
