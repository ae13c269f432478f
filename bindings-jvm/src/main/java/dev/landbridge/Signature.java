package dev.landbridge;

import java.util.Arrays;

/** The types of a function as a call needs them. */
final class Signature {
    final int params;
    final int results;
    /** Whether a native of a fixed number of arguments can call it: numbers only, one result at most. */
    final boolean narrow;

    private final int[] numbers;

    Signature(int[] numbers) {
        this.numbers = numbers;
        this.params = numbers[0];
        this.results = numbers.length - 1 - params;
        this.narrow = params <= 8 && results <= 1 && Arrays.stream(numbers).skip(1).allMatch(Values::isNumber);
    }

    int param(int index) {
        return numbers[1 + index];
    }

    int result(int index) {
        return numbers[1 + params + index];
    }

    int[] paramTypes() {
        return Arrays.copyOfRange(numbers, 1, 1 + params);
    }

    int[] resultTypes() {
        return Arrays.copyOfRange(numbers, 1 + params, numbers.length);
    }

    int values() {
        return Math.max(params, results);
    }

    WasmException miscount(String name, Object[] args) {
        return Values.count(Messages.arguments(name), paramTypes(), args);
    }

    FuncType type() {
        return FuncType.of(numbers);
    }

    /** None: null. One: itself. More: an array. */
    Object liftResults(long[] bits, Object[] objects, HostFunctions lender) {
        Object[] lifted = new Object[results];
        for (int i = 0; i < results; i++) {
            lifted[i] = Values.lift(result(i), i, bits, objects, lender);
        }
        return results == 0 ? null : results == 1 ? lifted[0] : lifted;
    }
}
