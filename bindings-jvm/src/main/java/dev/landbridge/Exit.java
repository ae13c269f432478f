package dev.landbridge;

import java.util.List;

/**
 * The guest ended itself with an exit code. A function of Java that throws one ends the guest that called it so, as WASI
 * does: {@link Instance#run()} then gives the code, a call throws the very same object.
 */
public final class Exit extends WasmException {
    private static final long serialVersionUID = 1;

    /** The exit code, which the native side reads. */
    private final int exitCode;

    /**
     * Ends a guest, if a function of Java throws it.
     *
     * @param exitCode the code; 0 is success
     */
    public Exit(int exitCode) {
        this(ErrorKind.EXIT, exitCode, Messages.exited(exitCode), List.of());
    }

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
