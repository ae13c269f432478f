// generated: java.error denied
package dev.landbridge;

import java.util.List;

/** The store's policy does not grant this. */
public final class DeniedError extends WasmException {
    private static final long serialVersionUID = 1;

    DeniedError(ErrorKind kind, String message, List<Frame> frames) {
        super(kind, message, frames);
    }
}
// end generated
