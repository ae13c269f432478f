package dev.landbridge;

import java.io.InputStream;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/**
 * A compiled module, ready to be instantiated any number of times, from every thread. Close it when no more instances
 * are needed; instances that are there live on.
 *
 * <p>Loading the same bytes again while a module of them is there gives that module's code: nothing is compiled twice in
 * a process.
 *
 * <p>It is serialized as its bytes and their digest. Reading it checks the digest and loads the bytes with the shared
 * engine, from what that process has compiled or cached already. Bytes that are not of the digest are an {@link
 * InvalidObjectException}.
 */
public final class Module implements AutoCloseable, Serializable {
    private static final long serialVersionUID = 1;

    private final transient long handle;
    private final transient Engine engine;
    private final transient Cleaner.Cleanable release;
    private transient List<ImportType> imports;
    final transient WitWorld.Known world = new WitWorld.Known();

    private Module(long handle, Engine engine) {
        this.handle = handle;
        this.engine = engine;
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
        return new Module(Native.moduleFile(engine.handle, Texts.path(path)), engine);
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
        return new Module(Native.moduleBytes(engine.handle, bytes), engine);
    }

    /**
     * Compiles what a string names or is, with the shared engine; see {@link #load(Engine, String)}.
     *
     * @param source the path of a file, or WebAssembly text
     * @return the module
     * @throws WasmException {@code io} if the file cannot be read; {@code compile} if there is no valid module
     */
    public static Module load(String source) {
        return load(Engine.shared(), source);
    }

    /**
     * Compiles what a string names or is: WebAssembly text if it begins like one, with {@code (} or {@code ;;} after space
     * and a byte order mark, and else the path of a file. A file whose own name begins so is loaded by its {@link Path}.
     *
     * @param engine the engine to compile with
     * @param source the path of a file, or WebAssembly text
     * @return the module
     * @throws WasmException {@code io} if the file cannot be read; {@code compile} if there is no valid module
     */
    public static Module load(Engine engine, String source) {
        return new Module(Native.moduleString(engine.handle, Objects.requireNonNull(source, "source")), engine);
    }

    /**
     * Compiles the module in a file with the shared engine, without waiting; see {@link #loadAsync(Engine, Path)}.
     *
     * @param path the file
     * @return a future of the module
     */
    public static CompletableFuture<Module> loadAsync(Path path) {
        return loadAsync(Engine.shared(), path);
    }

    /**
     * Compiles the module in a file on another thread, and returns at once. Calls do not wait for that thread. If you cancel
     * the future before compiling has begun, nothing is compiled; afterwards, the result is discarded.
     *
     * @param engine the engine to compile with
     * @param path the file, of bytes or of WebAssembly text
     * @return a future of what {@link #load(Engine, Path)} gives or throws
     * @throws WasmException {@code limit} if no thread can be started
     */
    public static CompletableFuture<Module> loadAsync(Engine engine, Path path) {
        Objects.requireNonNull(path, "path");
        return Call.start(engine.loading, () -> load(engine, path));
    }

    /**
     * Compiles a module with the shared engine, without waiting; see {@link #loadAsync(Engine, Path)}.
     *
     * @param bytes the module, as bytes or as WebAssembly text in UTF-8; copied
     * @return a future of the module
     */
    public static CompletableFuture<Module> loadAsync(byte[] bytes) {
        return loadAsync(Engine.shared(), bytes);
    }

    /**
     * Compiles a module, without waiting; see {@link #loadAsync(Engine, Path)}.
     *
     * @param engine the engine to compile with
     * @param bytes the module, as bytes or as WebAssembly text in UTF-8; copied
     * @return a future of what {@link #load(Engine, byte[])} gives or throws
     * @throws WasmException {@code limit} if no thread can be started
     */
    public static CompletableFuture<Module> loadAsync(Engine engine, byte[] bytes) {
        byte[] kept = bytes.clone();
        return Call.start(engine.loading, () -> load(engine, kept));
    }

    /**
     * Compiles what a string names or is with the shared engine, without waiting; see {@link #load(String)}.
     *
     * @param source the path of a file, or WebAssembly text
     * @return a future of the module
     */
    public static CompletableFuture<Module> loadAsync(String source) {
        return loadAsync(Engine.shared(), source);
    }

    /**
     * Compiles what a string names or is, without waiting; see {@link #loadAsync(Engine, Path)}.
     *
     * @param engine the engine to compile with
     * @param source the path of a file, or WebAssembly text
     * @return a future of what {@link #load(Engine, String)} gives or throws
     * @throws WasmException {@code limit} if no thread can be started
     */
    public static CompletableFuture<Module> loadAsync(Engine engine, String source) {
        Objects.requireNonNull(source, "source");
        return Call.start(engine.loading, () -> load(engine, source));
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
        return load(engine, Input.readAll(in));
    }

    /**
     * Loads what {@link #compile} wrote, without compiling, with the shared engine; see {@link
     * #loadPrecompiled(Engine, Path)}.
     *
     * @param path the file
     * @return the module
     * @throws WasmException as for {@link #loadPrecompiled(Engine, Path)}
     */
    public static Module loadPrecompiled(Path path) {
        return loadPrecompiled(Engine.shared(), path);
    }

    /**
     * Loads what {@link #compile} wrote, without compiling. The code is mapped from the file.
     *
     * <p><b>The file is machine code, and is trusted.</b> It is run as it is, with all rights of this process: never load
     * one from somebody you would not run a program from. The checks are against mistakes, not against malice. The file
     * must not be changed while the module or anything made of it is there.
     *
     * @param engine an engine with the options of the one that compiled it
     * @param path the file
     * @return the module
     * @throws WasmException {@code io} if the file cannot be read; {@code compile} if it is no such file, was truncated or
     *     altered, or was made by another version, for another CPU or operating system, or with other options of the
     *     engine; the message says which
     */
    public static Module loadPrecompiled(Engine engine, Path path) {
        return new Module(Native.modulePrecompiled(engine.handle, Texts.path(path)), engine);
    }

    /**
     * Tells what the module in a file is and what it will ask for, without compiling it.
     *
     * @param path the file, of bytes or of WebAssembly text
     * @return what it is
     * @throws WasmException {@code io} if the file cannot be read; {@code compile} if it holds no valid module
     */
    public static Inspection inspect(Path path) {
        String name = Texts.path(path);
        Library.load();
        return FrameReader.read(Native.inspectFile(name), Inspection::read);
    }

    /**
     * Tells what a module is and what it will ask for, without compiling it.
     *
     * @param bytes the module, as bytes or as WebAssembly text in UTF-8
     * @return what it is
     * @throws WasmException {@code compile} if it is not valid; the message says where
     */
    public static Inspection inspect(byte[] bytes) {
        Objects.requireNonNull(bytes, "bytes");
        Library.load();
        return FrameReader.read(Native.inspectBytes(bytes), Inspection::read);
    }

    /**
     * Tells what the module that a string names or is, as {@link #load(Engine, String)} has it, will ask for, without
     * compiling it.
     *
     * @param source the path of a file, or WebAssembly text
     * @return what it is
     * @throws WasmException {@code io} if the file cannot be read; {@code compile} if there is no valid module
     */
    public static Inspection inspect(String source) {
        Library.load();
        return FrameReader.read(Native.inspectString(Objects.requireNonNull(source, "source")), Inspection::read);
    }

    /**
     * Tells what the module that a stream gives is and what it will ask for, without compiling it.
     *
     * @param in read to its end, not closed
     * @return what it is
     * @throws WasmException {@code io} if reading fails, with the cause; {@code compile} if it is not valid
     */
    public static Inspection inspect(InputStream in) {
        return inspect(Input.readAll(in));
    }

    /**
     * Its bytes, in the binary format, also if it was loaded from text.
     *
     * @return a copy
     * @throws WasmException {@code closed}; {@code limit} if an array cannot have so many
     */
    public byte[] bytes() {
        return Handles.use(this, handle, Native::moduleContent);
    }

    /**
     * The BLAKE3 hash of its bytes.
     *
     * @return 64 hexadecimal digits
     * @throws WasmException {@code closed}
     */
    public String digest() {
        return Handles.use(this, handle, Native::moduleDigest);
    }

    /**
     * Writes the compiled code to a file, for {@link #loadPrecompiled(Path)}. A file that is there is replaced, in one
     * step.
     *
     * <p>The file fits one version of this library, one sort of CPU and operating system, and the engine's options. It is
     * readable and writable by this user only.
     *
     * @param path the file
     * @throws WasmException {@code io} if the file cannot be written; {@code closed}
     */
    public void compile(Path path) {
        Native.moduleCompile(handle, Texts.path(path));
        Reference.reachabilityFence(this);
    }

    /** A policy with the name and the arguments of the program that this is. */
    Policy policy(Policy policy, String name, String[] args) {
        Policy named = policy.of(handle, name, args);
        Reference.reachabilityFence(this);
        return named;
    }

    /**
     * The name in its name section.
     *
     * @return the name, or null if there is none
     * @throws WasmException {@code closed}
     */
    public String name() {
        return Handles.use(this, handle, Native::moduleName);
    }

    /**
     * What it asks its host for.
     *
     * @return the imports, in the module's order
     * @throws WasmException {@code closed}
     */
    public List<ImportType> imports() {
        return FrameReader.read(Handles.use(this, handle, Native::moduleImports), TypeFrames::imports);
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
        return FrameReader.read(Handles.use(this, handle, Native::moduleExports), TypeFrames::exports);
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
     * @param imports what it imports; more than that is no error
     * @return the instance
     * @throws WasmException {@code link}, listing every import that is missing or of another type; {@code wrong_store} if
     *     an import lives in a store; {@code type} or {@code range} if a plain value does not fit; {@link Trap}, {@link
     *     TaggedException} or what a host function threw, if the start function fails; {@code closed}
     */
    public Instance instantiate(Imports imports) {
        return instantiate(imports, Sandbox.standard());
    }

    /**
     * Makes an instance in a store of its own with a policy and limits; see {@link #instantiate(Imports, Sandbox)}.
     *
     * @param imports what it imports
     * @param policy what it may touch
     * @param limits how much it may use
     * @return the instance
     * @throws WasmException as for {@link #instantiate(Imports, Sandbox)}
     */
    public Instance instantiate(Imports imports, Policy policy, Limits limits) {
        return instantiate(imports, Sandbox.of(policy, limits));
    }

    /**
     * Makes an instance in a sandbox, and runs the module's start function. It has a store of its own, which closes with it.
     * A module that imports WASI preview 1 gets what the policy grants, and the streams.
     *
     * @param imports what it imports; functions of WASI among them replace those of Landbridge
     * @param sandbox what it may touch and use, and where its streams go
     * @return the instance
     * @throws WasmException as for {@link #instantiate(Imports)}; {@link LimitExceeded} if a limit is reached at once;
     *     {@code io} if a folder or file cannot be opened; {@code unsupported} for a timeout if the engine cannot
     *     interrupt guests
     */
    public Instance instantiate(Imports imports, Sandbox sandbox) {
        HostFunctions lender = new HostFunctions(engine);
        return instantiate(imports, lender, (own, lent) -> sandbox.instantiate(own, lender, lent));
    }

    Instance instantiate(Imports imports, HostFunctions lender, Imports.Use how) {
        return new Instance(lend(imports, lender, how), this, lender);
    }

    /** A handle that is made with what is lent. */
    long lend(Imports imports, HostFunctions lender, Imports.Use how) {
        List<ImportType> types = imports.needsTypes() ? knownImports() : List.of();
        Imports.Lent lent = imports.lend(types, imports.needsWorld() ? world() : null, lender);
        try {
            return how.make(handle, lent);
        } catch (TaggedException e) {
            throw e.heldBy(lender);
        } finally {
            Reference.reachabilityFence(this);
            Reference.reachabilityFence(imports);
            Reference.reachabilityFence(lender);
        }
    }

    /** What a component asks for and offers; null if it is none. */
    WitWorld world() {
        return Handles.use(this, handle, world::ofModule);
    }

    Engine engine() {
        return engine;
    }

    /**
     * What travels in place of the module.
     *
     * @param bytes the module
     * @param digest of the bytes
     */
    private record Travelling(byte[] bytes, String digest) implements Serializable {
        private Object readResolve() throws InvalidObjectException {
            if (bytes == null || digest == null) {
                throw new InvalidObjectException("these are not the bytes of a serialized module: the WebAssembly or its digest is missing");
            }
            Library.load();
            String found = Native.moduleDigestOf(bytes);
            if (!found.equals(digest)) {
                throw new InvalidObjectException(Messages.altered(found, digest).getMessage());
            }
            return load(bytes);
        }
    }

    /**
     * What travels in its place.
     *
     * @return its bytes and their digest
     */
    private Object writeReplace() {
        return new Travelling(bytes(), digest());
    }

    /**
     * Refuses a stream that says it holds a module itself.
     *
     * @param in not read
     * @throws InvalidObjectException always
     */
    private void readObject(ObjectInputStream in) throws InvalidObjectException {
        throw new InvalidObjectException("a module is serialized by another class of ours, as its bytes and their digest");
    }

    /** Closes the module. Instances live on. Closing twice is no error. */
    @Override
    public void close() {
        release.clean();
    }

    /** The module in a line: its name and what it exports. For reading; waits for nobody and never throws. */
    @Override
    public String toString() {
        return Texts.shown(this, Native.MODULE, handle);
    }
}
