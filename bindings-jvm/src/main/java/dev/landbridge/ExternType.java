package dev.landbridge;

import java.util.List;

/** The type of an import or export. Its text form is the same in every host, such as {@code memory 1 2}. */
public sealed interface ExternType permits FuncType, MemoryType, TableType, GlobalType, ExternType.Tag {
    /**
     * {@code func}, {@code memory}, {@code table}, {@code global} or {@code tag}.
     *
     * @return the word
     */
    String sort();

    /**
     * An exception tag, which Java cannot hold yet.
     *
     * @param payload the types of what is thrown with it
     */
    record Tag(List<Type> payload) implements ExternType {
        @Override
        public String sort() {
            return "tag";
        }

        @Override
        public String toString() {
            return "tag " + FuncType.list(payload);
        }
    }
}
