package dev.landbridge;

import static dev.landbridge.ConformanceCase.expect;
import static dev.landbridge.ConformanceCase.optionalList;

import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import dev.landbridge.ConformanceCase.Keys;
import dev.landbridge.ConformanceCase.Mismatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/** Steps about functions of components. */
final class ConformanceWit {
    private final ConformanceCase outer;
    private final ConformanceWitValues values;
    private final List<List<String>> notes;

    ConformanceWit(ConformanceCase outer, ConformanceWit of) {
        this.outer = outer;
        values = new ConformanceWitValues(outer);
        notes = of == null ? new CopyOnWriteArrayList<>() : of.notes;
    }

    /** The futures that one step started. */
    record Calls(WitFunc func, List<CompletableFuture<Object>> all) {}

    void perform(String what, Keys k) throws Throwable {
        switch (what) {
            case "wit_call" -> {
                k.flag("spelled"); // Java has names as texts here; interfaces have tests of their own.
                WitFunc func = func(k, "instance");
                Object[] args = args(k, func);
                check(func, k, () -> func.call(args));
            }
            case "wit_pool_call" -> {
                WitFunc func = func(k, "of");
                Object[] args = args(k, func);
                String name = k.text("func");
                check(func, k, () -> ((Pool) outer.thing(k.text("pool"))).call(name, args));
            }
            case "wit_call_async" -> start(k);
            case "wit_await" -> {
                Calls calls = (Calls) outer.thing(k.text("call"));
                for (CompletableFuture<Object> call : calls.all()) {
                    check(calls.func(), k, () -> ConformanceCalls.outcome(call));
                }
            }
            case "wit_type" -> expect("type", func(k, "instance").type().toString(), k.text("equals"));
            case "wit_text" -> text(k);
            case "wit_drop" -> close(k.text("resource"));
            case "wit_object" ->
                expect("object", outer.thing(k.text("resource")), values.object(k.text("equals")));
            default -> expect("calls noted", notes, ConformanceCase.lines(k.get("equals")));
        }
    }

    private void close(String name) {
        if (outer.thing(name) instanceof Resource resource) {
            resource.close();
        }
    }

    private WitFunc func(Keys k, String of) {
        return ((Instance) outer.thing(k.text(of))).witFunc(k.text("func"));
    }

    private Object[] args(Keys k, WitFunc func) {
        return values.all(func.type(), optionalList(k, "args"));
    }

    private void start(Keys k) {
        WitFunc func = func(k, k.get("pool") == null ? "instance" : "of");
        Object[] args = args(k, func);
        List<CompletableFuture<Object>> all = new ArrayList<>();
        for (long i = k.number("times", 1); i > 0; i--) {
            all.add(k.get("pool") == null
                    ? func.callAsync(args)
                    : ((Pool) outer.thing(k.text("pool"))).callAsync(k.text("func"), args));
        }
        outer.put(k, new Calls(func, all));
    }

    interface Outcome {
        Object get() throws Throwable;
    }

    /** Compares what a call gives, or throws for err. */
    private void check(WitFunc func, Keys k, Outcome outcome) throws Throwable {
        WitType type = func.type().result().orElse(null);
        List<String> keep = ConformanceCase.texts(k.get("keep"));
        if (!keep.isEmpty()) {
            values.keep(outcome.get(), keep);
            return;
        }
        String given = k.step().has("fails") ? told(type, outcome.get()) : outcome(func.type(), outcome);
        if (k.step().has("result")) {
            expect("result", given, k.text("result"));
        }
    }

    private static String told(WitType type, Object given) {
        return type == null ? null : given + "";
    }

    /** What a call gives, or throws for err, as a text; null for nothing. */
    static String outcome(WitFuncType of, Outcome outcome) throws Throwable {
        WitType type = of.result().orElse(null);
        boolean isResult = type != null && type.sort().equals("result");
        Object given;
        try {
            given = outcome.get();
        } catch (WitError e) {
            if (!isResult) {
                throw e;
            }
            return "err" + held(type, 1, e.payload());
        }
        if (isResult) {
            return "ok" + held(type, 0, given);
        }
        return type == null ? null : ConformanceWitValues.told(type, given);
    }

    private static String held(WitType type, int part, Object value) {
        Optional<WitType> held = type.parts().get(part).type();
        return held.isPresent() ? "(" + ConformanceWitValues.told(held.get(), value) + ")" : "";
    }

    private void text(Keys k) {
        WitType type = func(k, "instance").type().params().get((int) k.number("param", 0)).type();
        String told = type.format(type.parse(k.text("text")));
        if (k.get("equals") != null) {
            expect("text", told, k.text("equals"));
        }
    }

    // Host functions

    /** Lends what an entry of imports says, if it is about components. */
    boolean lend(Imports.Builder imports, Module module, Keys k) {
        if (k.get("resource") != null) {
            imports.implement(k.text("module"), Map.of(k.text("resource"), Object.class));
            return true;
        }
        if (k.get("wit") == null) {
            return false;
        }
        Keys wit = new Keys(k.get("wit").getAsJsonObject());
        String of = k.text("module");
        String name = k.text("name");
        imports.witFunc(of, name, host(() -> type(module, of, name), wit));
        wit.flag("async"); // Functions of Java are called on the thread of the call.
        List.of("result", "names", "payload", "exception", "instance", "func", "args", "resource", "target").forEach(wit::get);
        wit.done();
        return true;
    }

    /** What a component imports a function as. */
    private static WitFuncType type(Module module, String of, String name) {
        WitWorld world = module.world();
        for (WitWorld.Interface each : world.imports.values()) {
            if (each.name().equals(of) || Native.interfaceFits(of, each.name()) >= 0) {
                for (WitWorld.Func func : each.funcs()) {
                    if (func.name().equals(name)) {
                        return func.type();
                    }
                }
            }
        }
        throw new Mismatch("nothing imports " + of + "#" + name);
    }

    private WitHostFunction host(Supplier<WitFuncType> known, Keys k) {
        String does = k.text("does");
        return args -> {
            WitFuncType type = known.get();
            switch (does) {
                case "give" -> {}
                case "echo" -> {
                    return args.length == 0 ? null : args.length == 1 ? args[0] : Arrays.asList(args);
                }
                case "record" -> notes.add(told(type, args));
                case "keep" -> values.keep(Arrays.asList(args), ConformanceCase.texts(k.get("names")));
                case "fail" -> {
                    WitType err = type.result().filter(it -> it.sort().equals("result"))
                            .flatMap(it -> it.parts().get(1).type()).orElse(null);
                    throw new WitError(values.valueOrNull(err, k.step().get("payload")));
                }
                case "throw" -> throw outer.boom(k.text("exception"));
                case "call" -> {
                    return call(k, args);
                }
                case "call_caught" -> {
                    try {
                        return call(k, args);
                    } catch (Exception e) {
                        // What it gives then is told.
                    }
                }
                case "drop" -> close(k.text("resource"));
                case "close" -> ((AutoCloseable) outer.thing(k.text("target"))).close();
                case "cancel" -> {
                    Object found = outer.thing(k.text("target"));
                    (found instanceof Instance instance ? instance.store() : (Store) found).cancel();
                }
                default -> throw new Mismatch("unknown host function " + does);
            }
            JsonElement result = k.step().get("result");
            return given(type.result().orElse(null), result == null ? JsonNull.INSTANCE : result);
        };
    }

    static List<String> told(WitFuncType type, Object[] args) {
        List<String> told = new ArrayList<>();
        for (int i = 0; i < args.length; i++) {
            told.add(ConformanceWitValues.told(type.params().get(i).type(), args[i]));
        }
        return told;
    }

    private Object call(Keys k, Object[] own) {
        WitFunc func = ((Instance) outer.thing(k.text("instance"))).witFunc(k.text("func"));
        return func.call(k.get("args") == null ? own : values.all(func.type(), optionalList(k, "args")));
    }

    /** Of {@code ok(TEXT)} what {@code ok} holds; {@code err(TEXT)} is thrown. */
    private Object given(WitType type, JsonElement json) {
        Object given;
        if (type != null && type.sort().equals("result") && json.isJsonPrimitive()) {
            String text = json.getAsString();
            boolean isWhole = text.matches("(?s)(ok|err)(\\(.*\\))?");
            given = isWhole ? type.parse(text) : type.parts().get(0).type().orElseThrow().parse(text);
        } else {
            given = values.valueOrNull(type, json);
        }
        if (type != null && type.sort().equals("result") && given instanceof WitResult.Err<?, ?> err) {
            throw new WitError(err.value());
        }
        return given instanceof WitResult.Ok<?, ?> ok ? ok.value() : given;
    }
}
