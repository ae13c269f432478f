// generated: java.error out_of_bounds
package dev.landbridge;

import java.util.List;

/** An access outside of a memory or a table, made by Java. */
public final class OutOfBoundsError extends WasmException {
    private static final long serialVersionUID = 1;

    OutOfBoundsError(ErrorKind kind, String message, List<Frame> frames) {
        super(kind, message, frames);
    }
}
// end generated
