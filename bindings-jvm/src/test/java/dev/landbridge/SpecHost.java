package dev.landbridge;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** The host module {@code spectest}, which the suite's modules import from. */
final class SpecHost {
    private static final Map<String, List<Type>> PRINTS = Map.of(
            "print", List.of(),
            "print_i32", List.of(Type.I32),
            "print_i64", List.of(Type.I64),
            "print_f32", List.of(Type.F32),
            "print_f64", List.of(Type.F64),
            "print_i32_f32", List.of(Type.I32, Type.F32),
            "print_f64_f64", List.of(Type.F64, Type.F64));

    private static final Map<Type, Object> GLOBALS =
            Map.of(Type.I32, 666, Type.I64, 666L, Type.F32, 666.6f, Type.F64, 666.6);

    private SpecHost() {}

    static void lend(Store store, Imports.Builder imports) {
        HostFunction nothing = (ctx, args) -> null;
        PRINTS.forEach((name, params) ->
                imports.define("spectest", name, Func.of(store, new FuncType(params, List.of()), nothing)));
        GLOBALS.forEach((type, value) -> imports.define(
                "spectest", "global_" + type, Global.of(store, new GlobalType(type, false), value)));
        imports.define("spectest", "table", table(store, false));
        imports.define("spectest", "table64", table(store, true));
        imports.define("spectest", "memory", Memory.of(store, 1, OptionalLong.of(2)));
    }

    private static Table table(Store store, boolean is64) {
        return Table.of(store, new TableType(Type.FUNCREF, 10, OptionalLong.of(20), is64), null);
    }
}
