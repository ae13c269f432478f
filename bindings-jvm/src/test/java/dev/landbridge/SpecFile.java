package dev.landbridge;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Runs the commands of one file of the suite, in a store of its own. */
final class SpecFile implements AutoCloseable {
    private static final Set<String> NO_ASSERTIONS = Set.of("module", "define", "instance", "register", "action");

    /** What was made last, in the maps below. */
    private static final String LAST = "";

    private final Engine engine;
    private final String name;
    private final byte[] modules;
    private final Store store;
    private final Imports.Builder imports = Imports.builder();
    private final Map<String, Module> definitions = new HashMap<>();
    private final Map<String, Instance> instances = new HashMap<>();
    private final SpecValues values = new SpecValues();

    /** Something else was found than the suite says. */
    static final class Wrong extends RuntimeException {
        private static final long serialVersionUID = 1;

        Wrong(String message) {
            super(message);
        }
    }

    SpecFile(Engine engine, String name) throws IOException {
        this.engine = engine;
        this.name = name;
        this.modules = Files.readAllBytes(SpecTest.LISTS.resolve(name + ".bin"));
        this.store = new Store(engine);
        SpecHost.lend(store, imports);
    }

    @Override
    public void close() {
        store.close();
    }

    void run(SpecSkips skips, SpecCounts counts) throws IOException {
        JsonObject list = ConformanceTest.json(SpecTest.LISTS.resolve(name + ".json"));
        for (JsonElement each : list.getAsJsonArray("commands")) {
            JsonObject command = each.getAsJsonObject();
            int assertions = NO_ASSERTIONS.contains(text(command, "do")) ? 0 : 1;
            if (skips.line(name, command.get("line").getAsInt())) {
                counts.skipped++;
            } else if (skips.file(name)) {
                counts.skipped += assertions;
            } else if (passes(command)) {
                counts.passed += assertions;
            } else {
                counts.failed++;
            }
        }
    }

    private boolean passes(JsonObject command) {
        try {
            perform(command);
            return true;
        } catch (RuntimeException | StackOverflowError e) {
            System.out.println("FAILED " + name + ":" + command.get("line") + " " + text(command, "do") + ": " + e);
            return false;
        }
    }

    private static String text(JsonObject object, String key) {
        JsonElement found = object.get(key);
        return found == null ? LAST : found.getAsString();
    }

    private void perform(JsonObject command) {
        switch (text(command, "do")) {
            case "module" -> {
                instances.remove(LAST);
                instantiate(load(command), command);
            }
            case "define" -> {
                definitions.remove(LAST);
                put(definitions, command, load(command));
            }
            case "instance" -> {
                instances.remove(LAST);
                instantiate(find(definitions, command), command);
            }
            case "register" -> imports.instance(text(command, "name"), find(instances, command));
            case "action" -> act(command);
            case "return" -> values.check(act(command), command.getAsJsonArray("results"));
            case "trap" -> mustTrap(command);
            case "exception" -> mustFail(ErrorKind.EXCEPTION, () -> act(command));
            case "invalid", "malformed" -> mustFail(ErrorKind.COMPILE, () -> load(command));
            case "unlinkable" -> {
                Module module = load(command);
                mustFail(ErrorKind.LINK, () -> link(module));
            }
            default -> throw new Wrong("no command does " + command);
        }
    }

    private Module load(JsonObject command) {
        int at = command.get("at").getAsInt();
        return Module.load(engine, Arrays.copyOfRange(modules, at, at + command.get("size").getAsInt()));
    }

    private Instance link(Module module) {
        return store.instantiate(module, imports.build());
    }

    private void instantiate(Module module, JsonObject command) {
        put(instances, command, link(module));
    }

    /** Makes it the last one, also known under its name. */
    private static <T> void put(Map<String, T> known, JsonObject command, T made) {
        known.put(LAST, made);
        known.put(text(command, "as"), made);
    }

    private static <T> T find(Map<String, T> known, JsonObject command) {
        T found = known.get(text(command, "of"));
        if (found == null) {
            throw new Wrong("nothing is known as \"" + text(command, "of") + "\"");
        }
        return found;
    }

    private Object[] act(JsonObject command) {
        JsonObject action = command.getAsJsonObject("action");
        Instance instance = find(instances, action);
        String export = text(action, "name");
        return switch (text(action, "type")) {
            case "invoke" -> call(instance.func(export), values.arguments(action.getAsJsonArray("args")));
            case "get" -> new Object[] {instance.global(export).get()};
            default -> throw new Wrong("no action is " + action);
        };
    }

    private static Object[] call(Func func, Object[] args) {
        return ConformanceCase.list(func.call(args), func.type().results().size());
    }

    private static WasmException mustFail(ErrorKind kind, Runnable what) {
        try {
            what.run();
        } catch (WasmException e) {
            if (e.kind() == kind) {
                return e;
            }
            throw new Wrong("must fail with " + kind + ": " + e);
        }
        throw new Wrong("must fail with " + kind + ", but succeeded");
    }

    private void mustTrap(JsonObject command) {
        Runnable what = () -> act(command);
        if (command.get("action") == null) {
            Module module = load(command);
            what = () -> link(module);
        }
        String code = ((Trap) mustFail(ErrorKind.TRAP, what)).code().label();
        JsonElement wanted = command.get(command.has("code") ? "code" : "codes");
        if (!ConformanceCase.texts(wanted).contains(code)) {
            throw new Wrong("trapped with " + code + ", expected " + wanted);
        }
    }
}
