// generated: java.error poisoned
package dev.landbridge;

import java.util.List;

/** An earlier interruption or panic left the store in an unknown state; instantiate the module again. */
public final class PoisonedError extends WasmException {
    private static final long serialVersionUID = 1;

    PoisonedError(ErrorKind kind, String message, List<Frame> frames) {
        super(kind, message, frames);
    }
}
// end generated
