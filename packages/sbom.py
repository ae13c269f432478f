#!/usr/bin/env python3
"""Writes bills of materials, CycloneDX 1.6 in JSON: which crates are in a package, under which licences, with which checksums.

    python3 packages/sbom.py           # dist/sbom/NAME.cdx.json for each of PACKAGES

The crates are those that Cargo links for this machine's platform, as `cargo metadata` resolves them from Cargo.lock. Crates that
only run while Landbridge is compiled (procedural macros and what these need) are there with the scope `excluded`.
The same Cargo.lock gives the same bytes. docs/adr/0042 says why this is not cargo-cyclonedx.
"""
import datetime
import functools
import json
import tomllib
import uuid

import common

# The crate whose dependencies a package ships, and what the package is called where it is published.
PACKAGES = {
    "c": ("landbridge-c", "pkg:generic/landbridge@{}"),
    "java": ("landbridge-jvm", "pkg:maven/dev.landbridge/landbridge@{}"),
    "python": ("landbridge-python", "pkg:pypi/landbridge@{}"),
    "node": ("landbridge-node", "pkg:npm/landbridge@{}"),
    "rust": ("landbridge", "pkg:cargo/landbridge@{}"),
    "cli": ("landbridge-cli", "pkg:cargo/landbridge-cli@{}"),
}


@functools.cache
def resolved():
    """What Cargo resolves for this platform: packages by id, and who needs whom in a build that ships."""
    host = next(line.split()[1] for line in common.output("rustc", "-vV").splitlines() if line.startswith("host"))
    told = json.loads(common.output("cargo", "metadata", "--format-version", "1", "--locked", "--filter-platform", host))
    packages = {package["id"]: package for package in told["packages"]}
    needs = {node["id"]: sorted(dep["pkg"] for dep in node["deps"] if any(kind["kind"] is None for kind in dep["dep_kinds"]))
             for node in told["resolve"]["nodes"]}
    return packages, needs


@functools.cache
def checksums():
    """SHA-256 of each crate as it was downloaded, by name and version."""
    lock = tomllib.loads((common.ROOT / "Cargo.lock").read_text(encoding="utf-8"))
    return {(one["name"], one["version"]): one["checksum"] for one in lock["package"] if "checksum" in one}


def is_macro(package):
    return any("proc-macro" in target["kind"] for target in package["targets"])


def reached(start, packages, needs, through_macros):
    """All that a crate needs, itself too; what macros need only if asked for."""
    seen, left = {start}, [start]
    while left:
        for dep in needs[left.pop()]:
            if dep not in seen and (through_macros or not is_macro(packages[dep])):
                seen.add(dep)
                left.append(dep)
    return seen


def purl(package):
    return f"pkg:cargo/{package['name']}@{package['version']}"


def component(package, is_linked):
    found = {
        "type": "library",
        "bom-ref": purl(package),
        "name": package["name"],
        "version": package["version"],
        "scope": "required" if is_linked else "excluded",
        "licenses": [{"expression": package["license"].replace("/", " OR ")}],
        "purl": purl(package),
    }
    checksum = checksums().get((package["name"], package["version"]))
    if checksum:
        found["hashes"] = [{"alg": "SHA-256", "content": checksum}]
    if package["repository"]:
        found["externalReferences"] = [{"type": "vcs", "url": package["repository"]}]
    return found


def standard_library():
    release = next(line.split()[1] for line in common.output("rustc", "-vV").splitlines() if line.startswith("release"))
    return {"type": "library", "bom-ref": f"pkg:generic/rust-std@{release}", "name": "rust-std", "version": release,
            "scope": "required", "licenses": [{"expression": "MIT OR Apache-2.0"}], "purl": f"pkg:generic/rust-std@{release}"}


def bill(name):
    """The bill of a package, as what JSON holds."""
    crate, called = PACKAGES[name]
    packages, needs = resolved()
    start = next(id for id, package in packages.items() if package["name"] == crate and not package["source"])
    linked, everything = (reached(start, packages, needs, through) for through in (False, True))
    rest = sorted(everything - {start}, key=purl_of(packages))
    own = called.format(common.version())
    std = standard_library()
    edges = [{"ref": own, "dependsOn": [*(purl(packages[dep]) for dep in needs[start]), std["bom-ref"]]}]
    edges += [{"ref": purl(packages[id]), "dependsOn": [purl(packages[dep]) for dep in needs[id]]} for id in rest]
    time = datetime.datetime.fromtimestamp(common.EPOCH, datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    found = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "timestamp": time,
            "tools": {"components": [{"type": "application", "name": "packages/sbom.py", "version": common.version()}]},
            "component": {"type": "library", "bom-ref": own, "name": "landbridge", "version": common.version(), "purl": own,
                          "licenses": [{"expression": "Apache-2.0"}]},
        },
        "components": [component(packages[id], id in linked) for id in rest] + [std],
        "dependencies": edges,
    }
    # Every bill has a number of its own; this one follows from what the bill says.
    return {**found, "serialNumber": uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(found)).urn}


def purl_of(packages):
    return lambda id: purl(packages[id])


def written(name):
    """Writes the bill of a package, and gives the file."""
    file = common.DIST / "sbom" / f"{name}.cdx.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(bill(name), indent=2) + "\n", encoding="utf-8")
    return file


def main():
    for name in PACKAGES:
        file = written(name)
        print(f"{file.relative_to(common.ROOT)}: {len(json.loads(file.read_text())['components'])} components")


if __name__ == "__main__":
    main()
