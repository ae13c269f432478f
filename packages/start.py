#!/usr/bin/env python3
"""How much CPU time it takes to load Landbridge in each host, over the bare host: packages/start.py [STARTS]

    import landbridge over plain python; require('landbridge') over plain node; a first use of the native library over a bare JVM

Bare and loaded processes are started in turns, and the least CPU time of each counts, since what else the machine does only adds.
The packages of dist/ are unpacked, not installed: what an installer would add is no part of it.
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import threading
import zipfile

import common

# Milliseconds of CPU that a load may take over the bare host.
BUDGETS = {"python": 30, "node": 20, "java": 60}
JAVA = """class Start {
    public static void main(String[] args) throws Exception {
        if (args.length > 0) {
            System.out.println(Class.forName("dev.landbridge.Engine").getMethod("version").invoke(null));
        }
    }
}
"""


def cpu_ms(command, folder, env):
    """The CPU time of a process and its threads, user and system."""
    process = subprocess.Popen([str(part) for part in command], cwd=folder, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    late = threading.Timer(60, process.kill)
    late.start()
    told = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    late.cancel()
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{' '.join(map(str, command))}\n{told.decode(errors='replace')}\nended with {process.returncode}")
    return (usage.ru_utime + usage.ru_stime) * 1000


def found(part, pattern):
    return sorted((common.DIST / part).rglob(pattern))


def python(folder):
    tag = f"cp{sys.version_info.major}{sys.version_info.minor}"
    wheels = found("python", f"*-{tag}-*.whl")
    if not wheels:
        return None
    with zipfile.ZipFile(wheels[0]) as wheel:
        wheel.extractall(folder)
    # As after an installation: the compiled files of modules are there.
    common.run(sys.executable, "-m", "compileall", "-q", folder)
    # Other packages of this Python may import half of the standard library at each start, which would hide what ours needs.
    common.run(sys.executable, "-m", "venv", "--without-pip", folder / "plain")
    program = folder / "plain" / "bin" / "python"
    env = {"PATH": os.environ["PATH"], "HOME": str(folder), "PYTHONPATH": str(folder)}
    return [program, "-c", "pass"], [program, "-c", "import landbridge"], env


def node(folder):
    tarballs = found("node", "*.tgz")
    if not tarballs:
        return None
    for tarball in tarballs:
        package = common.unpacked(tarball, folder / tarball.stem)
        name = json.loads((package / "package.json").read_text())["name"]
        target = folder / "node_modules" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        package.rename(target)
    env = {"PATH": os.environ["PATH"], "HOME": str(folder)}
    return ["node", "-e", "0"], ["node", "-e", "require('landbridge')"], env


def java(folder):
    jars = [jar for jar in found("java", "*.jar") if not jar.stem.endswith(("-sources", "-javadoc", "-tests"))]
    if not jars:
        return None
    (folder / "Start.java").write_text(JAVA, encoding="utf-8")
    common.run("javac", "-d", folder, folder / "Start.java")
    path = os.pathsep.join(map(str, [folder, *jars]))
    env = {"PATH": os.environ["PATH"], "HOME": str(folder)}
    return ["java", "-cp", path, "Start"], ["java", "-cp", path, "Start", "load"], env


def measured(starts):
    """What each host takes, bare and with Landbridge, in milliseconds; hosts whose package is not there are left out."""
    for name, prepare in (("python", python), ("node", node), ("java", java)):
        with tempfile.TemporaryDirectory(prefix="landbridge-start-") as made:
            folder = pathlib.Path(made)
            commands = prepare(folder)
            if commands:
                bare, loaded, env = commands
                # The first ones fill the system's caches, and what a package keeps for its next start.
                times = [(cpu_ms(bare, folder, env), cpu_ms(loaded, folder, env)) for _ in range(starts + 1)][1:]
                yield name, min(time for time, _ in times), min(time for _, time in times)


def main():
    starts = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    for name, bare, loaded in measured(starts):
        print(f"{name:7} bare {bare:6.1f} ms, loaded {loaded:6.1f} ms: {loaded - bare:5.1f} ms more, budget {BUDGETS[name]} ms")


if __name__ == "__main__":
    main()
