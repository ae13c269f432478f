"""What the bench of components aims at, and whether a run got there."""

OURS = ["c", "cpp", "java", "python", "node"]

# A case, the most that each lane may take, and of what.
TO_FLOOR = [
    ("a string of 64 bytes, both ways", "text", {"cpp": 2, "java": 3, "python": 3, "node": 3}),
    ("a record of ten fields, both ways", "ten", {"cpp": 4, "java": 6, "python": 6, "node": 6}),
    (
        "10,000 records of a number and a string, both ways",
        "pairs",
        {"cpp": 3, "java": 6, "node": 6, "python": 10},
    ),
]
TO_COPY = [
    ("1 MiB to the guest", "bytes-in", "copy-in"),
    ("1 MiB from the guest", "bytes-out", "copy-out"),
]
MOST_COPIES = 1.5
MOST_CALLBACKS = 2


def rows(ns):
    """What was aimed at; `ns` has the minimum by lane and case."""
    floor = ns["floor"]
    for what, case, most in TO_FLOOR:
        for lane, limit in most.items():
            yield from row(what, lane, ns, case, floor[case], "the floor", limit)
    for what, case, copy in TO_COPY:
        for lane in OURS:
            base = ns.get(lane, {}).get(copy)
            yield from row(what, lane, ns, case, base, "a plain copy", MOST_COPIES)
    # What the engine itself takes more for a callback with a string than for one of numbers.
    string = floor["host-text"] - floor["callback"]
    for lane in OURS:
        numbers = ns.get(lane, {}).get("callback")
        base = numbers and numbers + string
        what = "a callback with a string of 64 bytes, both ways"
        yield from row(what, lane, ns, "host-text", base, "one of numbers, and the string", MOST_CALLBACKS)


def row(what, lane, ns, case, base, of, limit):
    took = ns.get(lane, {}).get(case)
    if took is None or base is None:
        return
    ratio = took / base
    yield {
        "aim": what,
        "lane": lane,
        "ns": round(took, 1),
        "of": of,
        "of_ns": round(base, 1),
        "ratio": round(ratio, 2),
        "at_most": limit,
        "is_met": ratio <= limit,
    }


def markdown(aims):
    lines = [
        "| aim | lane | ns | of ns | ratio | at most | |",
        "| --- | --- | ---: | ---: | ---: | ---: | --- |",
    ]
    for it in aims:
        met = "met" if it["is_met"] else "**missed**"
        lines.append(
            f"| {it['aim']} | {it['lane']} | {it['ns']:,} | {it['of']}: {it['of_ns']:,} "
            f"| {it['ratio']} | {it['at_most']} | {met} |"
        )
    return "\n".join(lines) + "\n"
