package dev.landbridge;

import java.util.List;

/** The guest ended itself with an exit code. */
public final class Exit extends WasmException {
    private static final long serialVersionUID = 1;

    /** The exit code. */
    private final int exitCode;

    Exit(ErrorKind kind, int exitCode, String message, List<Frame> frames) {
        super(kind, message, frames);
        this.exitCode = exitCode;
    }

    /**
     * The code it ended with.
     *
     * @return the code; 0 is success
     */
    public int exitCode() {
        return exitCode;
    }
}
