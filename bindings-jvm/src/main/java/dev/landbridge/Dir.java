package dev.landbridge;

import java.nio.file.Path;
import java.util.Objects;

/**
 * A folder that a policy grants.
 *
 * @param path where it is for Java
 * @param access what guests may do with it
 */
public record Dir(Path path, Access access) {
    /**
     * A folder.
     *
     * @param path where it is for Java
     * @param access what guests may do with it
     */
    public Dir {
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(access, "access");
    }
}
