// generated: java.error fuel
package dev.landbridge;

import java.util.List;

/** The store's fuel is used up, see {@link Limits#fuel()}; the store cannot be used afterwards. */
public final class FuelError extends LimitExceeded {
    private static final long serialVersionUID = 1;

    FuelError(ErrorKind kind, int code, String message, List<Frame> frames) {
        super(kind, code, message, frames);
    }
}
// end generated
