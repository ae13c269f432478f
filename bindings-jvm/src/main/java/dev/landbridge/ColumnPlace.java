package dev.landbridge;

import java.lang.reflect.Array;
import java.nio.Buffer;
import java.nio.ByteBuffer;

/**
 * Where the numbers of an array or a buffer lie.
 *
 * @param memory what they lie in: an array; {@link #NATIVE}; null if Java does not say which array
 * @param first where the first one begins in it, in bytes
 * @param bytes how long all of them are
 * @param width the size of a number
 */
record ColumnPlace(Object memory, long first, long bytes, int width) {
    private static final Object NATIVE = new Object();

    /** @param width the size of a number of a {@code ByteBuffer} */
    static ColumnPlace of(Object column, int width) {
        if (!(column instanceof Buffer buffer)) {
            int own = Column.bytes(Column.typeOf(column));
            return new ColumnPlace(column, 0, (long) own * Array.getLength(column), own);
        }
        boolean isBytes = buffer instanceof ByteBuffer;
        int element = isBytes ? 1 : Column.bytes(Column.typeOf(buffer));
        long bytes = (long) element * buffer.remaining();
        long at = (long) element * buffer.position();
        Object memory = null;
        if (buffer.isDirect()) {
            memory = NATIVE;
            at += Native.directAddress(buffer);
        } else if (buffer.hasArray()) {
            memory = buffer.array();
            at += (long) element * buffer.arrayOffset();
        }
        return new ColumnPlace(memory, at, bytes, isBytes ? width : element);
    }

    /** Whether numbers of it may be read after those of another row were written over them. */
    boolean isWrittenBy(ColumnPlace result) {
        if (memory == null || result.memory == null) {
            // Direct memory is always known.
            return memory != NATIVE && result.memory != NATIVE;
        }
        boolean isRowByRow = first == result.first && width == result.width;
        boolean isApart = memory != result.memory || first >= result.first + result.bytes || result.first >= first + bytes;
        return !isApart && !isRowByRow;
    }
}
