// generated: java.error memory_limit
package dev.landbridge;

import java.util.List;

/**
 * The memories cannot become that large: their limit is reached, see {@link Limits#memoryBytes()}, or the machine has
 * no more memory.
 */
public final class MemoryLimitError extends LimitExceeded {
    private static final long serialVersionUID = 1;

    MemoryLimitError(ErrorKind kind, int code, String message, List<Frame> frames) {
        super(kind, code, message, frames);
    }
}
// end generated
