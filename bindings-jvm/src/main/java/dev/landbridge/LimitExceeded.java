package dev.landbridge;

import java.util.List;
import java.util.Optional;

/** A limit was reached; the class and {@link #kind()} say which. */
public abstract sealed class LimitExceeded extends WasmException
        permits TimeoutError, FuelError, MemoryLimitError, LimitError {
    private static final long serialVersionUID = 1;

    /** Null if the guest did not trap for it. */
    private final TrapCode code;

    LimitExceeded(ErrorKind kind, int code, String message, List<Frame> frames) {
        super(kind, message, frames);
        this.code = code == 0 ? null : TrapCode.of(code);
    }

    /**
     * How the guest trapped, if it did because it was refused what is beyond the limit.
     *
     * @return the code of the trap
     */
    public Optional<TrapCode> code() {
        return Optional.ofNullable(code);
    }
}
