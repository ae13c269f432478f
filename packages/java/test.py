#!/usr/bin/env python3
"""Projects outside of the tree that have nothing of Landbridge but the artifacts in dist/java:

    python3 packages/java/test.py [NAME...]

Each is copied from consumers/, built with Maven and run. What they need besides comes from Maven Central, once: it is kept in
target/packages/m2, where nothing of Landbridge's stays.
"""
import concurrent.futures
import os
import pathlib
import shutil
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import common  # noqa: E402
import consumers  # noqa: E402
import platforms  # noqa: E402
import repository  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent
KEPT = common.ROOT / "target" / "packages" / "m2"
MAX_SEED_BYTES = 300 << 20
JDK_25 = pathlib.Path("/usr/lib/jvm/temurin-25-jdk-amd64")
# What is not tried, and why: always, and where there is no JDK 25.
NO_JDK_25 = f"on JDK 25: there is no {JDK_25}"
LEFT_OUT = {"gradle": "Debian has Gradle 4.4, which does not run on JDK 17, and services.gradle.org did not answer; it reads plain poms"}
APP = """\
2 + 3 = 5, twice 21 = 42
trap: integer_division_by_zero
area: 12.57
cost: 3600
painted: 3.00
error: err("there is no gold")
"""
SHORT = "".join(line for line in APP.splitlines(True) if not line.startswith(("area", "painted")))

CLOSED = """\
5 7
shop.closed.Closed$Wrong does not fit the exports:
    add(int, int): the method needs (i32, i32) -> (i64), found (i32, i32) -> (i32)
"""


def jdk_17():
    """The JDK that runs Maven, too."""
    java = os.environ.get("JAVA_HOME") or pathlib.Path(shutil.which("javac")).resolve().parent.parent
    return pathlib.Path(java)


def seed():
    """A local repository without anything of ours, from what this machine has already, unless that is much."""
    own = pathlib.Path.home() / ".m2" / "repository"
    if not KEPT.exists() and own.exists():
        if sum(path.stat().st_size for path in own.rglob("*") if path.is_file()) < MAX_SEED_BYTES:
            shutil.copytree(own, KEPT)
    KEPT.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(KEPT / "dev" / "landbridge", ignore_errors=True)


class Project:
    """A copy of folders of consumers/, one over the other, in a clean environment."""

    def __init__(self, folder, *names):
        self.folder = consumers.project(folder, *(HERE / "consumers" / name for name in names))
        self.env = consumers.environment(folder, JAVA_HOME=str(jdk_17()))
        own, settings = pathlib.Path(self.env["HOME"]) / ".m2", pathlib.Path.home() / ".m2" / "settings.xml"
        own.mkdir()
        if settings.exists():
            shutil.copy(settings, own)

    def run(self, *command):
        return common.run(*command, cwd=self.folder, env=self.env)

    def maven(self, *goals):
        repository = (common.DIST / "java").as_uri()
        return self.run("mvn", "--batch-mode", "--no-transfer-progress", "--quiet", f"-Dmaven.repo.local={KEPT}",
                        f"-Dlandbridge.repository={repository}", *goals)

    def types(self):
        """Writes the interfaces of the module, and those of the component with its records."""
        command = common.command()
        paint = common.ROOT / "core" / "tests" / "guide" / "paint.wat"
        resources = self.folder / "src" / "main" / "resources"
        resources.mkdir(parents=True, exist_ok=True)
        shutil.copy(HERE / "consumers" / "app" / "src" / "main" / "resources" / "calc.wat", resources)
        shutil.copy(paint, resources)
        target = self.folder / "src" / "main" / "java" / "shop"
        if target.exists():
            for module, name in [(resources / "calc.wat", "Calc.java"), (paint, "Paint.java")]:
                self.run(command, "types", module, "--java", "--package", "shop", "-o", target / name)

    def class_path(self):
        """The jars that Maven takes, with the classes of the project."""
        self.maven("compile", "dependency:build-classpath", "-Dmdep.outputFile=classpath.txt")
        return f"target/classes{os.pathsep}{(self.folder / 'classpath.txt').read_text().strip()}"

    def prints(self, expected, *command):
        """Runs a program, which must write just this, and no warning."""
        consumers.must_be(self.run(*command), expected)

    def fails(self, expected, *command):
        """Runs a program that must not work, and say this."""
        consumers.must_fail(expected, *command, cwd=self.folder, env=self.env)


def java(jdk):
    return jdk / "bin" / "java"


def classpath(folder):
    project = Project(folder, "app")
    project.types()
    path = project.class_path()
    for _ in range(2):  # The second one finds the library where the first one put it.
        project.prints(APP, java(jdk_17()), "-cp", path, "shop.Main")
    if not JDK_25.exists():
        return [NO_JDK_25]
    project.prints(APP, java(JDK_25), "--enable-native-access=ALL-UNNAMED", "-cp", path, "shop.Main")
    project.fails("start it with --enable-native-access=ALL-UNNAMED", java(JDK_25), "--illegal-native-access=deny", "-cp", path, "shop.Main")
    return []


def modules(folder):
    """A named module: the natives are found without being named, and interfaces are bound whose package is closed."""
    project = Project(folder, "app", "modules")
    project.types()
    path = project.class_path()
    project.prints(APP, java(jdk_17()), "-p", path, "-m", "com.example.shop/shop.Main")
    project.prints(CLOSED, java(jdk_17()), "-p", path, "-m", "com.example.shop/shop.closed.Closed")
    jlink(project, path)
    if not JDK_25.exists():
        return [NO_JDK_25]
    project.prints(APP, java(JDK_25), "--enable-native-access=dev.landbridge", "-p", path, "-m", "com.example.shop/shop.Main")
    project.fails("start it with --enable-native-access=dev.landbridge", java(JDK_25), "--illegal-native-access=deny", "-p", path,
                  "-m", "com.example.shop/shop.Main")
    return []


def jlink(project, path):
    """An image of a JDK with nothing in it but what the program needs."""
    image = project.folder / "image"
    natives = platforms.module(platforms.here())  # Or --bind-services, which brings much of the JDK, too.
    project.run(jdk_17() / "bin" / "jlink", "-p", path, "--add-modules", f"com.example.shop,{natives}", "--output", image)
    project.prints(APP, java(image), "-m", "com.example.shop/shop.Main")


def shaded(folder):
    project = Project(folder, "app", "shaded")
    project.types()
    project.maven("package")
    project.prints(APP, java(jdk_17()), "-jar", "target/shaded-1.jar")


def relocated(folder):
    """The package is renamed, and so are its properties; the same JVM may have another copy of Landbridge."""
    project = Project(folder, "app", "relocated")
    project.types()
    project.maven("package")
    project.prints(APP, java(jdk_17()), "-jar", "target/relocated-1.jar")
    project.fails("/no/such.so: there is no such file", java(jdk_17()), "-Dshop.inside.landbridge.library.path=/no/such.so",
                  "-jar", "target/relocated-1.jar")


def junit(folder):
    project = Project(folder, "junit")
    project.types()
    project.maven("test")
    report = (project.folder / "target" / "surefire-reports" / "shop.CalcTest.txt").read_text()
    if "Tests run: 3, Failures: 0, Errors: 0, Skipped: 0" not in report:
        sys.exit(report)


def kotlin(folder):
    project = Project(folder, "kotlin")
    project.types()
    path = project.class_path()
    project.prints(SHORT, java(jdk_17()), "-cp", path, "shop.MainKt")


def scala(folder):
    project = Project(folder, "scala")
    project.types()
    path = project.class_path()
    sources = project.folder / "src" / "main" / "scala" / "Main.scala"
    project.run(java(jdk_17()), "-cp", path, "dotty.tools.dotc.Main", "-usejavacp", "-Werror", "-d", "target/classes", sources)
    project.prints(APP.replace("painted: 3.00\n", ""), java(jdk_17()), "-cp", path, "shop.run")


def missing(folder):
    """Who has left the natives out is told which artifact to add, and each way to give the library works."""
    project = Project(folder, "missing")
    path = project.class_path()
    name, version = platforms.here(), common.version()
    project.prints(
        f"Landbridge's native library cannot be loaded: there is none for {name} on the class path or the module path. Add the"
        f" dependency dev.landbridge:landbridge-natives-{name}:{version}, or dev.landbridge:landbridge-natives-all:{version} for all"
        " platforms, or name a file with -Ddev.landbridge.library.path=FILE\n", java(jdk_17()), "-cp", path, "shop.Main")
    jar = repository.file(common.DIST / "java", platforms.artifact(name), ".jar")
    project.prints("", java(jdk_17()), "-cp", f"{path}{os.pathsep}{jar}", "shop.Main")
    library = common.library("landbridge_jvm")
    project.prints("", java(jdk_17()), f"-Ddev.landbridge.library.path={library}", "-cp", path, "shop.Main")
    project.prints("", java(jdk_17()), f"-Djava.library.path={library.parent}", "-cp", path, "shop.Main")


def processes(folder):
    """Many processes whose cache is empty start at once."""
    project = Project(folder, "app")
    project.types()
    path = project.class_path()
    with concurrent.futures.ThreadPoolExecutor() as pool:
        starts = [pool.submit(project.prints, APP, java(jdk_17()), "-cp", path, "shop.Main") for _ in range(6)]
        for start in starts:
            start.result()


PROJECTS = [classpath, modules, shaded, relocated, junit, kotlin, scala, missing, processes]


def main():
    if not (common.DIST / "java").exists():
        sys.exit("dist/java is not there: run `make dist-java` first")
    seed()
    try:
        return consumers.main("java", {one.__name__: one for one in PROJECTS}, LEFT_OUT)
    finally:
        shutil.rmtree(KEPT / "dev" / "landbridge", ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
