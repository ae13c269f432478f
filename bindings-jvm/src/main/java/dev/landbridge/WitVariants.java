package dev.landbridge;

import java.lang.invoke.MethodHandle;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Sealed interfaces of the user's, with a record for each case of a variant. */
final class WitVariants extends WitCodec {
    private final WitType type;
    private final Map<Class<?>, Case> byClass = new HashMap<>();
    private final Case[] cases;
    private final int size;

    /** A case: the record holds what it holds, or is that itself, or it holds nothing. */
    private record Case(int place, String name, WitCodec held, MethodHandle getter, MethodHandle constructor) {
        void write(WitFrame to, Object value, WitHome home) {
            try {
                if (getter != null) {
                    held.write(to, (Object) getter.invokeExact(value), home);
                } else if (held != null) {
                    held.write(to, value, home);
                }
            } catch (Wrong e) {
                throw e.in(name);
            } catch (Throwable e) {
                throw WitAccess.<RuntimeException>thrown(e);
            }
        }

        Object read(WitFrame from, WitHome home) {
            if (held != null && getter == null) {
                return held.read(from, home);
            }
            Object[] values = held == null ? new Object[0] : new Object[] {held.read(from, home)};
            try {
                return (Object) constructor.invokeExact(values);
            } catch (Throwable e) {
                throw WitAccess.<RuntimeException>thrown(e);
            }
        }
    }

    private WitVariants(WitType type, Class<?>[] classes, Case[] cases) {
        this.type = type;
        this.cases = cases;
        size = WitUntyped.caseSize(cases.length);
        for (Case one : cases) {
            byClass.put(classes[one.place], one);
        }
    }

    static WitCodec of(WitTyped scope, WitType type, Class<?> face, String place) {
        if (face.isEnum()) {
            boolean isPlain = type.parts.stream().allMatch(it -> it.held() == null);
            return isPlain ? WitEnums.of(scope, type, face, place) : null;
        }
        List<Class<?>> left = new ArrayList<>();
        addRecords(face, left);
        int known = scope.problems.size();
        Class<?>[] classes = new Class<?>[type.parts.size()];
        Case[] cases = new Case[classes.length];
        for (int i = 0; i < cases.length; i++) {
            WitType.Part part = type.parts.get(i);
            classes[i] = find(left, part.name());
            if (classes[i] == null) {
                scope.problems.add(face.getSimpleName() + " has no record " + WitNames.upperCamel(part.name())
                        + " for the case " + part.name() + " of " + type);
                continue;
            }
            left.remove(classes[i]);
            cases[i] = oneCase(scope, i, part, classes[i]);
        }
        left.forEach(it -> scope.problems.add(it.getSimpleName() + " is no case of " + type));
        return scope.problems.size() > known ? WitTyped.FAILED : new WitVariants(type, classes, cases);
    }

    private static void addRecords(Class<?> face, List<Class<?>> records) {
        for (Class<?> one : face.getPermittedSubclasses()) {
            if (one.isSealed()) {
                addRecords(one, records);
            } else {
                records.add(one);
            }
        }
    }

    private static Class<?> find(List<Class<?>> records, String name) {
        String spelt = WitNames.upperCamel(name);
        for (Class<?> record : records) {
            if (WitNames.means(record, record.getSimpleName(), name, spelt)) {
                return record;
            }
        }
        return null;
    }

    private static Case oneCase(WitTyped scope, int place, WitType.Part part, Class<?> record) {
        WitType held = part.held();
        RecordComponent[] components = record.isRecord() ? record.getRecordComponents() : null;
        int wanted = held == null ? 0 : 1;
        boolean isItself = held != null && components != null && isItself(held, record, components.length);
        if (components == null || components.length != wanted && !isItself) {
            scope.problems.add(record.getSimpleName() + " must be a record "
                    + (held == null ? "without components" : "with one component, for " + held) + ": the case " + part.name());
            return null;
        }
        if (isItself) {
            return new Case(place, part.name(), scope.codec(held, record, record.getSimpleName()), null, null);
        }
        if (held == null) {
            return new Case(place, part.name(), null, null, constructorOf(record));
        }
        String told = components[0].getName() + " of " + record.getSimpleName();
        WitCodec codec = scope.codec(held, components[0].getGenericType(), told);
        MethodHandle getter = WitAccess.getter(components[0].getAccessor());
        return new Case(place, part.name(), codec, getter, constructorOf(record));
    }

    private static MethodHandle constructorOf(Class<?> record) {
        Class<?>[] types = java.util.Arrays.stream(record.getRecordComponents())
                .map(RecordComponent::getType)
                .toArray(Class<?>[]::new);
        try {
            return WitAccess.of(record.getDeclaredConstructor(types));
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException("a record has its canonical constructor", e);
        }
    }

    /** Whether the record is what the case holds, and not something that holds it. */
    private static boolean isItself(WitType held, Class<?> record, int components) {
        return held.sort == WitType.RECORD && WitRecords.hasAll(record, held)
                || held.sort == WitType.TUPLE && components > 1 && components == held.parts.size();
    }

    @Override
    void write(WitFrame to, Object value, WitHome home) {
        Case one = value == null ? null : byClass.get(value.getClass());
        if (one == null) {
            throw Wrong.other(type.toString(), value);
        }
        to.putCase(one.place, size);
        one.write(to, value, home);
    }

    @Override
    Object read(WitFrame from, WitHome home) {
        return cases[from.getCase(size)].read(from, home);
    }
}
