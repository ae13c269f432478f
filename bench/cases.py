"""The cases of plain modules: what an iteration is, and what its ratio is to. README.md explains them to people."""

# Cases of which an iteration is a batch over so many rows: what is told of them is told of a row.
ROWS = {"map_i32_1e5": 100_000, "map_f64_1e5": 100_000, "map_i32_1e6": 1_000_000, "map_f64_1e6": 1_000_000}
# In rounds, all hosts in turn.
IN_TURN = [
    "bare", "empty", "add_i32", "add_i64", "add_f64", "by_name", "callback", *ROWS, "instantiate", "instantiate_pooled",
    "load", "load_path", "copy_64", "write_1mib", "read_1mib", "long_1", "long_2", "long_4",
]
# In a process that does nothing else, so that nobody takes its caches away.
ALONE = ["load", "load_path"]
THREADS = [1, 2, 4, 8]
OF_THREADS = [f"{kind}_{count}" for count in THREADS for kind in ("separate", "one_store", "mutex")]
# The order in tables.
ORDER = [*IN_TURN, *(f"{case}_alone" for case in ALONE), *OF_THREADS]


def base(case):
    """The case of the floor that the ratio is to. What has none in this form is divided by the floor's add_i32."""
    same = {"add_i32", "add_i64", "add_f64", "instantiate", "load", "copy_64", "write_1mib", "read_1mib", "load_alone"}
    if case in same:
        return case
    return {"instantiate_pooled": "instantiate", "load_path": "load", "load_path_alone": "load_alone"}.get(case, "add_i32")


# Ratios that say nothing.
WITHOUT = {"long_1", "long_2", "long_4"}
