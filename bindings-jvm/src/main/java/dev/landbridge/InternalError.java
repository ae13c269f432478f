// generated: java.error internal
package dev.landbridge;

import java.util.List;

/** A defect in Landbridge. */
public final class InternalError extends WasmException {
    private static final long serialVersionUID = 1;

    InternalError(ErrorKind kind, String message, List<Frame> frames) {
        super(kind, message, frames);
    }
}
// end generated
