package dev.landbridge;

import java.lang.invoke.MethodHandle;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.TypeVariable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Records of the user's, for records and tuples of WIT. */
final class WitRecords extends WitCodec {
    private final WitType type;
    private final Class<?> record;
    private final String[] names;
    private final WitCodec[] codecs;
    private final MethodHandle[] getters;
    /** Where in the constructor each part is. */
    private final int[] places;

    private final MethodHandle constructor;

    private WitRecords(WitType type, Class<?> record, String[] names, WitCodec[] codecs, int[] places) {
        this.type = type;
        this.record = record;
        this.names = names;
        this.codecs = codecs;
        this.places = places;
        RecordComponent[] components = record.getRecordComponents();
        getters = new MethodHandle[codecs.length];
        Arrays.setAll(getters, i -> WitAccess.getter(components[places[i]].getAccessor()));
        constructor = WitAccess.of(constructor(record, components));
    }

    private static java.lang.reflect.Constructor<?> constructor(Class<?> record, RecordComponent[] components) {
        try {
            Class<?>[] types = Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
            return record.getDeclaredConstructor(types);
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException("a record has its canonical constructor", e);
        }
    }

    /** Components by the names of fields. */
    static WitCodec named(WitTyped scope, WitType type, java.lang.reflect.Type java) {
        Class<?> record = WitTyped.raw(java);
        RecordComponent[] components = record.getRecordComponents();
        List<RecordComponent> left = new ArrayList<>(Arrays.asList(components));
        int known = scope.problems.size();
        int[] places = new int[type.parts.size()];
        WitCodec[] codecs = new WitCodec[places.length];
        for (int i = 0; i < places.length; i++) {
            WitType.Part field = type.parts.get(i);
            RecordComponent component = find(components, field.name());
            if (component == null) {
                scope.problems.add(record.getSimpleName() + " has no component " + WitNames.camel(field.name()) + " for "
                        + field.name() + ": " + field.held() + " of " + type);
                continue;
            }
            left.remove(component);
            places[i] = Arrays.asList(components).indexOf(component);
            codecs[i] = scope.codec(field.held(), typeOf(component, java), told(record, component));
        }
        left.forEach(it -> scope.problems.add(told(record, it) + " is no field of " + type));
        return scope.problems.size() > known
                ? WitTyped.FAILED
                : new WitRecords(type, record, type.names.toArray(String[]::new), codecs, places);
    }

    /** Components in the order of a tuple's elements. */
    static WitCodec inOrder(WitTyped scope, WitType type, java.lang.reflect.Type java) {
        Class<?> record = WitTyped.raw(java);
        RecordComponent[] components = record.getRecordComponents();
        if (components.length != type.parts.size()) {
            return null;
        }
        int known = scope.problems.size();
        int[] places = new int[components.length];
        WitCodec[] codecs = new WitCodec[components.length];
        String[] names = new String[components.length];
        for (int i = 0; i < codecs.length; i++) {
            places[i] = i;
            names[i] = Integer.toString(i);
            codecs[i] = scope.codec(type.parts.get(i).held(), typeOf(components[i], java), told(record, components[i]));
        }
        return scope.problems.size() > known ? WitTyped.FAILED : new WitRecords(type, record, names, codecs, places);
    }

    /** The type of a component, which may be one that the record is generic by. */
    private static java.lang.reflect.Type typeOf(RecordComponent component, java.lang.reflect.Type record) {
        java.lang.reflect.Type type = component.getGenericType();
        if (type instanceof TypeVariable<?> variable && record instanceof ParameterizedType known) {
            int place = Arrays.asList(component.getDeclaringRecord().getTypeParameters()).indexOf(variable);
            return place < 0 ? type : known.getActualTypeArguments()[place];
        }
        return type;
    }

    private static String told(Class<?> record, RecordComponent component) {
        return component.getName() + " of " + record.getSimpleName();
    }

    private static RecordComponent find(RecordComponent[] components, String field) {
        String spelt = WitNames.camel(field);
        for (RecordComponent component : components) {
            if (WitNames.means(component, component.getName(), field, spelt)) {
                return component;
            }
        }
        return null;
    }

    /** Whether a record has a component for each of these fields, and no other. */
    static boolean hasAll(Class<?> record, WitType type) {
        RecordComponent[] components = record.getRecordComponents();
        return components.length == type.parts.size()
                && type.names.stream().allMatch(name -> find(components, name) != null);
    }

    @Override
    void write(WitFrame to, Object value, WitHome home) {
        if (value == null || value.getClass() != record) {
            throw Wrong.other(type.toString(), value);
        }
        int i = 0;
        try {
            for (; i < codecs.length; i++) {
                codecs[i].write(to, (Object) getters[i].invokeExact(value), home);
            }
        } catch (Wrong e) {
            throw e.in(names[i]);
        } catch (Throwable e) {
            throw WitAccess.<RuntimeException>thrown(e);
        }
    }

    @Override
    Object read(WitFrame from, WitHome home) {
        Object[] values = new Object[codecs.length];
        for (int i = 0; i < codecs.length; i++) {
            values[places[i]] = codecs[i].read(from, home);
        }
        try {
            return (Object) constructor.invokeExact(values);
        } catch (Throwable e) {
            throw WitAccess.<RuntimeException>thrown(e);
        }
    }
}
