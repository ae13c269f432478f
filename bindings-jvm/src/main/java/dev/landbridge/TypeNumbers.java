package dev.landbridge;

import java.util.OptionalLong;
import java.util.stream.IntStream;

/** Types as the native side tells them: numbers, the sort first. */
final class TypeNumbers {
    private TypeNumbers() {}

    static ExternType read(Object numbers) {
        long[] n = (long[]) numbers;
        return switch ((int) n[0]) {
            case Native.FUNC -> FuncType.of(signature(n));
            case Native.MEMORY -> new MemoryType(n[1], max(n), n[4] != 0, n[5]);
            case Native.TABLE -> new TableType(Type.of((int) n[5]), n[1], max(n), n[4] != 0);
            case Native.GLOBAL -> new GlobalType(Type.of((int) n[1]), n[2] != 0);
            default -> new TagType(FuncType.of(signature(n)).params());
        };
    }

    private static OptionalLong max(long[] n) {
        return n[2] != 0 ? OptionalLong.of(n[3]) : OptionalLong.empty();
    }

    private static int[] signature(long[] n) {
        return IntStream.range(1, n.length).map(i -> (int) n[i]).toArray();
    }
}
