// generated: java.error range
package dev.landbridge;

import java.util.List;

/** A number that does not fit the type it is meant for. */
public final class RangeError extends WasmException {
    private static final long serialVersionUID = 1;

    RangeError(ErrorKind kind, String message, List<Frame> frames) {
        super(kind, message, frames);
    }
}
// end generated
