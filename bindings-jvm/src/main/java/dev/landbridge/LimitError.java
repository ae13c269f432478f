// generated: java.error limit
package dev.landbridge;

import java.util.List;

/** Another limit was reached, such as that of tables, instances, output or compiling; the message names it. */
public final class LimitError extends LimitExceeded {
    private static final long serialVersionUID = 1;

    LimitError(ErrorKind kind, int code, String message, List<Frame> frames) {
        super(kind, code, message, frames);
    }
}
// end generated
