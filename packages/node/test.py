#!/usr/bin/env python3
"""Tries dist/node/ as users would: each project of consumers/ is copied to a folder outside of the tree, installs the packages
with npm and runs. `python3 packages/node/test.py esm jest` tries those two.

What a project prints must have each line of its expected.txt, in their order. The packages of native addons come from a
registry on the loopback (registry.py), everything else from where npm is configured to look.
"""
import concurrent.futures
import functools
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

import build  # noqa: E402
import checks  # noqa: E402
import common  # noqa: E402
from registry import Registry  # noqa: E402

CONSUMERS = HERE / "consumers"
SHARED = [CONSUMERS / "calc.wasm", CONSUMERS / "wide.mjs", common.ROOT / "examples/components/greet.wasm"]
DIST = common.DIST / "node"
# What is not tried, and why.
SKIPPED = {
    "electron": "its npm package downloads 100 MB from GitHub when it is installed",
}
# Runtimes that npm has, as these packages are for one platform each.
ONLY_ON = {"bun": ("linux", "x86_64"), "deno": ("linux", "x86_64"), "node-versions": ("linux", "x86_64")}
TIME_LIMIT_S = 300
# Most of the time of a project is npm's, which waits for others.
AT_ONCE = 3
# What the machine has configured, and a project may see.
KEPT = ["PATH", "LANG", "NODE_EXTRA_CA_CERTS", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy"]


@functools.cache
def command():
    """The command `landbridge`: the one that was built, else that of dist/bin/."""
    built = common.LIBRARIES / "landbridge"
    if built.exists():
        return built
    folder = common.fresh(common.TARGET / "packages/node/command")
    for archive in sorted((common.DIST / "bin").glob("*.tar.gz")):
        shutil.unpack_archive(archive, folder, filter="data")
    found = [path for path in folder.rglob("landbridge") if path.is_file()]
    return found[0] if found else sys.exit(f"{built} is not there: run `make dist-libraries` first")


def environment(home):
    """What a project sees: a home of its own, the command `landbridge`, and nothing of Landbridge's settings."""
    (home / "bin").mkdir()
    shutil.copy(command(), home / "bin/landbridge")
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    cache = common.TARGET / "packages/npm-cache"
    return {**kept, "PATH": f"{home / 'bin'}:{kept['PATH']}", "HOME": str(home), "npm_config_cache": str(cache), "NO_COLOR": "1", "CI": "1",
            "npm_config_audit": "false", "npm_config_fund": "false", "npm_config_update_notifier": "false", "npm_config_loglevel": "error"}


def run(command, folder, env):
    """What a command wrote, and whether it ended well."""
    try:
        done = subprocess.run(command, cwd=folder, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=TIME_LIMIT_S)
        return done.stdout, done.returncode == 0
    except subprocess.TimeoutExpired as late:
        return f"{late.stdout or b''!r}\ndid not end within {TIME_LIMIT_S} s", False


def has_lines(text, expected):
    """The first expected line that is not there in its order; None if all are."""
    lines = iter(text.splitlines())
    return next((wanted for wanted in expected.splitlines() if not any(wanted in line for line in lines)), None)


def consume(name, registry):
    """What is wrong with a project; None if nothing is."""
    folder, home = common.outside(), pathlib.Path(tempfile.mkdtemp(prefix="landbridge-home-"))
    try:
        shutil.copytree(CONSUMERS / name, folder, dirs_exist_ok=True)
        for file in SHARED:
            shutil.copy(file, folder)
        shutil.copy(DIST / f"landbridge-{common.version()}.tgz", folder / "landbridge.tgz")
        (folder / ".npmrc").write_text(f"@landbridge:registry={registry.url}\n", encoding="utf-8")
        env = environment(home)
        text, good = run(["npm", "install"], folder, env)
        if not good:
            return f"npm install failed:\n{text}"
        text, good = run(["npm", "test", "--silent"], folder, env)
        missing = has_lines(text, (CONSUMERS / name / "expected.txt").read_text(encoding="utf-8"))
        if not good or missing is not None:
            return f"{'failed' if not good else f'did not print {missing!r}'}:\n{text}"
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        shutil.rmtree(home, ignore_errors=True)


def tried():
    """(name, test) of each project and each check."""
    registry = Registry(DIST)
    for name, system in ONLY_ON.items():
        if system != common.system():
            SKIPPED[name] = f"its package is the one for {' '.join(system)}"
    projects = {path.name: lambda path=path: consume(path.name, registry) for path in sorted(CONSUMERS.iterdir()) if path.is_dir() and path.name not in SKIPPED}
    return {**{f"check-{name}": check for name, check in checks.ALL.items()}, **projects}


def timed(name, test):
    start = time.monotonic()
    return name, test(), time.monotonic() - start


def main():
    if not (DIST / f"landbridge-{common.version()}.tgz").exists():
        build.build(DIST)
    tests, failed = tried(), []
    unknown = [name for name in sys.argv[1:] if name not in tests]
    if unknown:
        sys.exit(f"there is no {', '.join(unknown)}; there are {', '.join(tests)}")
    command()
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        for name, wrong, seconds in pool.map(lambda name: timed(name, tests[name]), sys.argv[1:] or tests):
            print(f"{'FAILED' if wrong else 'ok'} {name}  {seconds:.1f}", flush=True)
            if wrong:
                failed.append(name)
                print(wrong, flush=True)
    for name, why in SKIPPED.items():
        print(f"skipped {name}: {why}")
    print(f"node: {len(sys.argv[1:] or tests) - len(failed)} passed, {len(failed)} failed")
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
