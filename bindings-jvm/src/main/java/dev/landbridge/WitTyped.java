package dev.landbridge;

import java.lang.ref.SoftReference;
import java.lang.ref.WeakReference;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What writes and reads values of the user's own types: made of a type of WIT and one of Java, which must fit. */
final class WitTyped {
    private static final Map<Integer, List<Class<?>>> SCALARS = Map.ofEntries(
            Map.entry(WitType.BOOL, List.of(boolean.class, Boolean.class)),
            Map.entry(WitType.S8, List.of(byte.class, Byte.class)),
            Map.entry(WitType.U8, List.of(int.class, Integer.class)),
            Map.entry(WitType.S16, List.of(short.class, Short.class)),
            Map.entry(WitType.U16, List.of(int.class, Integer.class)),
            Map.entry(WitType.S32, List.of(int.class, Integer.class)),
            Map.entry(WitType.U32, List.of(long.class, Long.class)),
            Map.entry(WitType.S64, List.of(long.class, Long.class)),
            Map.entry(WitType.U64, List.of(long.class, Long.class)),
            Map.entry(WitType.F32, List.of(float.class, Float.class)),
            Map.entry(WitType.F64, List.of(double.class, Double.class)),
            Map.entry(WitType.CHAR, List.of(int.class, Integer.class)),
            Map.entry(WitType.STRING, List.of(String.class)));

    /** Whose resources are bound; null where Java is called. */
    final Instance instance;

    /** What does not fit, a line each. */
    final List<String> problems;

    /** How many of them are of methods that mean no function. */
    int missing;

    /** Interfaces of resources that are bound, or are about to be. */
    private final Map<List<Object>, WitFace> faces = new HashMap<>();

    WitTyped(Instance instance, List<String> problems) {
        this.instance = instance;
        this.problems = problems;
    }

    /** Values of classes that turn up where nobody gave a type. A class does not keep the component alive by it. */
    static final class PerClass extends ClassValue<WeakReference<WitCodec>> {
        private final WitType type;
        /** What was made, as long as there is room. */
        private SoftReference<List<WitCodec>> kept = new SoftReference<>(new ArrayList<>());

        PerClass(WitType type) {
            this.type = type;
        }

        WitCodec of(Object value) {
            Class<?> of = value instanceof Enum<?> constant ? constant.getDeclaringClass() : value.getClass();
            WitCodec known = get(of).get();
            while (known == null) {
                remove(of);
                known = get(of).get();
            }
            return known;
        }

        @Override
        protected WeakReference<WitCodec> computeValue(Class<?> of) {
            WitCodec made = make(of);
            keep(made);
            return new WeakReference<>(made);
        }

        private synchronized void keep(WitCodec made) {
            List<WitCodec> all = kept.get();
            if (all == null) {
                all = new ArrayList<>();
                kept = new SoftReference<>(all);
            }
            all.add(made);
        }

        private WitCodec make(Class<?> of) {
            Class<?> bound = type.sort == WitType.VARIANT && of.isRecord() ? sealed(of) : of;
            List<String> problems = new ArrayList<>();
            WitCodec made = bound == null ? null : new WitTyped(null, problems).codec(type, bound, bound.getSimpleName());
            return made != null && problems.isEmpty() ? made : new Misfit(type, of, problems);
        }

        private static Class<?> sealed(Class<?> of) {
            for (Class<?> face : of.getInterfaces()) {
                if (face.isSealed()) {
                    return face;
                }
            }
            return null;
        }
    }

    /** Refuses all values of a class. */
    private static final class Misfit extends WitCodec {
        private final String expected;
        private final String given;

        Misfit(WitType type, Class<?> of, List<String> problems) {
            expected = type.toString();
            given = of.getSimpleName() + (problems.isEmpty() ? "" : " (" + String.join("; ", problems) + ")");
        }

        @Override
        void write(WitFrame to, Object value, WitHome home) {
            throw Wrong.told(expected, given);
        }

        @Override
        Object read(WitFrame from, WitHome home) {
            throw new AssertionError("nothing is read as this");
        }
    }

    /** What a constant is called in WIT, of these names; its own name if it is none of them. */
    static String witName(Enum<?> constant, List<String> names) {
        for (String name : names) {
            if (means(constant, name)) {
                return name;
            }
        }
        return constant.name();
    }

    static boolean means(Enum<?> constant, String name) {
        try {
            var field = constant.getDeclaringClass().getField(constant.name());
            return WitNames.means(field, constant.name(), name, WitNames.constant(name));
        } catch (NoSuchFieldException e) {
            throw new IllegalStateException("a constant is a field", e);
        }
    }

    /** The codec of a type of WIT for one of Java; null if they do not fit. {@code place} says which one it is. */
    WitCodec codec(WitType type, java.lang.reflect.Type java, String place) {
        Class<?> raw = raw(java);
        if (raw == Object.class) {
            return type.codec();
        }
        List<Class<?>> scalars = SCALARS.get(type.sort);
        WitCodec made = scalars != null ? scalar(type, raw, scalars) : composite(type, java, raw, place);
        if (made == null) {
            problems.add(place + " is " + java.getTypeName() + ": " + type + " is " + wanted(type) + " in Java");
        }
        return made == FAILED ? null : made;
    }

    /** Stands for one whose problems were told. */
    static final WitCodec FAILED = new WitCodec() {
        @Override
        void write(WitFrame to, Object value, WitHome home) {
            throw new AssertionError("it was refused");
        }

        @Override
        Object read(WitFrame from, WitHome home) {
            throw new AssertionError("it was refused");
        }
    };

    private static WitCodec scalar(WitType type, Class<?> raw, List<Class<?>> scalars) {
        if (type.sort == WitType.U64 && raw == BigInteger.class) {
            return new WitScalars.BigU64();
        }
        return scalars.contains(raw) ? type.codec() : null;
    }

    private WitCodec composite(WitType type, java.lang.reflect.Type java, Class<?> raw, String place) {
        return switch (type.sort) {
            case WitType.LIST -> list(type, java, raw, place);
            case WitType.RECORD -> raw == Map.class || raw == WitRecord.class
                    ? type.codec()
                    : raw.isRecord() ? WitRecords.named(this, type, java) : null;
            case WitType.TUPLE -> raw == List.class
                    ? type.codec()
                    : raw.isRecord() ? WitRecords.inOrder(this, type, java) : null;
            case WitType.VARIANT -> raw == WitVariant.class
                    ? type.codec()
                    : raw.isSealed() || raw.isEnum() ? WitVariants.of(this, type, raw, place) : null;
            case WitType.ENUM -> raw == String.class
                    ? type.codec()
                    : raw.isEnum() ? WitEnums.of(this, type, raw, place) : null;
            case WitType.FLAGS -> flags(type, java, raw, place);
            case WitType.OPTION -> raw == Optional.class ? option(type, java, place) : null;
            case WitType.RESULT -> raw == WitResult.class ? result(type, java, place) : null;
            default -> WitResources.typed(this, type, raw, place);
        };
    }

    private WitCodec list(WitType type, java.lang.reflect.Type java, Class<?> raw, String place) {
        Class<?> numbers = WitNumbers.array(type.inner().sort);
        if (numbers != null && raw == numbers) {
            return type.codec();
        }
        boolean isList = raw == List.class || raw == Collection.class;
        if (!isList && !raw.isArray() || raw.isArray() && raw.getComponentType().isPrimitive() && raw != boolean[].class) {
            return null;
        }
        java.lang.reflect.Type item = isList
                ? argument(java, 0)
                : java instanceof GenericArrayType array ? array.getGenericComponentType() : raw.getComponentType();
        WitCodec held = codec(type.inner(), item, "an element of " + place);
        if (held == null) {
            return FAILED;
        }
        if (numbers == null) {
            return new WitLists(type, held, isList ? null : raw.getComponentType());
        }
        return isList ? new WitLists.Boxed(type) : null;
    }

    private WitCodec option(WitType type, java.lang.reflect.Type java, String place) {
        WitCodec held = codec(type.inner(), argument(java, 0), "what is in " + place);
        return held == null ? FAILED : new WitUntyped.OptionCodec(type, held);
    }

    private WitCodec result(WitType type, java.lang.reflect.Type java, String place) {
        int known = problems.size();
        WitCodec ok = held(type.parts.get(0), argument(java, 0), "ok of " + place);
        WitCodec err = held(type.parts.get(1), argument(java, 1), "err of " + place);
        return problems.size() > known ? FAILED : new WitUntyped.ResultCodec(type, ok, err);
    }

    /** What a part holds, whose type in Java says nothing if it holds nothing. */
    private WitCodec held(WitType.Part part, java.lang.reflect.Type java, String place) {
        return part.held() == null ? null : codec(part.held(), java, place);
    }

    private WitCodec flags(WitType type, java.lang.reflect.Type java, Class<?> raw, String place) {
        if (raw != Set.class && raw != EnumSet.class) {
            return null;
        }
        Class<?> item = raw(argument(java, 0));
        if (raw == Set.class && (item == String.class || item == Object.class)) {
            return type.codec();
        }
        return item.isEnum() ? WitEnums.flags(this, type, item, place) : null;
    }

    /** The interface of a resource, bound once. */
    WitFace face(WitType resource, Class<?> face) {
        List<Object> key = List.of(resource.resource, face);
        WitFace known = faces.get(key);
        if (known == null) {
            known = new WitFace(face);
            faces.put(key, known); // Before its methods, which may take or give it.
            known.bind(this, resource);
        }
        return known;
    }

    static Class<?> raw(java.lang.reflect.Type java) {
        if (java instanceof Class<?> known) {
            return known;
        }
        if (java instanceof ParameterizedType parameterized) {
            return raw(parameterized.getRawType());
        }
        if (java instanceof GenericArrayType array) {
            return raw(array.getGenericComponentType()).arrayType();
        }
        if (java instanceof WildcardType wildcard) {
            return raw(wildcard.getUpperBounds()[0]);
        }
        return raw(((TypeVariable<?>) java).getBounds()[0]);
    }

    /** What a generic type is of; Object if it does not say. */
    private static java.lang.reflect.Type argument(java.lang.reflect.Type java, int index) {
        return java instanceof ParameterizedType parameterized
                ? parameterized.getActualTypeArguments()[index]
                : Object.class;
    }

    /** What a type of WIT is in Java, in a word or two. */
    static String wanted(WitType type) {
        List<Class<?>> scalars = SCALARS.get(type.sort);
        if (scalars != null) {
            return scalars.get(0).getSimpleName() + (type.sort == WitType.CHAR ? " (a code point)" : "");
        }
        return switch (type.sort) {
            case WitType.LIST -> {
                Class<?> numbers = WitNumbers.array(type.inner().sort);
                yield numbers == null ? "a List" : numbers.getSimpleName() + " or a List";
            }
            case WitType.RECORD -> "a record with the components "
                    + String.join(", ", type.names.stream().map(WitNames::camel).toList());
            case WitType.TUPLE -> "a record with " + type.parts.size() + " components, or a List";
            case WitType.VARIANT -> "a sealed interface with a record for each case";
            case WitType.ENUM -> "an enum";
            case WitType.FLAGS -> "a Set of an enum";
            case WitType.OPTION -> "an Optional";
            case WitType.RESULT -> "a WitResult";
            default -> type.world().isHosts(type) ? "a class of yours" : "an interface that extends AutoCloseable";
        };
    }
}
