package dev.landbridge;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import dev.landbridge.ConformanceCase.Mismatch;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Values of WIT in cases: texts in WAVE, and what a case gives by hand. */
final class ConformanceWitValues {
    private final ConformanceCase outer;

    ConformanceWitValues(ConformanceCase outer) {
        this.outer = outer;
    }

    /** An object of the host's. */
    record Thing(String name) {
        @Override
        public boolean equals(Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }

    Object object(String name) {
        return outer.object(name, Thing::new);
    }

    Object[] all(WitFuncType type, List<JsonElement> given) {
        Object[] values = new Object[given.size()];
        for (int i = 0; i < values.length; i++) {
            boolean isKnown = i < type.params().size();
            values[i] = value(isKnown ? type.params().get(i).type() : null, given.get(i));
        }
        return values;
    }

    Object valueOrNull(WitType type, JsonElement json) {
        return json == null || json.isJsonNull() ? null : value(type, json);
    }

    Object value(WitType type, JsonElement json) {
        if (json.isJsonPrimitive()) {
            return read(type, json.getAsString());
        }
        Map.Entry<String, JsonElement> one = json.getAsJsonObject().entrySet().iterator().next();
        JsonElement inner = one.getValue();
        String text = inner.isJsonPrimitive() ? inner.getAsString() : null;
        return switch (one.getKey()) {
            case "int" -> integer(new BigInteger(text));
            case "float" -> floating(text);
            case "bool" -> inner.getAsBoolean();
            case "text", "enum" -> text;
            case "char" -> text.length() == 1 ? (Object) text.charAt(0) : (Object) text.codePointAt(0);
            case "broken_text" -> "\ud800";
            case "nothing" -> null;
            case "bytes" -> HexFormat.of().parseHex(text);
            case "wit" -> read(type, text);
            case "resource" -> outer.thing(text);
            case "object" -> object(text);
            default -> parts(type, one.getKey(), inner);
        };
    }

    private static Object read(WitType type, String text) {
        if (type == null) {
            throw new Mismatch("nothing says what type this is of: " + text);
        }
        return type.parse(text);
    }

    private static Object integer(BigInteger number) {
        return number.bitLength() < 32 ? (Object) number.intValue() : (Object) number;
    }

    private static Object floating(String text) {
        return switch (text) {
            case "nan" -> Double.NaN;
            case "inf" -> Double.POSITIVE_INFINITY;
            case "-inf" -> Double.NEGATIVE_INFINITY;
            default -> Double.valueOf(text);
        };
    }

    private Object parts(WitType type, String tag, JsonElement inner) {
        return switch (tag) {
            case "list", "tuple" -> {
                List<Object> items = new ArrayList<>();
                for (JsonElement item : inner.getAsJsonArray()) {
                    items.add(value(tag.equals("list") ? part(type, 0) : part(type, items.size()), item));
                }
                yield items;
            }
            case "record" -> {
                Map<String, Object> fields = new LinkedHashMap<>();
                inner.getAsJsonObject().entrySet().forEach(
                        it -> fields.put(it.getKey(), value(part(type, it.getKey()), it.getValue())));
                yield fields;
            }
            case "case" -> {
                JsonArray one = inner.getAsJsonArray();
                String name = one.get(0).getAsString();
                yield new WitVariant(name, valueOrNull(part(type, name), one.get(1)));
            }
            case "flags" -> new LinkedHashSet<>(ConformanceCase.texts(inner));
            case "some" -> {
                Object held = value(part(type, 0), inner);
                yield Optional.of(held == null ? Optional.empty() : held);
            }
            case "ok" -> new WitResult.Ok<>(valueOrNull(part(type, "ok"), inner));
            case "err" -> new WitResult.Err<>(valueOrNull(part(type, "err"), inner));
            default -> throw new Mismatch("no value: " + tag);
        };
    }

    private static WitType part(WitType type, int index) {
        return type == null || index >= type.parts().size() ? null : type.parts().get(index).type().orElse(null);
    }

    private static WitType part(WitType type, String name) {
        return type == null
                ? null
                : type.parts().stream()
                        .filter(it -> it.name().equals(name))
                        .findFirst()
                        .flatMap(WitType.Part::type)
                        .orElse(null);
    }

    /** What a case says of a value; null for no type says what it is itself. */
    static String told(WitType type, Object value) {
        if (value instanceof Resource) {
            return "resource";
        }
        if (value instanceof Thing thing) {
            return "object " + thing.name();
        }
        return type == null ? "\"" + value + "\"" : type.format(value);
    }

    /** Names the resources in a value, in their order. */
    void keep(Object given, List<String> names) {
        List<Object> found = new ArrayList<>();
        find(given, found);
        ConformanceCase.expect("resources in " + given, found.size(), names.size());
        for (int i = 0; i < names.size(); i++) {
            outer.put(names.get(i), found.get(i));
        }
    }

    private static void find(Object value, List<Object> found) {
        if (value instanceof Resource || value instanceof Thing) {
            found.add(value);
        } else if (value instanceof Collection<?> items) {
            items.forEach(it -> find(it, found));
        } else if (value instanceof Map<?, ?> map) {
            map.values().forEach(it -> find(it, found));
        } else if (value instanceof Optional<?> option) {
            option.ifPresent(it -> find(it, found));
        } else if (value instanceof WitVariant one) {
            find(one.value(), found);
        } else if (value instanceof WitResult.Ok<?, ?> ok) {
            find(ok.value(), found);
        } else if (value instanceof WitResult.Err<?, ?> err) {
            find(err.value(), found);
        }
    }
}
