// generated: java.error link
package dev.landbridge;

import java.util.List;

/** An import is missing or does not have the type that the module needs. */
public final class LinkError extends WasmException {
    private static final long serialVersionUID = 1;

    LinkError(ErrorKind kind, String message, List<Frame> frames) {
        super(kind, message, frames);
    }
}
// end generated
