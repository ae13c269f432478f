package dev.landbridge;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;

/** Lists of anything. */
final class WitLists extends WitCodec {
    private final String told;
    private final WitCodec item;
    /** What is read is an array of these; null for a List. */
    private final Class<?> array;

    WitLists(WitType list, WitCodec item, Class<?> array) {
        this.told = list.toString();
        this.item = item;
        this.array = array;
    }

    @Override
    void write(WitFrame to, Object value, WitHome home) {
        if (value instanceof Collection<?> items) {
            writeItems(to, items, item, home);
        } else if (value instanceof Object[] items) {
            writeItems(to, Arrays.asList(items), item, home);
        } else if (value instanceof boolean[] items) {
            writeBooleans(to, items);
        } else {
            throw Wrong.other(told, value);
        }
    }

    private void writeBooleans(WitFrame to, boolean[] items) {
        List<Boolean> boxed = new ArrayList<>(items.length);
        for (boolean it : items) {
            boxed.add(it);
        }
        writeItems(to, boxed, item, null);
    }

    static void writeItems(WitFrame to, Collection<?> items, WitCodec item, WitHome home) {
        int place = to.at;
        to.putInt(0);
        int count = 0;
        try {
            for (Object it : items) {
                item.write(to, it, home);
                count++;
            }
        } catch (Wrong e) {
            throw e.in(count);
        }
        to.setInt(place, count); // What it has now, whatever it said before.
    }

    @Override
    Object read(WitFrame from, WitHome home) {
        int count = from.getCount();
        if (array != null) {
            return readArray(from, count, home);
        }
        Object[] items = new Object[count];
        for (int i = 0; i < count; i++) {
            items[i] = item.read(from, home);
        }
        return Collections.unmodifiableList(Arrays.asList(items));
    }

    private Object readArray(WitFrame from, int count, WitHome home) {
        Object items = java.lang.reflect.Array.newInstance(array, count);
        for (int i = 0; i < count; i++) {
            java.lang.reflect.Array.set(items, i, item.read(from, home));
        }
        return items;
    }

    /** Numbers as a List or an array of boxes, for who asked for that. */
    static final class Boxed extends WitCodec {
        private final WitNumbers numbers;
        private final WitLists items;
        private final int sort;

        Boxed(WitType list) {
            numbers = WitNumbers.of(list);
            sort = list.inner().sort;
            items = new WitLists(list, list.inner().codec(), null);
        }

        @Override
        void write(WitFrame to, Object value, WitHome home) {
            numbers.write(to, value, home);
        }

        @Override
        Object read(WitFrame from, WitHome home) {
            if (from.intAt(from.at) >= 0) {
                return items.read(from, home);
            }
            Object given = numbers.read(from, home);
            int length = java.lang.reflect.Array.getLength(given);
            Object[] boxed = new Object[length];
            for (int i = 0; i < length; i++) {
                boxed[i] = unsigned(java.lang.reflect.Array.get(given, i));
            }
            return Collections.unmodifiableList(Arrays.asList(boxed));
        }

        private Object unsigned(Object number) {
            return switch (sort) {
                case WitType.U8 -> (Byte) number & 0xff;
                case WitType.U16 -> (Short) number & 0xffff;
                case WitType.U32 -> (Integer) number & 0xffff_ffffL;
                default -> number;
            };
        }
    }
}
