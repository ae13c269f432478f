"""What the bench of plain modules aims at, and whether a run got there: the least of a case, against a limit in its unit."""

import cases

# In the order of tables.
OURS = ["rust", "c", "cpp", "java", "java25", "python", "node"]
# At most so many times the floor's call.
CALLS = {"rust": 1.25, "c": 1.35, "cpp": 1.4, "java": 1.5, "java25": 1.5}
# At most so many times the cheapest call of the language and the floor's call together.
BARE = {"python": ("bare", 1.25), "node": ("empty", 1.2)}
MOST_BY_NAME = 1.9
# Where the floor takes 5 ns.
CALLBACKS_NS = {"c": 13, "java": 120, "java25": 40, "python": 55, "node": 105}
ROWS_NS = {"map_i32_1e5": 4, "map_f64_1e5": 5}
INSTANCES_NS = {"rust": 11_000, "c": 11_000, "cpp": 11_000, "java": 14_000, "java25": 14_000, "python": 14_000, "node": 14_000}
POOLED_NS = {"rust": 4_000, "c": 4_000, "cpp": 4_000, "java": 7_000, "java25": 7_000, "python": 7_000, "node": 7_000}
LOADS_NS = {"load_path_alone": 300_000, "load_alone": 400_000}
MOST_LIVE_MIB = 100
SEPARATE, TOGETHER = 1.1, 1.33


def aims(ns):
    """(what, host, case, limit, how the limit came about) of each aim; `ns` has the least by host and case."""
    floor = ns["floor"].get("add_i32")
    for host, most in CALLS.items():
        yield "a call", host, "add_i32", floor and most * floor, f"{most} x the floor"
    for host, (bare, most) in BARE.items():
        cheapest = ns.get(host, {}).get(bare)
        yield "a call", host, "add_i32", cheapest and floor and most * (cheapest + floor), f"{most} x ({cheapest or 0:.1f} bare + the floor)"
    for host in OURS:
        call = ns.get(host, {}).get("add_i32")
        yield "a call by name", host, "by_name", call and MOST_BY_NAME * call, f"{MOST_BY_NAME} x its call"
    for host, limit in CALLBACKS_NS.items():
        yield "a host function, called", host, "callback", limit, "fixed"
    for case, limit in ROWS_NS.items():
        for host in OURS:
            yield f"a row of {cases.ROWS[case]:,}, {case[4:7]}", host, case, limit, "fixed"
    for host, limit in INSTANCES_NS.items():
        yield "an instance on demand", host, "instantiate", limit, "fixed"
    for host, limit in POOLED_NS.items():
        yield "an instance with data, from slots", host, "instantiate_pooled", limit, "fixed"
    for case, limit in LOADS_NS.items():
        for host in OURS:
            where = "a path" if "path" in case else "bytes"
            yield f"1 MiB loaded from {where}, from the cache", host, case, limit, "fixed"
    yield "64 bytes in and out", "c", "copy_64", 60, "fixed"
    yield from threads(ns)


def threads(ns):
    for host in OURS:
        mine = ns.get(host, {})
        for count in cases.THREADS[1:]:
            alone = mine.get("separate_1")
            yield f"{count} threads on stores of their own, CPU time", host, f"separate_{count}", alone and SEPARATE * alone, f"{SEPARATE} x one thread"
            mutex = mine.get(f"mutex_{count}")
            yield f"{count} threads on one store", host, f"one_store_{count}", mutex and TOGETHER * mutex, f"{TOGETHER} x behind a mutex"
    one = ns.get("python", {}).get("long_1")
    for count in (2, 4):
        yield f"long calls of {count} threads of Python", "python", f"long_{count}", one, "1 x one thread"


def rows(ns, live_mib=None):
    """One for each aim whose case was measured."""
    for what, host, case, limit, of in aims(ns):
        took = ns.get(host, {}).get(case)
        if took is not None and limit:
            yield row(what, host, took, "ns", limit, of)
    if live_mib is not None:
        yield row("10,000 instances that live", "rust", live_mib, "MiB", MOST_LIVE_MIB, "fixed")


def row(what, host, took, unit, limit, of):
    return {"aim": what, "host": host, "took": round(took, 2), "unit": unit, "at_most": round(limit, 2), "of": of, "is_met": took <= limit}


def markdown(aimed):
    lines = ["| aim | host | took | at most | which is | |", "| --- | --- | ---: | ---: | --- | --- |"]
    for it in aimed:
        met = "met" if it["is_met"] else "**missed**"
        of = "" if it["of"] == "fixed" else it["of"]
        lines.append(f"| {it['aim']} | {it['host']} | {it['took']:,} {it['unit']} | {it['at_most']:,} | {of} | {met} |")
    return "\n".join(lines) + "\n"
