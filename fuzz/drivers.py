"""How the programs of each host are started."""

import os
from pathlib import Path

ROOT = Path(__file__).parent.parent
HERE = ROOT / "fuzz"
BUILT = ROOT / "target" / "fuzz"

HOSTS = ["c", "python", "node", "java"]


def fuzzer(host: str) -> list[str]:
    """The command of a host's fuzzer, to which its options are added."""
    return _command(host, "fuzz")


def leaks(host: str) -> list[str]:
    """The command of a host's situations."""
    return _command(host, "leaks")


def _command(host: str, what: str) -> list[str]:
    match host:
        case "c":
            return [str(BUILT / f"c-{what}")]
        case "python":
            return [str(ROOT / "bindings-python/.venv/bin/python"), str(HERE / "python" / f"{what}.py")]
        case "node":
            return ["node", "--expose-gc", str(HERE / "node" / f"{what}.mjs")]
        case "java":
            classes = f"{ROOT / 'bindings-jvm/target/classes'}:{BUILT / 'java'}"
            library = f"-Djava.library.path={ROOT / 'target/release'}"
            return ["java", "-Xmx512m" if what == "fuzz" else "-Xmx64m", library, "-cp", classes, what.capitalize()]
    raise SystemExit(f"there is no host {host!r}; there are {', '.join(HOSTS)}")


def environment() -> dict[str, str]:
    """Nothing is compiled into the user's cache; the allocator has few arenas, each of which would keep some memory."""
    return {**os.environ, "LANDBRIDGE_CACHE": "off", "MALLOC_ARENA_MAX": "2"}
