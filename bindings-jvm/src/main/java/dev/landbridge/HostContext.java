package dev.landbridge;

import java.util.Objects;

/** Where a host function was called from. Valid during that call and on its thread only. */
public final class HostContext {
    private final Thread thread = Thread.currentThread();
    private final HostFunctions lender;
    private long address;

    HostContext(long address, HostFunctions lender) {
        this.address = address;
        this.lender = lender;
    }

    void end() {
        address = 0;
    }

    private long address() {
        if (Thread.currentThread() != thread || address == 0) {
            throw Messages.contextClosed();
        }
        return address;
    }

    /**
     * The name the module imports the function by.
     *
     * @return such as {@code env.log}
     */
    public String name() {
        return Native.contextName(address());
    }

    /**
     * A function that the calling instance exports.
     *
     * @param name the export's name
     * @return the function
     * @throws WasmException {@code not_found} if there is no function of this name; {@code closed} after the call
     */
    public Func func(String name) {
        return new Func(export(name, Native.FUNC), lender);
    }

    /**
     * A memory that the calling instance exports.
     *
     * @param name the export's name
     * @return the memory
     * @throws WasmException as for {@link #func}
     */
    public Memory memory(String name) {
        return new Memory(export(name, Native.MEMORY), lender);
    }

    /**
     * A table that the calling instance exports.
     *
     * @param name the export's name
     * @return the table
     * @throws WasmException as for {@link #func}
     */
    public Table table(String name) {
        return new Table(export(name, Native.TABLE), lender);
    }

    /**
     * A global that the calling instance exports.
     *
     * @param name the export's name
     * @return the global
     * @throws WasmException as for {@link #func}
     */
    public Global global(String name) {
        return new Global(export(name, Native.GLOBAL), lender);
    }

    /**
     * An exception tag that the calling instance exports.
     *
     * @param name the export's name
     * @return the tag
     * @throws WasmException as for {@link #func}
     */
    public Tag tag(String name) {
        return new Tag(export(name, Native.TAG), lender);
    }

    private long export(String name, int sort) {
        return Native.contextExport(address(), Objects.requireNonNull(name, "name"), sort);
    }
}
