package dev.landbridge;

import java.util.List;

/** The call was cancelled. */
public final class CancelledError extends WasmException {
    private static final long serialVersionUID = 1;

    CancelledError(ErrorKind kind, String message, List<Frame> frames) {
        super(kind, message, frames);
    }
}
