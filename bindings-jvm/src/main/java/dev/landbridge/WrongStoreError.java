// generated: java.error wrong_store
package dev.landbridge;

import java.util.List;

/** The object belongs to another store or engine. */
public final class WrongStoreError extends WasmException {
    private static final long serialVersionUID = 1;

    WrongStoreError(ErrorKind kind, String message, List<Frame> frames) {
        super(kind, message, frames);
    }
}
// end generated
