package dev.landbridge;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;

/** Enums of the user's, for enums and flags of WIT. */
final class WitEnums extends WitCodec {
    private final WitType type;
    private final Class<?> of;
    /** By their places in WIT. */
    private final Object[] constants;
    /** By their ordinals in Java. */
    private final int[] places;

    private final int size;

    private WitEnums(WitType type, Class<?> of, Object[] constants) {
        this.type = type;
        this.of = of;
        this.constants = constants;
        size = WitUntyped.caseSize(constants.length);
        places = new int[constants.length];
        for (int i = 0; i < constants.length; i++) {
            places[((Enum<?>) constants[i]).ordinal()] = i;
        }
    }

    static WitCodec of(WitTyped scope, WitType type, Class<?> of, String place) {
        Object[] constants = constants(scope, type, of);
        return constants == null ? WitTyped.FAILED : new WitEnums(type, of, constants);
    }

    static WitCodec flags(WitTyped scope, WitType type, Class<?> of, String place) {
        Object[] constants = constants(scope, type, of);
        return constants == null ? WitTyped.FAILED : new Flags(type, of, constants);
    }

    /** A constant for each name, in the order of the names; null if they do not fit. */
    private static Object[] constants(WitTyped scope, WitType type, Class<?> of) {
        List<Object> left = new ArrayList<>(Arrays.asList(of.getEnumConstants()));
        Object[] constants = new Object[type.names.size()];
        int known = scope.problems.size();
        for (int i = 0; i < constants.length; i++) {
            String name = type.names.get(i);
            Object found = left.stream()
                    .filter(it -> WitTyped.means((Enum<?>) it, name))
                    .findFirst()
                    .orElse(null);
            if (found == null) {
                scope.problems.add(of.getSimpleName() + " has no constant " + WitNames.constant(name) + " for " + name
                        + " of " + type);
            }
            left.remove(found);
            constants[i] = found;
        }
        left.forEach(it -> scope.problems.add(it + " of " + of.getSimpleName() + " is not in " + type));
        return scope.problems.size() > known ? null : constants;
    }

    @Override
    void write(WitFrame to, Object value, WitHome home) {
        if (!of.isInstance(value)) {
            throw Wrong.other(type.toString(), value);
        }
        to.putCase(places[((Enum<?>) value).ordinal()], size);
    }

    @Override
    Object read(WitFrame from, WitHome home) {
        return constants[from.getCase(size)];
    }

    /** A set of them. */
    private static final class Flags extends WitCodec {
        private final WitType type;
        private final Class<?> of;
        private final Object[] constants;
        private final int[] places;
        private final int size;

        Flags(WitType type, Class<?> of, Object[] constants) {
            this.type = type;
            this.of = of;
            this.constants = constants;
            size = WitUntyped.flagsSize(constants.length);
            places = new int[constants.length];
            for (int i = 0; i < constants.length; i++) {
                places[((Enum<?>) constants[i]).ordinal()] = i;
            }
        }

        @Override
        void write(WitFrame to, Object value, WitHome home) {
            if (!(value instanceof Collection<?> set)) {
                throw Wrong.other(type.toString(), value);
            }
            long[] bits = new long[size / 8 + 1];
            for (Object one : set) {
                if (!of.isInstance(one)) {
                    throw Wrong.other(type.toString(), one);
                }
                int place = places[((Enum<?>) one).ordinal()];
                bits[place / 64] |= 1L << place;
            }
            WitUntyped.writeFlags(to, bits, size);
        }

        @Override
        @SuppressWarnings({"unchecked", "rawtypes"})
        Object read(WitFrame from, WitHome home) {
            long[] bits = WitUntyped.readFlags(from, size);
            EnumSet set = EnumSet.noneOf((Class) of);
            for (int i = 0; i < constants.length; i++) {
                if ((bits[i / 64] >>> i & 1) != 0) {
                    set.add(constants[i]);
                }
            }
            return set;
        }
    }
}
