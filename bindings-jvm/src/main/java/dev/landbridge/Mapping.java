package dev.landbridge;

import java.lang.ref.Reference;
import java.lang.reflect.Array;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collection;

/** A call of a function over columns, as {@link Func#map} and its siblings have it. */
final class Mapping {
    private static final int BUFFER = 0x100;
    private static final long SCALAR = -1;

    private final Func func;
    private final Signature type;
    private final Object[] args;

    Mapping(Func func, Object[] args) {
        this.func = func;
        this.type = func.signature();
        this.args = new Object[args.length];
        for (int i = 0; i < args.length; i++) {
            // What others change meanwhile is looked at once.
            this.args[i] = args[i] instanceof Collection<?> list ? Arrays.asList(list.toArray()) : args[i];
        }
        if (args.length != type.params) {
            throw type.miscount(func.name(), args);
        }
    }

    /** Into new arrays: none, one, or an {@code Object[]}. */
    Object intoNew(long rows) {
        int count = rows(new Object[0], rows);
        Object[] out = new Object[type.results];
        for (int i = 0; i < out.length; i++) {
            out[i] = Column.array(type.result(i), count);
        }
        run(out, count, new Object[0]);
        return out.length == 0 ? null : out.length == 1 ? out[0] : out;
    }

    void into(Object out) {
        Object[] all = out instanceof Object[] several ? several.clone() : new Object[] {out};
        if (all.length != type.results) {
            throw Values.count(Messages.results(func.name()), type.resultTypes(), all.length);
        }
        run(all, rows(all, -1), all);
    }

    private int rows(Object[] out, long rows) {
        long[] given = new long[args.length];
        for (int i = 0; i < given.length; i++) {
            given[i] = length(args[i], type.param(i));
        }
        long[] results = new long[out.length];
        for (int i = 0; i < results.length; i++) {
            results[i] = length(out[i], type.result(i));
            if (results[i] == SCALAR) {
                throw wrong(i, true, out[i] == null ? "null" : out[i].getClass().getSimpleName());
            }
        }
        long count = Native.batchRows(func.handle, given, results, rows);
        Reference.reachabilityFence(func);
        return (int) count; // Columns of Java have no more rows.
    }

    /** The rows of a column, or {@link #SCALAR}. */
    private static long length(Object given, int type) {
        if (given instanceof ByteBuffer bytes) {
            return bytes.remaining() / Column.bytes(type);
        }
        if (given instanceof Buffer buffer) {
            return buffer.remaining();
        }
        if (given instanceof Collection<?> list) {
            return list.size();
        }
        return given != null && given.getClass().isArray() ? Array.getLength(given) : SCALAR;
    }

    /** @param known those of the result columns that an argument may lie in */
    private void run(Object[] out, int rows, Object[] known) {
        long[] scalars = new long[args.length];
        int[] types = new int[args.length + out.length];
        Object[] columns = new Object[types.length];
        for (int i = 0; i < args.length; i++) {
            if (length(args[i], type.param(i)) == SCALAR) {
                scalars[i] = Values.bits(type.param(i), args[i], func, i);
            } else {
                columns[i] = column(i, args[i], rows);
                types[i] = number(columns[i]);
            }
        }
        for (int i = 0; i < out.length; i++) {
            columns[args.length + i] = given(out[i], i, true);
            types[args.length + i] = number(columns[args.length + i]);
        }
        for (int i = 0; i < args.length; i++) {
            if (isWrittenOver(i, known)) {
                columns[i] = Column.copy(columns[i]);
                types[i] = number(columns[i]);
            }
        }
        try {
            Native.batchMap(func.handle, rows, types, scalars, columns);
        } catch (TaggedException e) {
            throw e.heldBy(func.lender);
        }
        Reference.reachabilityFence(func);
    }

    /** Whether results go to where an argument lies, other than row by row. */
    private boolean isWrittenOver(int index, Object[] out) {
        Object given = args[index];
        if (out.length == 0 || given instanceof Collection || length(given, type.param(index)) == SCALAR) {
            return false;
        }
        int width = Column.bytes(type.param(index));
        ColumnPlace place = ColumnPlace.of(given, width);
        for (int i = 0; i < out.length; i++) {
            int ofResult = Column.bytes(type.result(i));
            if (!(out[i] == given && width == ofResult) && place.isWrittenBy(ColumnPlace.of(out[i], ofResult))) {
                return true;
            }
        }
        return false;
    }

    private static int number(Object column) {
        return column instanceof Column buffer ? buffer.type | BUFFER : Column.typeOf(column);
    }

    /** A column of arguments; numbers of a list as a call takes them. */
    private Object column(int index, Object given, int rows) {
        if (!(given instanceof Collection<?> list)) {
            return given(given, index, false);
        }
        int wanted = type.param(index);
        Object made = Column.array(wanted, rows);
        int row = 0;
        for (Object value : list) {
            put(made, row++, Values.bits(wanted, value, func, index));
        }
        return made;
    }

    private static void put(Object column, int row, long bits) {
        if (column instanceof int[] ints) {
            ints[row] = (int) bits;
        } else if (column instanceof long[] longs) {
            longs[row] = bits;
        } else if (column instanceof float[] floats) {
            floats[row] = Float.intBitsToFloat((int) bits);
        } else {
            ((double[]) column)[row] = Double.longBitsToDouble(bits);
        }
    }

    private Object given(Object given, int index, boolean isResult) {
        int wanted = isResult ? type.result(index) : type.param(index);
        if (given instanceof ByteBuffer bytes && bytes.remaining() % Column.bytes(wanted) != 0) {
            throw wrong(index, isResult, bytes.remaining() + " bytes");
        }
        if (isResult && given instanceof Buffer buffer && buffer.isReadOnly()) {
            throw wrong(index, true, "a buffer that is read only");
        }
        if (given instanceof ByteBuffer || Column.typeOf(given) != 0 && given instanceof Buffer) {
            return Column.of((Buffer) given, wanted);
        }
        if (Column.typeOf(given) == 0) {
            String strange = Column.strange(given);
            throw wrong(index, isResult, strange == null ? given.getClass().getSimpleName() : strange);
        }
        return given;
    }

    private WasmException wrong(int index, boolean isResult, String given) {
        Native.failColumn(func.handle, index, isResult, given);
        throw new AssertionError("unreachable");
    }
}
