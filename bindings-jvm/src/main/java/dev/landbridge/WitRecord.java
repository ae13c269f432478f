package dev.landbridge;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;

/**
 * A record of WIT, where you gave no type of your own: a map of its fields, by their names in WIT and in their order. It
 * cannot be changed, and equals every map with the same fields.
 */
public final class WitRecord extends AbstractMap<String, Object> {
    private final List<String> names;
    private final Object[] values;

    WitRecord(List<String> names, Object[] values) {
        this.names = names;
        this.values = values;
    }

    /**
     * The value of a field.
     *
     * @param name its name in WIT, such as {@code replaced-by}
     * @return its value; null if there is no such field
     */
    @Override
    public Object get(Object name) {
        int index = names.indexOf(name);
        return index < 0 ? null : values[index];
    }

    @Override
    public boolean containsKey(Object name) {
        return names.contains(name);
    }

    @Override
    public Set<Map.Entry<String, Object>> entrySet() {
        return new AbstractSet<>() {
            @Override
            public int size() {
                return values.length;
            }

            @Override
            public Iterator<Map.Entry<String, Object>> iterator() {
                return new Entries();
            }
        };
    }

    private final class Entries implements Iterator<Map.Entry<String, Object>> {
        private int next;

        @Override
        public boolean hasNext() {
            return next < values.length;
        }

        @Override
        public Map.Entry<String, Object> next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            return new SimpleImmutableEntry<>(names.get(next), values[next++]);
        }
    }
}
