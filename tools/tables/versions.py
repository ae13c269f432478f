"""The version stands in Cargo.toml; these files repeat it."""

import re
import tomllib

from words import ROOT

VERSION = tomllib.loads((ROOT / "Cargo.toml").read_text())["workspace"]["package"]["version"]
# What stands before it, in which files.
REPEATED = {
    "bindings-jvm/pom.xml": [r"<artifactId>landbridge</artifactId>\s*<version>"],
    "bindings-jvm/src/main/java/dev/landbridge/Native.java": [r'String VERSION = "'],
    "bindings-jvm/README.md": [r"<artifactId>landbridge</artifactId>\s*<version>"],
    "bindings-python/python/landbridge/__init__.py": [r'^_VERSION: Final = "'],
    "bindings-node/package.json": [r'^  "version": "'],
    "bindings-node/lib/addon.js": [r"^const VERSION = '"],
    "bindings-node/package-lock.json": [r'^  "version": "', r'^      "name": "landbridge",\s*"version": "'],
}


def files():
    """Each file that repeats the version, as it is and as it has to be."""
    for name, places in REPEATED.items():
        text = current = (ROOT / name).read_text()
        for place in places:
            current, count = re.subn(rf"({place})\d+\.\d+\.\d+", rf"\g<1>{VERSION}", current, flags=re.M)
            if not count:
                raise LookupError(f"{name} has no version where {place} was")
        yield ROOT / name, text, current
