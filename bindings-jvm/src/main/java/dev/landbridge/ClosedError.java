// generated: java.error closed
package dev.landbridge;

import java.util.List;

/** The object was closed. */
public final class ClosedError extends WasmException {
    private static final long serialVersionUID = 1;

    ClosedError(ErrorKind kind, String message, List<Frame> frames) {
        super(kind, message, frames);
    }
}
// end generated
