package dev.landbridge;

import java.util.List;

/** The guest trapped. Its instance lives on, as the specification has it. */
public final class Trap extends WasmException {
    private static final long serialVersionUID = 1;

    /** Why the guest trapped. */
    private final TrapCode code;

    Trap(ErrorKind kind, int code, String message, List<Frame> frames) {
        super(kind, message, frames);
        this.code = TrapCode.of(code);
    }

    /**
     * Why the guest trapped.
     *
     * @return the code
     */
    public TrapCode code() {
        return code;
    }
}
