#!/usr/bin/env python3
"""Tries dist/node/ as users would: each project of consumers/ is copied to a folder outside of the tree, installs the packages
with npm and runs. `python3 packages/node/test.py esm jest` tries those two.

What a project prints must have each line of its expected.txt, in their order. The packages of native addons come from a
registry on the loopback (registry.py), everything else from where npm is configured to look.
"""
import pathlib
import shutil
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

import build  # noqa: E402
import checks  # noqa: E402
import common  # noqa: E402
import consumers  # noqa: E402
from registry import Registry  # noqa: E402

CONSUMERS = HERE / "consumers"
SHARED = [CONSUMERS / "calc.wasm", CONSUMERS / "wide.mjs", common.ROOT / "examples/components/greet.wasm"]
DIST = common.DIST / "node"
# What is not tried, and why.
LEFT_OUT = {
    "electron": "its npm package downloads 100 MB from GitHub when it is installed",
}
# Runtimes that npm has, as these packages are for one platform each.
ONLY_ON = {"bun": ("linux", "x86_64"), "deno": ("linux", "x86_64"), "node-versions": ("linux", "x86_64")}
TIME_LIMIT_S = 300
# Most of the time of a project is npm's, which waits for others.
AT_ONCE = 3

def environment(folder):
    """What a project sees: the command `landbridge`, too."""
    (folder / "bin").mkdir()
    shutil.copy(common.command(), folder / "bin/landbridge")
    env = consumers.environment(folder, npm_config_cache=str(common.TARGET / "packages/npm-cache"), NO_COLOR="1", CI="1", npm_config_audit="false",
                                npm_config_fund="false", npm_config_update_notifier="false", npm_config_loglevel="error")
    return {**env, "PATH": f"{folder / 'bin'}:{env['PATH']}"}


def has_lines(text, expected):
    """The first expected line that is not there in its order; None if all are."""
    lines = iter(text.splitlines())
    return next((wanted for wanted in expected.splitlines() if not any(wanted in line for line in lines)), None)


def consume(folder, name, registry):
    """Installs and runs a project."""
    project = consumers.project(folder, CONSUMERS / name, *SHARED)
    shutil.copy(DIST / f"landbridge-{common.version()}.tgz", project / "landbridge.tgz")
    (project / ".npmrc").write_text(f"@landbridge:registry={registry.url}\n", encoding="utf-8")
    env = environment(folder)
    common.run("npm", "install", cwd=project, env=env, timeout=TIME_LIMIT_S)
    text = common.run("npm", "test", "--silent", cwd=project, env=env, timeout=TIME_LIMIT_S)
    missing = has_lines(text, (CONSUMERS / name / "expected.txt").read_text(encoding="utf-8"))
    if missing is not None:
        sys.exit(f"did not print {missing!r}:\n{text}")


def projects(registry):
    """Each check and each project."""
    names = sorted(path.name for path in CONSUMERS.iterdir() if path.is_dir())
    return {**{f"check-{name}": check for name, check in checks.ALL.items()},
            **{name: lambda folder, name=name: consume(folder, name, registry) for name in names}}


def main():
    if not (DIST / f"landbridge-{common.version()}.tgz").exists():
        sys.exit("dist/node is not there: run `make dist-node` first")
    elsewhere = {name: f"its package is the one for {' '.join(system)}" for name, system in ONLY_ON.items() if system != common.system()}
    return consumers.main("node", projects(Registry(DIST)), {**LEFT_OUT, **elsewhere}, AT_ONCE)


if __name__ == "__main__":
    sys.exit(main())
