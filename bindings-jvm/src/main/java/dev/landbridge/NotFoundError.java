// generated: java.error not_found
package dev.landbridge;

import java.util.List;

/** No export has this name, or it is of another sort, such as a memory instead of a function. */
public final class NotFoundError extends WasmException {
    private static final long serialVersionUID = 1;

    NotFoundError(ErrorKind kind, String message, List<Frame> frames) {
        super(kind, message, frames);
    }
}
// end generated
