// generated: java.error unsupported
package dev.landbridge;

import java.util.List;

/** The engine cannot do this, or was built without it; the message says what to do instead. */
public final class UnsupportedError extends WasmException {
    private static final long serialVersionUID = 1;

    UnsupportedError(ErrorKind kind, String message, List<Frame> frames) {
        super(kind, message, frames);
    }
}
// end generated
