package dev.landbridge;

import java.util.Objects;

/**
 * A case of a variant of WIT, where you gave no type of your own: {@code new WitVariant("circle", 2.5)}.
 *
 * @param name the name of the case in WIT, such as {@code full-price}
 * @param value what it holds; null if it holds nothing
 */
public record WitVariant(String name, Object value) {
    /**
     * Makes one.
     *
     * @param name the name of the case in WIT
     * @param value what it holds; null for nothing
     */
    public WitVariant {
        Objects.requireNonNull(name, "name");
    }

    /**
     * Makes a case that holds nothing.
     *
     * @param name the name of the case in WIT
     */
    public WitVariant(String name) {
        this(name, null);
    }

    /** The case and what it holds: {@code circle(2.5)}. */
    @Override
    public String toString() {
        return value == null ? name : name + "(" + value + ")";
    }
}
