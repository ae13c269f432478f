package dev.landbridge;

import static dev.landbridge.ConformanceCase.expect;
import static dev.landbridge.ConformanceCase.optionalList;

import com.google.gson.JsonElement;
import dev.landbridge.ConformanceCase.Keys;
import dev.landbridge.ConformanceCase.Mismatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** Steps about calls in flight and pools. */
final class ConformanceCalls {
    private final ConformanceCase outer;

    ConformanceCalls(ConformanceCase outer) {
        this.outer = outer;
    }

    /** The futures that one step started. */
    private record Calls(List<CompletableFuture<Object>> all) {}

    void perform(String what, Keys k) throws Throwable {
        switch (what) {
            case "call_async" -> start(k);
            case "await" -> await(calls(k), k.get("results"));
            case "cancel_call" -> all(outer.thing(k.text("call"))).forEach(call -> call.cancel(true));
            case "await_exit" -> expect(
                    "exit code", (long) (Integer) outcome(instance(k).runAsync()), k.number("exit"));
            case "take" -> outer.put(k, pool(k).get());
            case "pool_call" -> check(pool(k).call(k.text("func"), args(k)), k.get("results"));
            default -> counts(pool(k).counts(), k.get("equals"));
        }
    }

    private static List<CompletableFuture<Object>> all(Object calls) {
        return calls instanceof ConformanceWit.Calls wit ? wit.all() : ((Calls) calls).all();
    }

    private Calls calls(Keys k) {
        return (Calls) outer.thing(k.text("call"));
    }

    private Instance instance(Keys k) {
        return (Instance) outer.thing(k.text("instance"));
    }

    private Pool pool(Keys k) {
        return (Pool) outer.thing(k.text("pool"));
    }

    private Object[] args(Keys k) {
        return outer.values(optionalList(k, "args"));
    }

    Pool pool(Module module, Imports imports, Sandbox sandbox, Keys k) {
        Pool.Builder pool = Pool.builder(module).imports(imports);
        if (sandbox != null) {
            pool.sandbox(sandbox);
        }
        if (k.get("max") != null) {
            pool.max((int) k.number("max"));
        }
        if (k.get("wait_ms") != null) {
            pool.wait(Duration.ofMillis(k.number("wait_ms")));
        }
        String reset = k.text("reset");
        return (reset == null ? pool : pool.reset(reset(reset))).build();
    }

    private static Pool.Reset reset(String name) {
        return switch (name) {
            case "fresh" -> Pool.Reset.FRESH;
            case "reuse" -> Pool.Reset.REUSE;
            default -> throw new Mismatch("no pool resets by " + name);
        };
    }

    private void start(Keys k) {
        Object[] args = args(k);
        String func = k.text("func");
        List<CompletableFuture<Object>> all = new ArrayList<>();
        for (long i = k.number("times", 1); i > 0; i--) {
            if (k.get("object") != null) {
                all.add(((Func) outer.thing(k.text("object"))).callAsync(args));
            } else if (k.get("pool") != null) {
                all.add(pool(k).callAsync(func, args));
            } else {
                all.add(instance(k).callAsync(func, args));
            }
        }
        outer.put(k, new Calls(all));
    }

    /** What came out; a call that was cancelled in the way of the JDK throws its exception. */
    static Object outcome(CompletableFuture<?> call) throws Throwable {
        try {
            return call.get();
        } catch (ExecutionException e) {
            throw e.getCause();
        }
    }

    private void await(Calls calls, JsonElement results) throws Throwable {
        for (CompletableFuture<Object> call : calls.all()) {
            check(outcome(call), results);
        }
    }

    private void check(Object given, JsonElement results) {
        if (results != null) {
            List<JsonElement> wanted = ConformanceCase.list(results);
            outer.checkAll(ConformanceCase.list(given, wanted.size()), wanted);
        }
    }

    private static void counts(Pool.Counts counts, JsonElement equals) {
        for (Map.Entry<String, JsonElement> part : equals.getAsJsonObject().entrySet()) {
            long found = switch (part.getKey()) {
                case "ready" -> counts.ready();
                case "taken" -> counts.taken();
                case "waiting" -> counts.waiting();
                case "made" -> counts.made();
                case "served" -> counts.served();
                case "in_slots" -> counts.inSlots();
                default -> throw new Mismatch("unknown part " + part.getKey());
            };
            expect(part.getKey(), found, part.getValue().getAsLong());
        }
    }
}
