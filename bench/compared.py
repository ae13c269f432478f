"""What is made of the figures of peers: a report that says who wins where and why, and a picture."""

import math

import plot

# Landbridge's own lane in each language, and which peers are compared with it.
HOST = {"c": "c", "wasmtime-c": "c", "wasmtime-c-unchecked": "c", "python": "python", "wasmtime-py": "python", "pywasm3": "python",
        "extism-py": "python", "wasmer-py": "python", "node": "node", "v8": "node", "extism-js": "node", "wasmer-js": "node", "jco": "node",
        "java": "java", "endive": "java", "graalwasm": "java"}
LANGUAGE = {"c": "C", "python": "Python", "node": "Node.js", "java": "Java 25"}
WHAT = {
    "c": "Landbridge, wasmtime 48 inside", "wasmtime-c": "wasmtime's own C API, 50.0.1, from the wheel of wasmtime-py",
    "wasmtime-c-unchecked": "the same with `wasmtime_func_call_unchecked` and unchecked host functions: no types are checked",
    "python": "Landbridge", "wasmtime-py": "wasmtime-py 50.0.1", "pywasm3": "pywasm3 0.5.0, an interpreter", "extism-py": "extism 1.1.1 of PyPI",
    "wasmer-py": "wasmer-sdk 0.5.0 of PyPI, which runs programs of WASI and calls no exports", "node": "Landbridge",
    "v8": "Node's own `WebAssembly`", "extism-js": "@extism/extism 1.0.3 of npm, on V8",
    "wasmer-js": "@wasmer/sdk 0.16.0 of npm, which runs programs of WASI and calls no exports",
    "jco": "jco 1.35.0, on V8: components only, so its `call`, `text` and bytes are those of a component", "java": "Landbridge",
    "endive": "Endive 1.0.0 with its compiler to bytecode of the JVM (it was Chicory)", "graalwasm": "GraalWasm 25.0.1 on a JDK without Graal's compiler: it interprets",
}
CASES = {
    "call": "`add(2, 3)`; Extism's functions take bytes, so the two numbers are packed", "callback": "a host function called by the guest",
    "text": "a string of 64 bytes, encoded, in, out, and decoded", "bytes_in": "1 MiB into the guest", "bytes_out": "1 MiB out of it",
    "batch": "a row of a million calls of `add`, as the peer's best loop does it: Landbridge's is `map`", "instantiate": "a new instance, and its end; wasmer: a program that does nothing, from start to end",
    "load_cached": "a module of 1 MiB whose code is there", "load": "a module of 128 KiB compiled anew",
}
WHY = {
    "wasmtime-c": {"load_cached": "It maps a file that the program names and trusts. Landbridge has the bytes, finds their code by a digest and checks that it is whole.",
                   "instantiate": "Landbridge's store also has limits, and a place for whoever waits for it.",
                   "text": "It gives the address of the memory, and whoever holds it too long reads what is no longer there. Landbridge has views for that.",
                   "kernel": "Its engine by default has no checks that could end a guest. Landbridge has them in every loop; an engine with `interruptible` off has none.",
                   "load": "It compiles no checks that could end a guest. Landbridge also finds the module's digest, and writes the code to its cache."},
    "wasmtime-c-unchecked": {"call": "It checks nothing: no types, no thread, no stack, no deadline.", "callback": "The same in the other direction.",
                             "bytes_in": "The program itself copies to the address of the memory. Landbridge checks the range first."},
    "wasmtime-py": {"load_cached": "It maps a file that the program names and trusts.", "kernel": "No checks that could end a guest."},
    "v8": {"call": "V8 compiles JavaScript and guest together, and the call is a jump. No binding to another engine can do that.",
           "callback": "The same in the other direction.", "batch": "The same: its loop of calls is one piece of code.",
           "text": "The memory is an object of JavaScript.", "bytes_in": "The memory is an object of JavaScript, which V8's own copy writes.",
           "bytes_out": "The memory is an object of JavaScript.", "instantiate": "Its instance has no store, no limits, and nobody who could end it.", "load": "It compiles quickly at first, and what is called often once more, later.",
           "kernel": "Nothing can end a guest in V8 but the end of its thread, so that its loops have no checks."},
    "endive": {"instantiate": "Its instance is a few objects and an array of the JVM.", "load": "It makes bytecode, which the JVM compiles when it is called often.",
               "call": "The guest is bytecode of the JVM, whose compiler puts it into the caller.", "callback": "The same in the other direction.",
               "batch": "The loop and the guest are one piece of code then.", "text": "The memory is an array of Java.", "bytes_in": "The memory is an array of Java.",
               "bytes_out": "The memory is an array of Java.", "kernel": "The JVM's compiler can do that work better."},
    "pywasm3": {"instantiate": "An interpreter has nothing to prepare.", "load": "An interpreter compiles nothing: it pays when it runs.", "bytes_in": "Its memory is a `memoryview`, with nothing to check.",
                "text": "Its memory is a `memoryview`, with nothing to check."},
    "graalwasm": {"load": "It interprets: nothing is compiled.", "bytes_in": "The memory is one of the JVM.", "bytes_out": "The memory is one of the JVM.",
                  "instantiate": "Its instance is a few objects of the JVM."},
    "jco": {"callback": "V8 compiles both sides together."},
}
# Whose reasons hold, too: the same engine is inside.
AS = {"wasmtime-c-unchecked": "wasmtime-c", "wasmtime-py": "wasmtime-c", "jco": "v8"}
OTHERWISE = "Not explained yet."
COLOURS = {"Landbridge": "#00897b", "an engine of native code": "#bf8700", "the language's own engine": "#5c6bc0", "an interpreter": "#8c959f", "a framework": "#c2185b"}
KIND = {"wasmtime-c": "an engine of native code", "wasmtime-c-unchecked": "an engine of native code", "wasmtime-py": "an engine of native code",
        "pywasm3": "an interpreter", "graalwasm": "an interpreter", "extism-py": "a framework", "extism-js": "a framework", "wasmer-py": "a framework",
        "wasmer-js": "a framework", "v8": "the language's own engine", "jco": "the language's own engine", "endive": "the language's own engine"}


def kernels_of(measured, lane):
    """The geometric mean of a lane's kernels over Landbridge's, of those that both ran, and how many they are."""
    ratios = [it["ratio"] for it in measured if it["peer"] == lane and it["case"].startswith("kernel_") and it["ratio"]]
    return (math.exp(sum(map(math.log, ratios)) / len(ratios)), len(ratios)) if ratios else (None, 0)


def wins(measured):
    """(peer, what, how many times as fast) of each case in which a peer is faster by more than a twentieth; kernels are one."""
    for lane in dict.fromkeys(it["peer"] for it in measured if it["peer"] != it["host"]):
        for it in measured:
            if it["peer"] == lane and it["ratio"] and it["ratio"] < 0.95 and not it["case"].startswith("kernel_"):
                yield lane, it["case"], 1 / it["ratio"]
        mean, _ = kernels_of(measured, lane)
        if mean and mean < 0.95:
            yield lane, "kernel", 1 / mean


def cell(it):
    if not it:
        return ""
    ratio = f" ({it['ratio']}x)" if it["ratio"] is not None and it["peer"] != it["host"] else ""
    return f"{plot.spoken(it['ns'])}{ratio}"


def language(measured, host, cases):
    found = {(it["peer"], it["case"]): it for it in measured if it["host"] == host}
    names = [lane for lane, of in HOST.items() if of == host and any(key[0] == lane for key in found)]
    lines = [f"## {LANGUAGE[host]}", "", "| | " + " | ".join("**Landbridge**" if it == host else it for it in names) + " |", "| --- |" + " ---: |" * len(names)]
    for case in cases:
        if any((lane, case) in found for lane in names):
            lines.append(f"| {case.replace('kernel_', 'work: ')} | " + " | ".join(cell(found.get((lane, case))) for lane in names) + " |")
    means = [kernels_of(measured, lane) for lane in names]
    lines.append("| all work, geometric mean | " + " | ".join(f"{mean:.2f}x of {count}" if mean else "" for mean, count in means) + " |")
    return [*lines, ""]


def explained(measured):
    lines = ["## Where a peer is faster, and why", "", "| peer | case | times as fast | why |", "| --- | --- | ---: | --- |"]
    for lane, case, times in wins(measured):
        why = WHY.get(lane, {}).get(case) or WHY.get(AS.get(lane), {}).get(case, OTHERWISE)
        lines.append(f"| {lane} | {'the ten kernels' if case == 'kernel' else case} | {times:.1f} | {why} |")
    return [*lines, ""]


def markdown(measured, cases, absent, starts, rounds):
    lines = ["# Peers", "", "<!-- Written by bench/compare.py. -->",
             f"Each figure is the fastest batch of {starts} processes with up to {rounds} batches, and in brackets how many times as long a peer takes as Landbridge **in the same "
             "language**: 2x is twice as long, 0.5x half as long. The same modules, one run, one machine. An empty cell: the peer has no such thing. "
             "Picture: [peers.svg](peers.svg). How to read and to run it: [README.md](README.md#peers).", ""]
    lines += explained(measured)
    for host in LANGUAGE:
        if any(it["host"] == host for it in measured):
            lines += language(measured, host, cases)
    lines += ["## What is measured", "", "| case | one iteration |", "| --- | --- |", *(f"| {case} | {what} |" for case, what in CASES.items()),
              "| work | one of the ten kernels of [kernels](kernels): a hash, JSON, an image, and so on |", "", "| peer | is |", "| --- | --- |",
              *(f"| {lane} | {what} |" for lane, what in WHAT.items() if lane not in LANGUAGE), ""]
    lines += ["## What could not be measured", "", "| peer | why |", "| --- | --- |", *(f"| {lane} | {why} |" for lane, why in absent.items()),
              "| wasmtime4j | not on Maven Central under the versions that its documents name |",
              "| wasmer 1.1 of PyPI | no wheel for this Python; it is no longer maintained, and wasmer-sdk is named as what follows |",
              "| kernels: Extism, wasmer | they run only modules made for them: with Extism's imports, or programs of WASI |",
              "| kernels: jco | components only |"]
    return "\n".join(lines) + "\n"


def picture(measured):
    found = {(it["peer"], it["case"]): it["ns"] for it in measured}
    panels = []
    for case, heading in (("call", "a call"), ("callback", "a function of yours, called by the guest"), ("text", "64 bytes of text, in and out"),
                          ("batch", "a row of a million"), ("instantiate", "a new instance"), ("load_cached", "1 MiB loaded, compiled before")):
        for host, name in LANGUAGE.items():
            bars = [("Landbridge" if lane == host else lane.replace("wasmtime-c-unchecked", "… unchecked"), found[lane, case],
                     COLOURS["Landbridge" if lane == host else KIND[lane]], None)
                    for lane, of in HOST.items() if of == host and (lane, case) in found]
            if len(bars) > 1:
                panels.append((f"{name}: {heading}", CASES[case].replace("`", ""), bars))
    return plot.picture("Landbridge and its peers", [
        "Each bar is the time of one operation, in the fastest of many short batches: shorter is better. Each part has a scale of its own.",
        "A bar with a white cut is too long for the picture: read its number. Colours say what kind of thing a peer is."], COLOURS, panels)
