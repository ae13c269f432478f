package dev.landbridge;

import java.nio.file.Path;
import java.util.Objects;

/** Runs programs of WASI from their start to their end. */
public final class Landbridge {
    private Landbridge() {}

    /**
     * Runs a program of WASI, as {@code docker run} would. It has the streams of this process, its arguments (the first one
     * is the name of the file), the real clock and secure random numbers, and nothing else.
     *
     * @param program the file
     * @param args what it sees behind its name
     * @return its exit code; 0 is success
     * @throws WasmException {@code not_found} if the module is no program; else as for {@link Module#load(Path)}, {@link
     *     Module#instantiate(Imports, Sandbox)} and {@link Instance#run()}
     */
    public static int run(Path program, String... args) {
        return run(program, Sandbox.program(), args);
    }

    /**
     * The same in a sandbox of your own, such as {@code
     * Sandbox.program().withPolicy(Policy.program().withReadOnlyDir("/data", Path.of("data")))}.
     *
     * @param program the file
     * @param sandbox what it may touch and use, and its streams; the arguments of its policy hold if none are given
     * @param args what it sees behind its name
     * @return its exit code; 0 is success
     * @throws WasmException as for {@link #run(Path, String...)}
     */
    public static int run(Path program, Sandbox sandbox, String... args) {
        return run(Engine.shared(), program, sandbox, args);
    }

    /**
     * The same with an engine of your own.
     *
     * @param engine the engine that compiles it
     * @param program the file
     * @param sandbox what it may touch and use, and its streams
     * @param args what it sees behind its name
     * @return its exit code; 0 is success
     * @throws WasmException as for {@link #run(Path, String...)}
     */
    public static int run(Engine engine, Path program, Sandbox sandbox, String... args) {
        String name = Objects.toString(program.getFileName(), "");
        try (Module module = Module.load(engine, program);
                Instance instance = module.instantiate(Imports.none(), named(sandbox, module, name, args))) {
            return instance.run();
        } catch (Exit exit) {
            return exit.exitCode(); // It may end itself while it is instantiated.
        }
    }

    private static Sandbox named(Sandbox sandbox, Module module, String name, String[] args) {
        return sandbox.withPolicy(module.policy(sandbox.policy(), name, args.clone()));
    }
}
