// generated: java.error busy
package dev.landbridge;

import java.util.List;

/** The store is in use and this thread must not wait for it, or all instances of a pool are taken. */
public final class BusyError extends WasmException {
    private static final long serialVersionUID = 1;

    BusyError(ErrorKind kind, String message, List<Frame> frames) {
        super(kind, message, frames);
    }
}
// end generated
