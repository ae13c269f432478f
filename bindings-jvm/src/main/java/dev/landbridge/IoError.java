package dev.landbridge;

import java.util.List;

/**
 * A file could not be read or written. Its cause is what {@link java.nio.file.Files} would throw, such as a
 * {@link java.nio.file.NoSuchFileException}; see also {@link #path()} and {@link #osCode()}.
 */
public final class IoError extends WasmException {
    private static final long serialVersionUID = 1;

    IoError(ErrorKind kind, String message, List<Frame> frames) {
        super(kind, message, frames);
    }
}
