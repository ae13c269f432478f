package dev.landbridge;

import java.util.List;
import java.util.Optional;

/**
 * What a function of a component takes and gives.
 *
 * @param params its parameters, in their order
 * @param result what it gives, if anything
 */
public record WitFuncType(List<Param> params, Optional<WitType> result) {
    /**
     * A parameter.
     *
     * @param name its name in WIT
     * @param type what it takes
     */
    public record Param(String name, WitType type) {}

    /**
     * Keeps a copy of the list.
     *
     * @param params its parameters
     * @param result what it gives
     */
    public WitFuncType {
        params = List.copyOf(params);
    }

    /** The type as WIT writes it: {@code func(name: string) -> string}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("func(");
        for (Param param : params) {
            text.append(text.length() > 5 ? ", " : "").append(param.name).append(": ").append(param.type);
        }
        text.append(')');
        result.ifPresent(type -> text.append(" -> ").append(type));
        return text.toString();
    }
}
