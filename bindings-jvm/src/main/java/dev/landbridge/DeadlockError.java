// generated: java.error deadlock
package dev.landbridge;

import java.util.List;

/** Waiting for the store would close a circle of threads that wait for each other. */
public final class DeadlockError extends WasmException {
    private static final long serialVersionUID = 1;

    DeadlockError(ErrorKind kind, String message, List<Frame> frames) {
        super(kind, message, frames);
    }
}
// end generated
