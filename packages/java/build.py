#!/usr/bin/env python3
"""Builds the Maven artifacts, as a repository in dist/java:

    python3 packages/java/build.py [--natives FOLDER] [--reference]

landbridge                   the classes; brings landbridge-natives-all when a program runs
landbridge-natives-all       nothing but dependencies: the natives of all platforms
landbridge-natives-PLATFORM  the native library of a platform, a module of its own

FOLDER/PLATFORM/ has libraries that other machines built; only those that there are get an artifact. --reference makes just the
Javadoc, in target/reference/java.
"""
import argparse
import hashlib
import os
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import common  # noqa: E402
import jars  # noqa: E402
import platforms  # noqa: E402
import repository  # noqa: E402

SOURCES = common.ROOT / "bindings-jvm" / "src" / "main" / "java"
WORK = common.ROOT / "target" / "packages" / "java"
ALL_NATIVES = "landbridge-natives-all"
WHAT = "Loads WebAssembly modules and components and calls them, with the same types and errors in Java, Python, Node.js, C and C++."
NATIVES = "The native library of Landbridge for {}."
ALL = "The native libraries of Landbridge for all platforms. Exclude it from landbridge to ship those of some platforms only."
MODULE = """/** The native library of Landbridge for {name}. */
@SuppressWarnings("module") // Its name ends with digits, as that of the processor does.
module {module} {{
    requires dev.landbridge;

    provides dev.landbridge.spi.NativeLibrary with {module}.Provided;
}}
"""
PROVIDED = """package {module};

import dev.landbridge.spi.NativeLibrary;

/** Has a JVM take this module from the module path. */
public final class Provided implements NativeLibrary {{
    /** For the JVM. */
    public Provided() {{}}
}}
"""
AGGREGATE = """/** Brings, by its dependencies in Maven, the native libraries of Landbridge for all platforms. */
module dev.landbridge.natives.all {}
"""
NO_INTERFACE = "# {}\n\nIt has no interface of its own: see the artifact landbridge.\n"


def tool(name):
    home = os.environ.get("JAVA_HOME")
    return pathlib.Path(home, "bin", name) if home else name


def javac(target, sources, path=None):
    """Compiles a module as Maven does in bindings-jvm/pom.xml."""
    common.fresh(target)
    more = ["--module-path", path] if path else []
    common.run(tool("javac"), "--release", "17", "-g", "-encoding", "UTF-8", "-Xlint:all", "-Werror", "-XDstringConcat=inline",
               "--module-version", common.version(), *more, "-d", target, *sorted(sources))
    return target


def javadoc(target):
    """Every comment is checked, and none may be missing."""
    common.fresh(target)
    title = f"Landbridge {common.version()}"
    # First, as it must be: else the pages are in the language of who builds them.
    common.run(tool("javadoc"), "-locale", "en", "--release", "17", "-quiet", "-notimestamp", "-encoding", "UTF-8", "-Xdoclint:all", "-Werror",
               "-windowtitle", title, "-doctitle", title, "-d", target, *sorted(SOURCES.rglob("*.java")))
    return target


def generated(name, texts):
    """Sources that are the same for all platforms but for names, with their packages as folders."""
    folder = common.fresh(WORK / "sources" / name)
    for file, text in texts.items():
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_text(text, encoding="utf-8")
    return folder


def artifact(root, name, title, content, sources, documents):
    """Writes the three jars that a repository for all wants of one."""
    bill = {"META-INF/sbom/landbridge.cdx.json": common.sbom("java")}
    jars.write(repository.file(root, name, ".jar"), title, {**content, **bill})
    jars.write(repository.file(root, name, "-sources.jar"), f"{title}, sources", sources)
    jars.write(repository.file(root, name, "-javadoc.jar"), f"{title}, documentation", documents)


def classes(root):
    compiled = javac(WORK / "classes", SOURCES.rglob("*.java"))
    resources = SOURCES.parent / "resources"
    content = {**jars.files(compiled), **(jars.files(resources) if resources.exists() else {})}
    artifact(root, "landbridge", "Landbridge", content, jars.files(SOURCES), jars.files(javadoc(WORK / "javadoc")))
    repository.pom(root, "landbridge", "Landbridge", WHAT, [(ALL_NATIVES, "runtime")])
    return compiled


def natives(root, name, library, path):
    module = platforms.module(name)
    package = module.replace(".", "/")
    sources = generated(name, {"module-info.java": MODULE.format(name=name, module=module),
                               f"{package}/Provided.java": PROVIDED.format(module=module)})
    compiled = javac(WORK / name, sources.rglob("*.java"), path)
    data = library.read_bytes()
    digest = f"{hashlib.sha256(data).hexdigest()} {len(data)} {common.version()}\n"
    # No package is called so: other modules may read what is in it.
    place = f"native/{name}/{platforms.LIBRARIES[name]}"
    title = f"Landbridge, native library for {name}"
    content = {**jars.files(compiled), place: data, f"{place}.digest": digest.encode()}
    readme = {"README.md": NO_INTERFACE.format(title).encode()}
    artifact(root, platforms.artifact(name), title, content, jars.files(sources), readme)
    repository.pom(root, platforms.artifact(name), title, NATIVES.format(name))


def aggregate(root, names):
    sources = generated("all", {"module-info.java": AGGREGATE})
    compiled = javac(WORK / "all", sources.rglob("*.java"))
    title = "Landbridge, native libraries for all platforms"
    readme = {"README.md": NO_INTERFACE.format(title).encode()}
    artifact(root, ALL_NATIVES, title, jars.files(compiled), jars.files(sources), readme)
    repository.pom(root, ALL_NATIVES, title, ALL, [(platforms.artifact(name), "runtime") for name in names])


def build(root, folder=None):
    """Writes the repository, and gives the platforms that it has a library for."""
    common.fresh(root)
    path = classes(root)
    found = platforms.found(folder)
    for name, library in found.items():
        natives(root, name, library, path)
    aggregate(root, found)
    repository.finish(root)
    return list(found)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--natives", type=pathlib.Path)
    parser.add_argument("--reference", action="store_true")
    given = parser.parse_args()
    if given.reference:
        made = javadoc(common.ROOT / "target" / "reference" / "java")
        print(f"{made.relative_to(common.ROOT)}: the Javadoc")
        return
    found = build(common.DIST / "java", given.natives)
    for path in sorted((common.DIST / "java").rglob("*.jar")):
        print(f"{path.relative_to(common.ROOT)}  {path.stat().st_size:,} bytes")
    missing = [name for name in platforms.LIBRARIES if name not in found]
    if missing:
        print(f"not built here, for a release: {', '.join(missing)}")


if __name__ == "__main__":
    main()
