// generated: java.error timeout
package dev.landbridge;

import java.util.List;

/** The call's deadline passed, see {@link Limits#timeout()}; its store cannot be used afterwards. */
public final class TimeoutError extends LimitExceeded {
    private static final long serialVersionUID = 1;

    TimeoutError(ErrorKind kind, int code, String message, List<Frame> frames) {
        super(kind, code, message, frames);
    }
}
// end generated
