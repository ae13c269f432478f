package dev.landbridge;

import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

/** What writes and reads values where nobody gave a type of Java: each is as its value says, or of a class of ours. */
final class WitUntyped {
    private WitUntyped() {}

    static WitCodec of(WitType type) {
        return switch (type.sort) {
            case WitType.LIST -> {
                WitCodec numbers = WitNumbers.of(type);
                yield numbers != null ? numbers : new WitLists(type, type.inner().codec(), null);
            }
            case WitType.RECORD -> new RecordCodec(type);
            case WitType.TUPLE -> new TupleCodec(type);
            case WitType.VARIANT -> new VariantCodec(type);
            case WitType.ENUM -> new EnumCodec(type);
            case WitType.FLAGS -> new FlagsCodec(type);
            case WitType.OPTION -> new OptionCodec(type, type.inner().codec());
            case WitType.RESULT -> new ResultCodec(type, codec(type, 0), codec(type, 1));
            case WitType.OWN, WitType.BORROW -> new WitResources(type, null);
            default -> WitScalars.of(type.sort);
        };
    }

    /** What a part holds; null if it holds nothing. */
    static WitCodec codec(WitType type, int part) {
        WitType held = type.parts.get(part).held();
        return held == null ? null : held.codec();
    }

    static WitCodec[] codecs(WitType type) {
        WitCodec[] codecs = new WitCodec[type.parts.size()];
        Arrays.setAll(codecs, i -> codec(type, i));
        return codecs;
    }

    /** How many bytes say which of so many cases it is. */
    static int caseSize(int cases) {
        return cases <= 0x100 ? 1 : cases <= 0x1_0000 ? 2 : 4;
    }

    /** Writes what a case holds, or `ok` or `err`. */
    static void writeHeld(WitFrame to, String name, WitCodec held, WitType type, Object value, WitHome home) {
        try {
            if (held != null && (value != null || type.sort == WitType.OPTION)) {
                held.write(to, value, home);
            } else if (held != null) {
                throw Wrong.told(type.toString(), "nothing");
            } else if (value != null) {
                throw Wrong.told("nothing", Wrong.name(value));
            }
        } catch (Wrong e) {
            throw e.in(name);
        }
    }

    /** The places of names. */
    static Map<String, Integer> places(List<String> names) {
        Map<String, Integer> places = new HashMap<>();
        for (int i = 0; i < names.size(); i++) {
            places.put(names.get(i), i);
        }
        return places;
    }

    /** A map by names of WIT, or as Java spells them, or a record of the user's. */
    private static final class RecordCodec extends WitCodec {
        private final WitType type;
        private final List<String> names;
        private final String[] spelt;
        private final WitCodec[] codecs;
        private final WitTyped.PerClass typed;

        RecordCodec(WitType type) {
            this.type = type;
            names = type.names;
            codecs = codecs(type);
            spelt = names.stream().map(WitNames::camel).toArray(String[]::new);
            typed = new WitTyped.PerClass(type);
        }

        @Override
        void write(WitFrame to, Object value, WitHome home) {
            if (value instanceof SortedMap<?, ?> map) {
                writeMap(to, new LinkedHashMap<>(map), home); // It may refuse to look for a name among its keys.
            } else if (value instanceof Map<?, ?> map) {
                writeMap(to, map, home);
            } else if (value instanceof Record) {
                typed.of(value).write(to, value, home);
            } else {
                throw Wrong.other(type.toString(), value);
            }
        }

        private void writeMap(WitFrame to, Map<?, ?> map, WitHome home) {
            int used = 0;
            for (int i = 0; i < codecs.length; i++) {
                Object value = map.get(names.get(i));
                boolean isThere = value != null || map.containsKey(names.get(i));
                if (!isThere && !spelt[i].equals(names.get(i))) {
                    value = map.get(spelt[i]);
                    isThere = value != null || map.containsKey(spelt[i]);
                }
                if (!isThere && type.parts.get(i).held().sort != WitType.OPTION) {
                    throw notTheFields(map, names.get(i));
                }
                used += isThere ? 1 : 0;
                try {
                    codecs[i].write(to, value, home);
                } catch (Wrong e) {
                    throw e.in(names.get(i));
                }
            }
            if (used != map.size()) {
                throw notTheFields(map, null);
            }
        }

        /** One that there is not comes before one that is missing, since it may be that one, misspelt. */
        private Wrong notTheFields(Map<?, ?> map, String missing) {
            for (Object key : map.keySet()) {
                String name = String.valueOf(key);
                if (!names.contains(name) && !Arrays.asList(spelt).contains(name)) {
                    return Wrong.unknown("field", name, type.toString(), names);
                }
            }
            if (missing != null) {
                return Wrong.missing("field", missing, type.toString());
            }
            for (int i = 0; i < spelt.length; i++) {
                if (!spelt[i].equals(names.get(i)) && map.containsKey(spelt[i]) && map.containsKey(names.get(i))) {
                    return Wrong.twice("field", names.get(i));
                }
            }
            return Wrong.other(type.toString(), map);
        }

        @Override
        Object read(WitFrame from, WitHome home) {
            Object[] values = new Object[codecs.length];
            for (int i = 0; i < codecs.length; i++) {
                values[i] = codecs[i].read(from, home);
            }
            return new WitRecord(names, values);
        }
    }

    /** A list, an array or a record of the user's. */
    private static final class TupleCodec extends WitCodec {
        private final String told;
        private final WitCodec[] codecs;
        private final WitTyped.PerClass typed;

        TupleCodec(WitType type) {
            told = type.toString();
            codecs = codecs(type);
            typed = new WitTyped.PerClass(type);
        }

        @Override
        void write(WitFrame to, Object value, WitHome home) {
            if (value instanceof Record) {
                typed.of(value).write(to, value, home);
                return;
            }
            Object[] items = items(value);
            if (items.length != codecs.length) {
                throw Wrong.told("a tuple of " + codecs.length, "a tuple of " + items.length);
            }
            for (int i = 0; i < items.length; i++) {
                try {
                    codecs[i].write(to, items[i], home);
                } catch (Wrong e) {
                    throw e.in(Integer.toString(i));
                }
            }
        }

        /** What a list has now, whatever it says of its size, and whoever changes it meanwhile. */
        private Object[] items(Object value) {
            if (value instanceof Object[] array) {
                return array;
            }
            if (value instanceof List<?> list) {
                return list.toArray();
            }
            throw Wrong.other(told, value);
        }

        @Override
        Object read(WitFrame from, WitHome home) {
            Object[] items = new Object[codecs.length];
            for (int i = 0; i < codecs.length; i++) {
                items[i] = codecs[i].read(from, home);
            }
            return Collections.unmodifiableList(Arrays.asList(items));
        }
    }

    /** A WitVariant, the name of a case that holds nothing, or a case of the user's sealed interface. */
    private static final class VariantCodec extends WitCodec {
        private final WitType type;
        private final WitCodec[] codecs;
        private final Map<String, Integer> places;
        private final int size;
        private final WitTyped.PerClass typed;

        VariantCodec(WitType type) {
            this.type = type;
            codecs = codecs(type);
            places = places(type.names);
            size = caseSize(codecs.length);
            typed = new WitTyped.PerClass(type);
        }

        @Override
        void write(WitFrame to, Object value, WitHome home) {
            if (value instanceof WitVariant it) {
                write(to, it.name(), it.value(), home);
            } else if (value instanceof String name) {
                write(to, name, null, home);
            } else if (value instanceof Record || value instanceof Enum) {
                typed.of(value).write(to, value, home);
            } else {
                throw Wrong.other(type.toString(), value);
            }
        }

        private void write(WitFrame to, String name, Object value, WitHome home) {
            Integer place = places.get(name);
            if (place == null) {
                throw Wrong.unknown("case", name, type.toString(), type.names);
            }
            to.putCase(place, size);
            writeHeld(to, name, codecs[place], type.parts.get(place).type().orElse(type), value, home);
        }

        @Override
        Object read(WitFrame from, WitHome home) {
            int place = from.getCase(size);
            WitCodec held = codecs[place];
            return new WitVariant(type.names.get(place), held == null ? null : held.read(from, home));
        }
    }

    /** The name, or a constant of the user's. */
    private static final class EnumCodec extends WitCodec {
        private final WitType type;
        private final Map<String, Integer> places;
        private final int size;
        private final WitTyped.PerClass typed;

        EnumCodec(WitType type) {
            this.type = type;
            places = places(type.names);
            size = caseSize(type.names.size());
            typed = new WitTyped.PerClass(type);
        }

        @Override
        void write(WitFrame to, Object value, WitHome home) {
            if (value instanceof Enum) {
                typed.of(value).write(to, value, home);
                return;
            }
            String name = value instanceof WitVariant it && it.value() == null ? it.name() : name(value);
            Integer place = places.get(name);
            if (place == null) {
                throw Wrong.unknown("case", name, type.toString(), type.names);
            }
            to.putCase(place, size);
        }

        private String name(Object value) {
            if (value instanceof String name) {
                return name;
            }
            throw Wrong.other(type.toString(), value);
        }

        @Override
        Object read(WitFrame from, WitHome home) {
            return type.names.get(from.getCase(size));
        }
    }

    /** A set of names, or of constants of the user's. */
    private static final class FlagsCodec extends WitCodec {
        private final WitType type;
        private final Map<String, Integer> places;
        private final int size;

        FlagsCodec(WitType type) {
            this.type = type;
            places = places(type.names);
            size = flagsSize(type.names.size());
        }

        @Override
        void write(WitFrame to, Object value, WitHome home) {
            if (!(value instanceof Collection<?> set)) {
                throw Wrong.other(type.toString(), value);
            }
            long[] bits = new long[size / 8 + 1];
            for (Object one : set) {
                int place = place(one);
                bits[place / 64] |= 1L << place;
            }
            writeFlags(to, bits, size);
        }

        private int place(Object one) {
            String name = one instanceof Enum<?> constant ? WitTyped.witName(constant, type.names) : name(one);
            Integer place = places.get(name);
            if (place == null) {
                throw Wrong.unknown("flag", name, type.toString(), type.names);
            }
            return place;
        }

        private String name(Object one) {
            if (one instanceof String name) {
                return name;
            }
            throw Wrong.other(type.toString(), one);
        }

        @Override
        Object read(WitFrame from, WitHome home) {
            long[] bits = readFlags(from, size);
            Set<String> set = new LinkedHashSet<>();
            for (int i = 0; i < type.names.size(); i++) {
                if ((bits[i / 64] >>> i & 1) != 0) {
                    set.add(type.names.get(i));
                }
            }
            return Collections.unmodifiableSet(set);
        }
    }

    static int flagsSize(int flags) {
        return flags == 0 ? 0 : flags <= 8 ? 1 : flags <= 16 ? 2 : 4 * ((flags + 31) / 32);
    }

    static void writeFlags(WitFrame to, long[] bits, int size) {
        for (int i = 0; i < size; i++) {
            to.putByte((int) (bits[i / 8] >>> 8 * i));
        }
    }

    static long[] readFlags(WitFrame from, int size) {
        long[] bits = new long[size / 8 + 1];
        for (int i = 0; i < size; i++) {
            bits[i / 8] |= (from.getByte() & 0xffL) << 8 * i;
        }
        return bits;
    }

    /** An Optional; null is none, too. */
    static final class OptionCodec extends WitCodec {
        private final String told;
        private final WitCodec held;

        OptionCodec(WitType type, WitCodec held) {
            this.told = type.toString();
            this.held = held;
        }

        @Override
        void write(WitFrame to, Object value, WitHome home) {
            if (value == null) {
                to.putByte(0);
                return;
            }
            if (!(value instanceof Optional<?> option)) {
                throw Wrong.other(told, value);
            }
            to.putByte(option.isPresent() ? 1 : 0);
            if (option.isPresent()) {
                held.write(to, option.get(), home);
            }
        }

        @Override
        Object read(WitFrame from, WitHome home) {
            return from.getByte() == 0 ? Optional.empty() : Optional.of(held.read(from, home));
        }
    }

    static final class ResultCodec extends WitCodec {
        private final WitType type;
        private final WitCodec ok;
        private final WitCodec err;

        ResultCodec(WitType type, WitCodec ok, WitCodec err) {
            this.type = type;
            this.ok = ok;
            this.err = err;
        }

        @Override
        void write(WitFrame to, Object value, WitHome home) {
            if (value instanceof WitResult.Ok<?, ?> it) {
                to.putByte(0);
                writeHeld(to, "ok", ok, type.parts.get(0).type().orElse(type), it.value(), home);
            } else if (value instanceof WitResult.Err<?, ?> it) {
                to.putByte(1);
                writeHeld(to, "err", err, type.parts.get(1).type().orElse(type), it.value(), home);
            } else {
                throw Wrong.other(type.toString(), value);
            }
        }

        @Override
        Object read(WitFrame from, WitHome home) {
            boolean isOk = from.getByte() == 0;
            WitCodec held = isOk ? ok : err;
            Object value = held == null ? null : held.read(from, home);
            return isOk ? new WitResult.Ok<>(value) : new WitResult.Err<>(value);
        }
    }
}
