package dev.landbridge;

/** The type of an import or export. Its text form is the same in every host, such as {@code memory 1 2}. */
public sealed interface ExternType permits FuncType, MemoryType, TableType, GlobalType, TagType {
    /**
     * {@code func}, {@code memory}, {@code table}, {@code global} or {@code tag}.
     *
     * @return the word
     */
    String sort();
}
