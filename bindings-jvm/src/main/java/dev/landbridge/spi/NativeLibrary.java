package dev.landbridge.spi;

/**
 * What each module with a native library provides, so that a JVM takes it from the module path without being told to. The
 * library itself is a resource of that module.
 */
public interface NativeLibrary {}
