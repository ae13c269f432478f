// generated: java.error type
package dev.landbridge;

import java.util.List;

/** A value of the wrong type, or the wrong number of them. */
public final class TypeError extends WasmException {
    private static final long serialVersionUID = 1;

    TypeError(ErrorKind kind, String message, List<Frame> frames) {
        super(kind, message, frames);
    }
}
// end generated
