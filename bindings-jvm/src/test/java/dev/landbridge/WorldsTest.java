package dev.landbridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Worlds from a seed, as {@code conformance/worlds} makes them: other ones each time. */
class WorldsTest {
    private static final Path WORLDS = Path.of("../target/release/landbridge-worlds");

    private static String variable(String name, String missing) {
        String value = System.getenv(name);
        return value == null ? missing : value;
    }

    @Test
    void worldsHold() throws Exception {
        Path dir = Files.createTempDirectory("worlds");
        String seed = variable("LANDBRIDGE_SEED", Long.toString(System.nanoTime() % 1_000_000_007));
        String only = System.getenv("LANDBRIDGE_WORLD");
        String count = only != null ? "1" : variable("LANDBRIDGE_WORLDS_JAVA", "2000");
        List<String> command = new ArrayList<>(List.of(WORLDS.toString(), dir.toString(), seed, count));
        if (only != null) {
            command.add(only);
        }
        assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor());
        Engine engine = Engine.builder().noCache().build();
        try (var files = Files.list(dir)) {
            List<Path> worlds = files.filter(it -> it.toString().endsWith(".json")).toList();
            assertEquals(Integer.parseInt(count), worlds.size());
            worlds.parallelStream().forEach(it -> check(engine, it, seed));
        } finally {
            delete(dir);
        }
        System.out.println(count + " worlds of LANDBRIDGE_SEED=" + seed);
    }

    private static void delete(Path dir) throws IOException {
        try (var files = Files.list(dir)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(dir);
    }

    private static void check(Engine engine, Path json, String seed) {
        String number = json.getFileName().toString().replace(".json", "");
        try {
            JsonObject world = JsonParser.parseString(Files.readString(json)).getAsJsonObject();
            check(engine, json.resolveSibling(number + ".wat"), world);
        } catch (Throwable e) {
            throw new AssertionError("world " + number + "; it alone: LANDBRIDGE_SEED=" + seed + " LANDBRIDGE_WORLD=" + number
                    + " mvn -o test -Dtest=WorldsTest", e);
        }
    }

    private static void check(Engine engine, Path wat, JsonObject world) {
        List<Object[]> seen = new ArrayList<>();
        AtomicReference<Object> gives = new AtomicReference<>();
        Imports.Builder imports = Imports.builder();
        if (!world.get("import").isJsonNull()) {
            JsonArray host = world.getAsJsonArray("import");
            String of = host.get(0).isJsonNull() ? "" : host.get(0).getAsString();
            imports.witFunc(of, host.get(1).getAsString(), args -> {
                seen.add(args);
                return unwrapped(gives.get(), isResult(world.get("result")));
            });
        }
        try (Module module = Module.load(engine, wat);
                Instance instance = module.instantiate(imports.build())) {
            String name = world.get("export").isJsonNull() ? "echo" : world.get("export").getAsString() + "#echo";
            WitFunc func = instance.witFunc(name);
            JsonArray calls = world.getAsJsonArray("calls");
            for (int i = 0; i < calls.size(); i++) {
                Object[] args = args(func, calls.get(i));
                Object[] other = world.get("import").isJsonNull() ? args : args(func, calls.get(calls.size() - 1 - i));
                Object wanted = given(other);
                gives.set(wanted);
                checkCall(func, args, seen, wanted);
            }
        }
    }

    private static boolean isResult(JsonElement type) {
        return type.isJsonObject() && type.getAsJsonObject().has("result");
    }

    /** What {@code ok} holds is given, what {@code err} holds is thrown, where that is all of the result. */
    private static Object unwrapped(Object value, boolean isResult) {
        if (isResult && value instanceof WitResult.Err<?, ?> err) {
            throw new WitError(err.value());
        }
        return isResult && value instanceof WitResult.Ok<?, ?> ok ? ok.value() : value;
    }

    private static void checkCall(WitFunc func, Object[] args, List<Object[]> seen, Object wanted) {
        seen.clear();
        WitType result = func.type().result().orElse(null);
        boolean isThrown = result != null && result.sort().equals("result");
        Object given;
        try {
            given = func.call(args);
            given = isThrown ? WitResult.ok(given) : given;
        } catch (WitError e) {
            assertTrue(isThrown, e.toString());
            given = WitResult.err(e.payload());
        }
        assertTrue(same(given, wanted), "the result of " + func + ": " + given + " and not " + wanted);
        for (Object[] each : seen) {
            assertTrue(same(Arrays.asList(each), Arrays.asList(args)), () -> "what the host of " + func + " saw");
        }
        for (int i = 0; i < args.length; i++) {
            WitType type = func.type().params().get(i).type();
            String text = type.format(args[i]);
            assertEquals(text, type.format(type.parse(text)));
        }
    }

    /** What comes back: nothing, the only value, or a tuple of all. An err is thrown, which a host does by itself. */
    private static Object given(Object[] values) {
        return values.length == 0 ? null : values.length == 1 ? values[0] : Arrays.asList(values);
    }

    private static Object[] args(WitFunc func, JsonElement values) {
        List<Object> args = new ArrayList<>();
        for (JsonElement value : values.getAsJsonArray()) {
            args.add(value(func.type().params().get(args.size()).type(), value));
        }
        return args.toArray();
    }

    private static Object value(WitType type, JsonElement json) {
        Map.Entry<String, JsonElement> one = json.getAsJsonObject().entrySet().iterator().next();
        JsonElement it = one.getValue();
        return switch (one.getKey()) {
            case "bool" -> it.getAsBoolean();
            case "s8" -> it.getAsByte();
            case "s16" -> it.getAsShort();
            case "u8", "u16", "s32", "char" -> it.getAsInt();
            case "u32", "s64" -> it.getAsLong();
            case "u64" -> Long.parseUnsignedLong(it.getAsString());
            case "f32" -> Float.intBitsToFloat(Integer.parseUnsignedInt(it.getAsString().substring(2), 16));
            case "f64" -> Double.longBitsToDouble(Long.parseUnsignedLong(it.getAsString().substring(2), 16));
            case "string", "enum" -> it.getAsString();
            case "list" -> list(type, it.getAsJsonArray());
            case "tuple" -> {
                List<Object> items = new ArrayList<>();
                it.getAsJsonArray().forEach(item -> items.add(value(held(type, items.size()), item)));
                yield items;
            }
            case "record" -> {
                Map<String, Object> fields = new LinkedHashMap<>();
                it.getAsJsonObject().entrySet().forEach(
                        field -> fields.put(field.getKey(), value(held(type, fields.size()), field.getValue())));
                yield fields;
            }
            case "variant" -> {
                String name = it.getAsJsonArray().get(0).getAsString();
                WitType held = type.parts().stream().filter(part -> part.name().equals(name)).findFirst()
                        .flatMap(WitType.Part::type).orElse(null);
                yield new WitVariant(name, only(held, it.getAsJsonArray().get(1)));
            }
            case "flags" -> new LinkedHashSet<>(ConformanceCase.texts(it));
            case "option" -> it.getAsJsonArray().isEmpty() ? Optional.empty() : Optional.of(only(held(type, 0), it));
            case "ok" -> new WitResult.Ok<>(only(held(type, 0), it));
            default -> new WitResult.Err<>(only(held(type, 1), it));
        };
    }

    private static WitType held(WitType type, int part) {
        return type.parts().get(part).type().orElse(null);
    }

    private static Object only(WitType type, JsonElement values) {
        return values.getAsJsonArray().isEmpty() ? null : value(type, values.getAsJsonArray().get(0));
    }

    /** A list of numbers as an array, if there is an odd count of them: both forms may be given. */
    private static Object list(WitType type, JsonArray values) {
        List<Object> items = new ArrayList<>();
        values.forEach(it -> items.add(value(held(type, 0), it)));
        Class<?> array = WitNumbers.array(held(type, 0).sort);
        return array == null || items.size() % 2 == 0 ? items : array(array, items);
    }

    private static Object array(Class<?> of, List<?> items) {
        Object array = java.lang.reflect.Array.newInstance(of.getComponentType(), items.size());
        for (int i = 0; i < items.size(); i++) {
            Number it = (Number) items.get(i);
            Object number = array instanceof byte[] ? it.byteValue()
                    : array instanceof short[] ? it.shortValue()
                    : array instanceof int[] ? it.intValue()
                    : array instanceof long[] ? it.longValue()
                    : array instanceof float[] ? it.floatValue()
                    : (Object) it.doubleValue();
            java.lang.reflect.Array.set(array, i, number);
        }
        return array;
    }

    /** Bit for bit. */
    private static boolean same(Object a, Object b) {
        if (a == null || b == null || a.getClass() == b.getClass() && a instanceof Number) {
            return Objects.equals(a, b);
        }
        if (a.getClass().isArray() || b.getClass().isArray()) {
            Class<?> of = a.getClass().isArray() ? a.getClass() : b.getClass();
            Object left = a instanceof List<?> list ? array(of, list) : a;
            Object right = b instanceof List<?> list ? array(of, list) : b;
            return sameArray(left, right);
        }
        if (a instanceof List<?> left && b instanceof List<?> right) {
            boolean fits = left.size() == right.size();
            for (int i = 0; fits && i < left.size(); i++) {
                fits = same(left.get(i), right.get(i));
            }
            return fits;
        }
        if (a instanceof Map<?, ?> left && b instanceof Map<?, ?> right) {
            return left.keySet().equals(right.keySet())
                    && left.keySet().stream().allMatch(key -> same(left.get(key), right.get(key)));
        }
        if (a instanceof Optional<?> left && b instanceof Optional<?> right) {
            return left.isPresent() == right.isPresent() && same(left.orElse(null), right.orElse(null));
        }
        if (a instanceof WitVariant left && b instanceof WitVariant right) {
            return left.name().equals(right.name()) && same(left.value(), right.value());
        }
        if (a instanceof WitResult.Ok<?, ?> left && b instanceof WitResult.Ok<?, ?> right) {
            return same(left.value(), right.value());
        }
        if (a instanceof WitResult.Err<?, ?> left && b instanceof WitResult.Err<?, ?> right) {
            return same(left.value(), right.value());
        }
        return a.equals(b);
    }

    private static boolean sameArray(Object a, Object b) {
        if (a instanceof float[] left && b instanceof float[] right) {
            return Arrays.equals(bits(left), bits(right));
        }
        if (a instanceof double[] left && b instanceof double[] right) {
            return Arrays.equals(bits(left), bits(right));
        }
        return Objects.deepEquals(a, b);
    }

    private static int[] bits(float[] numbers) {
        int[] bits = new int[numbers.length];
        Arrays.setAll(bits, i -> Float.floatToRawIntBits(numbers[i]));
        return bits;
    }

    private static long[] bits(double[] numbers) {
        return Arrays.stream(numbers).mapToLong(Double::doubleToRawLongBits).toArray();
    }
}
