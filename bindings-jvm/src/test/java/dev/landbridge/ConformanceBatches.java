package dev.landbridge;

import static dev.landbridge.ConformanceCase.expect;
import static dev.landbridge.ConformanceCase.list;
import static dev.landbridge.ConformanceCase.optionalList;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.landbridge.ConformanceCase.Keys;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Steps about batches. */
final class ConformanceBatches {
    private final ConformanceCase outer;

    ConformanceBatches(ConformanceCase outer) {
        this.outer = outer;
    }

    void map(Keys k) {
        Func func = (Func) outer.thing(k.text("object"));
        List<Object> args = new ArrayList<>();
        optionalList(k, "args").forEach(given -> args.add(argument(given)));
        Object given = k.get("rows") == null ? func.map(args.toArray()) : func.mapRows((int) k.number("rows"), args.toArray());
        JsonElement results = k.get("results");
        if (results != null) {
            check(given, list(results));
        }
    }

    private static void check(Object given, List<JsonElement> wanted) {
        Object[] columns = wanted.isEmpty() ? new Object[0] : wanted.size() == 1 ? new Object[] {given} : (Object[]) given;
        expect("number of columns", columns.length, wanted.size());
        for (int i = 0; i < columns.length; i++) {
            expect("result " + (i + 1), bits(columns[i]), bits(column(wanted.get(i).getAsJsonObject())));
        }
    }

    /** What tells two columns apart: their sort, and the bits of each element. */
    private static String bits(Object column) {
        if (column instanceof int[] all) {
            return "i32 " + Arrays.toString(all);
        }
        if (column instanceof long[] all) {
            return "i64 " + Arrays.toString(all);
        }
        if (column instanceof float[] all) {
            int[] bits = new int[all.length];
            Arrays.setAll(bits, i -> Float.floatToRawIntBits(all[i]));
            return "f32 " + Arrays.toString(bits);
        }
        return "f64 " + Arrays.toString(Arrays.stream((double[]) column).mapToLong(Double::doubleToRawLongBits).toArray());
    }

    /** An array, or a number that repeats. */
    private Object argument(JsonElement given) {
        JsonObject object = given.getAsJsonObject();
        return object.has("column") ? column(object) : outer.value(given);
    }

    private static Object column(JsonObject given) {
        long[] numbers = Arrays.stream(texts(given)).mapToLong(ConformanceBatches::number).toArray();
        switch (given.get("column").getAsString()) {
            case "i32" -> {
                return Arrays.stream(numbers).mapToInt(number -> (int) number).toArray();
            }
            case "i64" -> {
                return numbers;
            }
            case "f32" -> {
                float[] all = new float[numbers.length];
                for (int i = 0; i < all.length; i++) {
                    all[i] = Float.intBitsToFloat((int) numbers[i]);
                }
                return all;
            }
            default -> {
                return Arrays.stream(numbers).mapToDouble(Double::longBitsToDouble).toArray();
            }
        }
    }

    private static long number(String text) {
        return text.startsWith("0x") ? Long.parseUnsignedLong(text.substring(2), 16) : Long.parseLong(text);
    }

    /** The elements as the texts of tagged values. */
    private static String[] texts(JsonObject column) {
        if (column.has("of")) {
            return column.getAsJsonArray("of").asList().stream().map(JsonElement::getAsString).toArray(String[]::new);
        }
        String[] all = new String[column.get("rows").getAsInt()];
        long from = column.get("from").getAsLong();
        long step = column.get("step").getAsLong();
        Arrays.setAll(all, row -> String.valueOf(from + step * row));
        if (column.has("at")) {
            column.getAsJsonObject("at").entrySet().forEach(it -> all[Integer.parseInt(it.getKey())] = it.getValue().getAsString());
        }
        return all;
    }
}
