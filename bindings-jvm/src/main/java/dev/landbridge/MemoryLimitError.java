package dev.landbridge;

import java.util.List;

/** The store's memory limit was reached. */
public final class MemoryLimitError extends LimitExceeded {
    private static final long serialVersionUID = 1;

    MemoryLimitError(ErrorKind kind, int code, String message, List<Frame> frames) {
        super(kind, code, message, frames);
    }
}
