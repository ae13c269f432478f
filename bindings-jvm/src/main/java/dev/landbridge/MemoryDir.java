package dev.landbridge;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * A folder that each store makes for itself; see {@link Policy#withMemoryDir}.
 *
 * @param files what is in it at the start, by paths inside; a copy each time
 * @param access what guests may do with it
 */
public record MemoryDir(Map<String, byte[]> files, Access access) {
    /**
     * A folder.
     *
     * @param files what is in it, by paths inside; copied
     * @param access what guests may do with it
     */
    public MemoryDir {
        files = copy(files);
        Objects.requireNonNull(access, "access");
    }

    /** With copies of the bytes, in the same order, unmodifiable. */
    private static Map<String, byte[]> copy(Map<String, byte[]> files) {
        Map<String, byte[]> copy = new LinkedHashMap<>();
        files.forEach((path, bytes) -> copy.put(Objects.requireNonNull(path, "path"), bytes.clone()));
        return Collections.unmodifiableMap(copy);
    }

    /**
     * What is in it at the start.
     *
     * @return a copy, unmodifiable
     */
    @Override
    public Map<String, byte[]> files() {
        return copy(files);
    }

    /** Whether files and access are equal. */
    @Override
    public boolean equals(Object other) {
        return other instanceof MemoryDir it
                && access == it.access
                && files.keySet().equals(it.files.keySet())
                && files.entrySet().stream().allMatch(file -> Arrays.equals(file.getValue(), it.files.get(file.getKey())));
    }

    @Override
    public int hashCode() {
        return 31 * files.keySet().hashCode() + access.hashCode();
    }

    /** Such as {@code MemoryDir([a.txt, d/b.txt], WRITE)}. */
    @Override
    public String toString() {
        return "MemoryDir(" + files.keySet() + ", " + access + ")";
    }

    static MemoryDir read(FrameReader frame) {
        Map<String, byte[]> files = new LinkedHashMap<>();
        frame.list(it -> Map.entry(it.text(), it.bytes())).forEach(it -> files.put(it.getKey(), it.getValue()));
        return new MemoryDir(files, PolicyContent.access(frame));
    }
}
