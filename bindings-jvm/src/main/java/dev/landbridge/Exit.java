package dev.landbridge;

import java.util.List;

/** The guest ended itself with an exit code. */
public final class Exit extends WasmException {
    private static final long serialVersionUID = 1;

    Exit(ErrorKind kind, String message, List<Frame> frames) {
        super(kind, message, frames);
    }
}
