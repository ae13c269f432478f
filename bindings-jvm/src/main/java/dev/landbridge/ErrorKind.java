package dev.landbridge;

import java.util.List;

/** What went wrong, in a word; each has a class. Numbers and labels are stable and the same in every host. */
public enum ErrorKind {
    // generated: java.kinds
    /** The bytes are not a valid module, or use a feature that is off. */
    COMPILE(CompileError::new),
    /** An import is missing or does not have the type that the module needs. */
    LINK(LinkError::new),
    /** The guest trapped; {@link Trap#code()} says why. */
    TRAP(Trap::new),
    /** A host function failed with something that is not a Throwable of this JVM. */
    HOST(HostError::new),
    /** A value of the wrong type, or the wrong number of them. */
    TYPE(TypeError::new),
    /** A number that does not fit the type it is meant for. */
    RANGE(RangeError::new),
    /** No export has this name, or it is of another sort, such as a memory instead of a function. */
    NOT_FOUND(NotFoundError::new),
    /** An access outside of a memory or a table, made by Java. */
    OUT_OF_BOUNDS(OutOfBoundsError::new),
    /** The object was closed. */
    CLOSED(ClosedError::new),
    /** The object belongs to another store or engine. */
    WRONG_STORE(WrongStoreError::new),
    /** The store is in use and this thread must not wait for it, or all instances of a pool are taken. */
    BUSY(BusyError::new),
    /** Waiting for the store would never end: threads would wait for each other in a circle. */
    DEADLOCK(DeadlockError::new),
    /** An earlier interruption or panic left the store in an unknown state; instantiate the module again. */
    POISONED(PoisonedError::new),
    /** The call was cancelled, as by {@link Store#cancel}; its store cannot be used afterwards. */
    CANCELLED(CancelledError::new),
    /** The call's deadline passed, see {@link Limits#timeout()}; its store cannot be used afterwards. */
    TIMEOUT(TimeoutError::new),
    /** The store's fuel is used up, see {@link Limits#fuel()}; the store cannot be used afterwards. */
    FUEL(FuelError::new),
    /**
     * The memories cannot become that large: their limit is reached, see {@link Limits#memoryBytes()}, or the machine
     * has no more memory.
     */
    MEMORY_LIMIT(MemoryLimitError::new),
    /** Another limit was reached, such as that of tables, instances, output or compiling; the message names it. */
    LIMIT(LimitError::new),
    /** The guest ended itself with an exit code. */
    EXIT(Exit::new),
    /** The store's policy does not grant this. */
    DENIED(DeniedError::new),
    /** A file could not be read or written. */
    IO(IoError::new),
    /** The engine cannot do this, or was built without it; the message says what to do instead. */
    UNSUPPORTED(UnsupportedError::new),
    /** A defect in Landbridge. */
    INTERNAL(InternalError::new),
    /** An exception of WebAssembly was thrown and not caught; see {@link TaggedException}. */
    EXCEPTION(WasmException::new),
    /**
     * The {@code err} of a WIT {@code result}: what a function of a component returned, or what a host function returns
     * to one.
     */
    WIT(WitError::new);
    // end generated

    private static final ErrorKind[] ALL = values();

    interface PlainMaker {
        WasmException make(ErrorKind kind, String message, List<Frame> frames);
    }

    /** The code is that of a trap or of an exit; zero for none. */
    interface Maker {
        WasmException make(ErrorKind kind, int code, String message, List<Frame> frames);
    }

    final Maker maker;

    ErrorKind(PlainMaker maker) {
        this((kind, code, message, frames) -> maker.make(kind, message, frames));
    }

    ErrorKind(Maker maker) {
        this.maker = maker;
    }

    /**
     * The stable number, the same in every host.
     *
     * @return the number, from 1
     */
    public int number() {
        return ordinal() + 1;
    }

    /**
     * The stable name, in lower snake case, the same in every host.
     *
     * @return such as {@code not_found}
     */
    public String label() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }

    static ErrorKind of(int number) {
        return number >= 1 && number <= ALL.length ? ALL[number - 1] : INTERNAL;
    }
}
