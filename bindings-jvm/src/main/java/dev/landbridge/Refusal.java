package dev.landbridge;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;

/** Why a native library could not be loaded, in words. */
final class Refusal {
    /** What is said of a library that is not the one that was built. */
    static final String DAMAGED = "whose digest lies beside it";

    /** What is said where the JVM was told to load no native code; what to allow it for comes behind. */
    static final String FORBIDDEN = "this JVM may load no native code: start it with --enable-native-access=";

    private Refusal() {}

    /** Whether another class loader has the file. JVMs have no other way to say so than their message. */
    static boolean isTaken(UnsatisfiedLinkError error) {
        return said(error).contains("loaded in another classloader");
    }

    /** Whether no code may run from where the file is. */
    static boolean isNoCode(UnsatisfiedLinkError error) {
        return said(error).contains("failed to map segment") || said(error).contains("operation not permitted");
    }

    /**
     * Whether it is the same from everywhere: library and classes are of different versions, as {@code load.rs} says, the
     * library in the jar is damaged, or the JVM may load none.
     */
    static boolean isMisfit(UnsatisfiedLinkError error) {
        return said(error).contains("the classes are of version")
                || said(error).contains(DAMAGED)
                || String.valueOf(error.getMessage()).startsWith(FORBIDDEN);
    }

    private static String said(Throwable error) {
        return String.valueOf(error.getMessage()).toLowerCase(Locale.ROOT);
    }

    /** What was wrong with a file that the system or the library refused. */
    static String of(Path file, UnsatisfiedLinkError error) {
        if (!Files.exists(file)) {
            return file + ": there is no such file";
        }
        String words = words(error);
        return file + ": " + (words.isEmpty() ? "" : words + ": ") + bare(file, String.valueOf(error.getMessage()));
    }

    private static String words(UnsatisfiedLinkError error) {
        String said = said(error);
        if (isNoCode(error)) {
            return "no code may run from there (a file system that is mounted noexec?)";
        } else if (said.contains("version `glibc")) {
            return "it needs a newer C library than this system has";
        } else if (said.contains("elf") || said.contains("exec format") || said.contains("architecture")
                || said.contains("file too short") || said.contains("win32")) {
            return "it is no library for this machine";
        } else if (isTaken(error)) {
            return "a JVM gives a library to one class loader at a time";
        }
        return "";
    }

    /** JVM and system name the file, too. */
    private static String bare(Path file, String message) {
        String name = file + ": ";
        return message.startsWith(name) ? bare(file, message.substring(name.length())) : message;
    }

    /** What was wrong with a folder. */
    static String of(Exception error) {
        if (!(error instanceof FileSystemException refused)) {
            return error.getMessage() == null ? error.toString() : error.getMessage();
        }
        String file = refused.getFile() == null ? "" : refused.getFile() + ": ";
        if (error instanceof NoSuchFileException) {
            return file + "there is no such file or folder";
        } else if (error instanceof AccessDeniedException) {
            return file + "permission denied";
        }
        return file + (refused.getReason() == null ? error.getClass().getSimpleName() : refused.getReason());
    }
}
