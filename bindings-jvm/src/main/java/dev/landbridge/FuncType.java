package dev.landbridge;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The signature of a function.
 *
 * @param params the types of the parameters
 * @param results the types of the results
 */
public record FuncType(List<Type> params, List<Type> results) implements ExternType {
    /**
     * A signature of parameters and results.
     *
     * @param params the types of the parameters
     * @param results the types of the results
     */
    public FuncType {
        params = List.copyOf(params);
        results = List.copyOf(results);
    }

    @Override
    public String sort() {
        return "func";
    }

    /** Such as {@code func (i32, i32) -> (i32)}. */
    @Override
    public String toString() {
        return "func " + signature();
    }

    /**
     * The signature without its sort.
     *
     * @return such as {@code (i32, i32) -> (i32)}
     */
    public String signature() {
        return list(params) + " -> " + list(results);
    }

    /** The count of parameters, then all types. */
    int[] numbers() {
        Stream<Type> types = Stream.concat(params.stream(), results.stream());
        return IntStream.concat(IntStream.of(params.size()), types.mapToInt(Type::number)).toArray();
    }

    static FuncType of(int[] numbers) {
        List<Type> types = IntStream.of(numbers).skip(1).mapToObj(Type::of).toList();
        return new FuncType(types.subList(0, numbers[0]), types.subList(numbers[0], types.size()));
    }

    /** {@code (i32, i64)}, for messages. */
    static String list(List<Type> types) {
        return "(" + Texts.listed(types, Type::label, ", ") + ")";
    }
}
