// generated: java.error cancelled
package dev.landbridge;

import java.util.List;

/** The call was cancelled, as by {@link Store#cancel}; its store cannot be used afterwards. */
public final class CancelledError extends WasmException {
    private static final long serialVersionUID = 1;

    CancelledError(ErrorKind kind, String message, List<Frame> frames) {
        super(kind, message, frames);
    }
}
// end generated
