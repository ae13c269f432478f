package dev.landbridge;

import java.util.List;
import java.util.Optional;

/** What a function of a component takes and gives. */
public final class WitFuncType {
    /**
     * A parameter.
     *
     * @param name its name in WIT
     * @param type what it takes
     */
    public record Param(String name, WitType type) {}

    private final List<Param> params;
    private final Optional<WitType> result;
    private final String told;

    /** {@code told} is its text. */
    WitFuncType(List<Param> params, Optional<WitType> result, String told) {
        this.params = params;
        this.result = result;
        this.told = told;
    }

    /**
     * Its parameters.
     *
     * @return the parameters, in their order
     */
    public List<Param> params() {
        return params;
    }

    /**
     * What it gives.
     *
     * @return the type; none if it gives nothing
     */
    public Optional<WitType> result() {
        return result;
    }

    /** The type as WIT writes it: {@code func(name: string) -> string}. */
    @Override
    public String toString() {
        return told;
    }
}
