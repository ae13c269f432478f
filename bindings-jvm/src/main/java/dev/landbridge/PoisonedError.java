package dev.landbridge;

import java.util.List;

/** An earlier interruption left the store in an unknown state: make a new one. */
public final class PoisonedError extends WasmException {
    private static final long serialVersionUID = 1;

    PoisonedError(ErrorKind kind, String message, List<Frame> frames) {
        super(kind, message, frames);
    }
}
