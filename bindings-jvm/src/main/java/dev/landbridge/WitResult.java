package dev.landbridge;

/**
 * A {@code result} of WIT that is a part of something else, such as an element of a list. One that is all that a function
 * gives is its value, or is thrown as a {@link WitError}.
 *
 * @param <T> what it holds if all went well
 * @param <E> what it holds if not
 */
public sealed interface WitResult<T, E> {
    /**
     * All went well.
     *
     * @param value what came of it; null if it holds nothing
     * @param <T> of this type
     * @param <E> what it would hold if not
     */
    record Ok<T, E>(T value) implements WitResult<T, E> {}

    /**
     * It did not go well.
     *
     * @param value what went wrong; null if it holds nothing
     * @param <T> what it would hold if it had
     * @param <E> of this type
     */
    record Err<T, E>(E value) implements WitResult<T, E> {}

    /**
     * All went well.
     *
     * @param value what came of it; null for nothing
     * @param <T> of this type
     * @param <E> what it would hold if not
     * @return the result
     */
    static <T, E> WitResult<T, E> ok(T value) {
        return new Ok<>(value);
    }

    /**
     * It did not go well.
     *
     * @param value what went wrong; null for nothing
     * @param <T> what it would hold if it had
     * @param <E> of this type
     * @return the result
     */
    static <T, E> WitResult<T, E> err(E value) {
        return new Err<>(value);
    }

    /**
     * Whether all went well.
     *
     * @return true for {@link Ok}
     */
    default boolean isOk() {
        return this instanceof Ok;
    }
}
