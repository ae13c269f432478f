// generated: java.error compile
package dev.landbridge;

import java.util.List;

/** The bytes are not a valid module, or use a feature that is off. */
public final class CompileError extends WasmException {
    private static final long serialVersionUID = 1;

    CompileError(ErrorKind kind, String message, List<Frame> frames) {
        super(kind, message, frames);
    }
}
// end generated
