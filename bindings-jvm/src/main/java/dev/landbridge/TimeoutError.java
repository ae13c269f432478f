package dev.landbridge;

import java.util.List;

/** The call's deadline passed. */
public final class TimeoutError extends LimitExceeded {
    private static final long serialVersionUID = 1;

    TimeoutError(ErrorKind kind, int code, String message, List<Frame> frames) {
        super(kind, code, message, frames);
    }
}
