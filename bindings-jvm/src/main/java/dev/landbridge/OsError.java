package dev.landbridge;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Set;

/** What Java itself would throw for what the operating system said. */
final class OsError {
    private static final boolean WINDOWS = java.io.File.separatorChar == '\\';

    /** ENOENT; ERROR_FILE_NOT_FOUND and ERROR_PATH_NOT_FOUND. */
    private static final Set<Integer> NOT_THERE = WINDOWS ? Set.of(2, 3) : Set.of(2);

    /** EACCES; ERROR_ACCESS_DENIED. */
    private static final int DENIED = WINDOWS ? 5 : 13;

    /** EEXIST; ERROR_FILE_EXISTS and ERROR_ALREADY_EXISTS. */
    private static final Set<Integer> THERE = WINDOWS ? Set.of(80, 183) : Set.of(17);

    private OsError() {}

    /** The path is null if it was no file. */
    static IOException of(int code, String path, String message) {
        String reason = path != null && message.startsWith(path + ": ") ? message.substring(path.length() + 2) : message;
        if (path == null) {
            return new IOException(reason);
        } else if (NOT_THERE.contains(code)) {
            return new NoSuchFileException(path, null, reason);
        } else if (code == DENIED) {
            return new AccessDeniedException(path, null, reason);
        } else if (THERE.contains(code)) {
            return new FileAlreadyExistsException(path, null, reason);
        }
        return new FileSystemException(path, null, reason);
    }
}
