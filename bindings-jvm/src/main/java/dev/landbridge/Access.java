package dev.landbridge;

/** What guests may do with a folder and all that is in it. */
public enum Access {
    /** Look and read. */
    READ,
    /** Make, write, rename and remove as well. */
    WRITE
}
