package dev.landbridge;

import java.util.List;

/**
 * The type of an exception tag.
 *
 * @param params the types of what its exceptions carry
 */
public record TagType(List<Type> params) implements ExternType {
    /**
     * The type of a tag.
     *
     * @param params the types of what its exceptions carry
     */
    public TagType {
        params = List.copyOf(params);
    }

    @Override
    public String sort() {
        return "tag";
    }

    /** Such as {@code tag (i32, externref)}. */
    @Override
    public String toString() {
        return "tag " + FuncType.list(params);
    }

    int[] numbers() {
        return params.stream().mapToInt(Type::number).toArray();
    }
}
