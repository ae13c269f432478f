package dev.landbridge;

import java.util.List;

/** A limit was reached: memory, table elements, fuel, time; {@link #kind()} says which. */
public final class LimitExceeded extends WasmException {
    private static final long serialVersionUID = 1;

    LimitExceeded(ErrorKind kind, String message, List<Frame> frames) {
        super(kind, message, frames);
    }
}
