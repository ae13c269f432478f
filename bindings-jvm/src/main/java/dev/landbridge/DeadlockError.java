// generated: java.error deadlock
package dev.landbridge;

import java.util.List;

/** Waiting for the store would never end: threads would wait for each other in a circle. */
public final class DeadlockError extends WasmException {
    private static final long serialVersionUID = 1;

    DeadlockError(ErrorKind kind, String message, List<Frame> frames) {
        super(kind, message, frames);
    }
}
// end generated
