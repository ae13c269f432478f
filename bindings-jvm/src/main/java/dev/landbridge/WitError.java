// generated: java.error wit
package dev.landbridge;

import java.util.List;

/**
 * The {@code err} of a WIT {@code result}: what a function of a component gave, or what a host function gives to one.
 */
public final class WitError extends WasmException {
    private static final long serialVersionUID = 1;

    WitError(ErrorKind kind, String message, List<Frame> frames) {
        super(kind, message, frames);
    }
}
// end generated
