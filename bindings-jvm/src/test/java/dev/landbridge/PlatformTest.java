package dev.landbridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What machines are called, and what is said where there is no library for one. */
class PlatformTest {
    @TempDir
    private Path dir;

    @Test
    void namesAreThoseOfArtifacts() {
        assertEquals("linux-x86_64", LibraryPlatform.name("linux", "amd64", false));
        assertEquals("linux-aarch_64-musl", LibraryPlatform.name("linux", "aarch64", true));
        assertEquals("osx-aarch_64", LibraryPlatform.name("osx", "aarch64", false));
        assertEquals("windows-x86_64", LibraryPlatform.name("windows", "amd64", false));
        assertEquals("linux-riscv64", LibraryPlatform.name("linux", "riscv64", false));
        assertTrue(LibraryPlatform.PUBLISHED.contains(LibraryPlatform.name()), LibraryPlatform.name());
    }

    /** On Debian the package musl puts its loader beside that of glibc. */
    @Test
    void muslIsWhatThisProcessRunsOn() throws IOException {
        Path maps = dir.resolve("maps");
        String glibc = "7f00-7f01 r-xp 0 08:01 7 /lib/x86_64-linux-gnu/libc.so.6\n";
        Files.writeString(maps, glibc);
        assertFalse(LibraryPlatform.isMusl(dir, maps, "amd64"));
        Files.writeString(dir.resolve("ld-musl-x86_64.so.1"), "");
        assertFalse(LibraryPlatform.isMusl(dir, maps, "amd64"));
        Files.writeString(maps, glibc.replace("x86_64-linux-gnu/libc.so.6", "ld-musl-x86_64.so.1"));
        assertTrue(LibraryPlatform.isMusl(dir, maps, "amd64"));
        assertFalse(LibraryPlatform.isMusl(dir, maps, "aarch64"));
        assertTrue(LibraryPlatform.isMusl(dir, dir.resolve("none"), "amd64"));
    }

    @Test
    void aMissingOneIsNamed() {
        String said = LibraryPlatform.missing("linux-x86_64-musl");
        assertTrue(said.contains(" dev.landbridge:landbridge-natives-linux-x86_64-musl:" + Native.VERSION + ","), said);
        assertTrue(said.contains(" dev.landbridge:landbridge-natives-all:" + Native.VERSION + " "), said);
        String none = LibraryPlatform.missing("linux-riscv64");
        assertTrue(none.contains("none for linux-riscv64, only for linux-x86_64, linux-aarch_64, "), none);
    }
}
