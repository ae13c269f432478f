// generated: java.error host
package dev.landbridge;

import java.util.List;

/** A host function failed with something that is not a Throwable of this JVM. */
public final class HostError extends WasmException {
    private static final long serialVersionUID = 1;

    HostError(ErrorKind kind, String message, List<Frame> frames) {
        super(kind, message, frames);
    }
}
// end generated
