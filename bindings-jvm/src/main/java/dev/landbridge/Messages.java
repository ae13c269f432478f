// generated: messages.java
package dev.landbridge;

/** What hosts say when something is wrong, where Java says it itself: from core/messages.toml. */
final class Messages {
    private Messages() {}

    static String arguments(Object func) {
        return "arguments of " + func;
    }

    static String argument(Object number, Object func) {
        return "argument " + number + " of " + func;
    }

    static String results(Object func) {
        return "results of " + func;
    }

    static String result(Object number, Object func) {
        return "result " + number + " of " + func;
    }

    static String payload() {
        return "payload of an exception";
    }

    static String payloadValue(Object number) {
        return "value " + number + " of an exception";
    }

    static String globalValue() {
        return "value of a global";
    }

    static String tableElement() {
        return "element of a table";
    }

    static WasmException outOfRange(Object place, Object given, Object first, Object last) {
        return WasmException.of(ErrorKind.RANGE,
                place + ": " + given + " is out of range (" + first + " to " + last + ")");
    }

    static WasmException poolRoom(Object given) {
        return WasmException.of(ErrorKind.RANGE, "max: a pool needs room for at least 1 instance, not " + given);
    }

    static WasmException outsideMemory(Object offset, Object length, Object size) {
        return WasmException.of(ErrorKind.OUT_OF_BOUNDS,
                "bytes " + offset + " to " + offset + "+" + length + " are outside of the memory of " + size + " bytes");
    }

    static WasmException closed(Object noun) {
        return WasmException.of(ErrorKind.CLOSED, "the " + noun + " is closed");
    }

    static WasmException contextClosed() {
        return WasmException.of(ErrorKind.CLOSED,
                "the context is closed: it is valid during its call and on its thread only");
    }

    static WasmException sentException() {
        return WasmException.of(ErrorKind.CLOSED, "the store is closed: the exception was sent out of it");
    }

    static WasmException altered(Object found, Object sent) {
        return WasmException.of(ErrorKind.COMPILE,
                "the module was altered on its way: its digest is " + found + ", not " + sent);
    }

    static WasmException noCallThread(Object why) {
        return WasmException.of(ErrorKind.LIMIT, "a thread for asynchronous calls cannot be started: " + why);
    }

    static String exited(Object code) {
        return "the guest ended with exit code " + code;
    }
}
// end generated
