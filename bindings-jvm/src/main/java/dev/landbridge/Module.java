package dev.landbridge;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A compiled module, ready to be instantiated any number of times, from every thread. Close it when no more instances
 * are needed; instances that are there live on.
 */
public final class Module implements AutoCloseable {
    private final long handle;
    private final Cleaner.Cleanable release;
    private List<ImportType> imports;

    private Module(long handle) {
        this.handle = handle;
        this.release = Handles.own(this, Native.MODULE, handle);
    }

    /**
     * Compiles the module in a file, of bytes or of WebAssembly text, with the shared engine.
     *
     * @param path the file
     * @return the module
     * @throws WasmException {@code io} if the file cannot be read; {@code compile} if it holds no valid module
     */
    public static Module load(Path path) {
        return load(Engine.shared(), path);
    }

    /**
     * Compiles the module in a file.
     *
     * @param engine the engine to compile with
     * @param path the file, of bytes or of WebAssembly text
     * @return the module
     * @throws WasmException {@code io} if the file cannot be read; {@code compile} if it holds no valid module
     */
    public static Module load(Engine engine, Path path) {
        Module module = new Module(Native.moduleFile(engine.handle, path.toString()));
        Reference.reachabilityFence(engine);
        return module;
    }

    /**
     * Compiles a module with the shared engine.
     *
     * @param bytes the module, as bytes or as WebAssembly text in UTF-8
     * @return the module
     * @throws WasmException {@code compile} if it is not valid; the message says where
     */
    public static Module load(byte[] bytes) {
        return load(Engine.shared(), bytes);
    }

    /**
     * Compiles a module.
     *
     * @param engine the engine to compile with
     * @param bytes the module, as bytes or as WebAssembly text in UTF-8
     * @return the module
     * @throws WasmException {@code compile} if it is not valid; the message says where
     */
    public static Module load(Engine engine, byte[] bytes) {
        Objects.requireNonNull(bytes, "bytes");
        Module module = new Module(Native.moduleBytes(engine.handle, bytes));
        Reference.reachabilityFence(engine);
        return module;
    }

    /**
     * Compiles a module from WebAssembly text with the shared engine.
     *
     * @param text the text itself, not the name of a file
     * @return the module
     * @throws WasmException {@code compile} if it is not valid; the message says where
     */
    public static Module load(String text) {
        return load(Engine.shared(), text);
    }

    /**
     * Compiles a module from WebAssembly text.
     *
     * @param engine the engine to compile with
     * @param text the text itself, not the name of a file
     * @return the module
     * @throws WasmException {@code compile} if it is not valid; the message says where
     */
    public static Module load(Engine engine, String text) {
        return load(engine, text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Compiles the module that a stream gives, with the shared engine.
     *
     * @param in read to its end, not closed
     * @return the module
     * @throws WasmException {@code io} if reading fails, with the cause; {@code compile} if it is not valid
     */
    public static Module load(InputStream in) {
        return load(Engine.shared(), in);
    }

    /**
     * Compiles the module that a stream gives.
     *
     * @param engine the engine to compile with
     * @param in read to its end, not closed
     * @return the module
     * @throws WasmException {@code io} if reading fails, with the cause; {@code compile} if it is not valid
     */
    public static Module load(Engine engine, InputStream in) {
        byte[] bytes;
        try {
            bytes = in.readAllBytes();
        } catch (IOException e) {
            WasmException failed = WasmException.of(ErrorKind.IO, "the stream cannot be read: " + e.getMessage());
            failed.initCause(e);
            throw failed;
        }
        return load(engine, bytes);
    }

    /**
     * The name in its name section.
     *
     * @return the name, or null if there is none
     * @throws WasmException {@code closed}
     */
    public String name() {
        String name = Native.moduleName(handle);
        Reference.reachabilityFence(this);
        return name;
    }

    /**
     * What it asks its host for.
     *
     * @return the imports, in the module's order
     * @throws WasmException {@code closed}
     */
    public List<ImportType> imports() {
        Object[] flat = Native.moduleImports(handle);
        Reference.reachabilityFence(this);
        List<ImportType> list = new ArrayList<>(flat.length / 3);
        for (int i = 0; i < flat.length; i += 3) {
            list.add(new ImportType((String) flat[i], (String) flat[i + 1], TypeNumbers.read(flat[i + 2])));
        }
        return List.copyOf(list);
    }

    /** The same, asked for once. */
    private synchronized List<ImportType> knownImports() {
        if (imports == null) {
            imports = imports();
        }
        return imports;
    }

    /**
     * What it offers.
     *
     * @return the exports, in the module's order
     * @throws WasmException {@code closed}
     */
    public List<ExportType> exports() {
        Object[] flat = Native.moduleExports(handle);
        Reference.reachabilityFence(this);
        List<ExportType> list = new ArrayList<>(flat.length / 2);
        for (int i = 0; i < flat.length; i += 2) {
            list.add(new ExportType((String) flat[i], TypeNumbers.read(flat[i + 1])));
        }
        return List.copyOf(list);
    }

    /**
     * Makes an instance that asks for nothing; see {@link #instantiate(Imports)}.
     *
     * @return the instance
     * @throws WasmException {@code link}, listing the imports that are missing
     */
    public Instance instantiate() {
        return instantiate(Imports.none());
    }

    /**
     * Makes an instance, in a store of its own that closes with it, and runs the module's start function.
     *
     * @param imports what is lent to it; more than it asks for is no error
     * @return the instance
     * @throws WasmException {@code link}, listing every import that is missing or of another type; {@code wrong_store} if
     *     an import lives in a store; {@code trap} or what a host function threw, if the start function fails;
     *     {@code closed}
     */
    public Instance instantiate(Imports imports) {
        return instantiate(0, new HostFunctions(), imports);
    }

    Instance instantiate(long store, HostFunctions lender, Imports imports) {
        Imports.Lent lent = imports.lend(imports.hasPrimitives() ? knownImports() : List.of(), lender);
        long instance = Native.instantiate(handle, store, lender, lent.names(), lent.items());
        Reference.reachabilityFence(this);
        Reference.reachabilityFence(imports);
        Reference.reachabilityFence(lender);
        return new Instance(instance, lender);
    }

    /** Closes the module. Instances live on. Closing twice is no error. */
    @Override
    public void close() {
        release.clean();
    }
}
