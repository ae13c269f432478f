"""An interpreter from another suite of Debian, to try a wheel with: unpacked into target/, with its own C library, and installed nowhere."""
import shutil
import subprocess

import common
import interpreters

CONFIG = """\
Dir::State "{folder}/state"; Dir::State::status "{folder}/status"; Dir::Cache "{folder}/cache";
Dir::Etc::sourcelist "{folder}/sources.list"; Dir::Etc::sourceparts "-"; Dir::Etc::main "-"; Dir::Etc::parts "-";
"""
SOURCE = "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://deb.debian.org/debian sid main\n"
LOADER = "lib/x86_64-linux-gnu/ld-linux-x86-64.so.2"


def python(version):
    """The interpreter of a version, or None where it cannot be had."""
    if common.system() != ("linux", "x86_64") or not shutil.which("apt-get") or not shutil.which("dpkg"):
        return None
    try:
        return unpacked(version)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        return None


def unpacked(version):
    """Unpacks the packages that an interpreter needs, and has it use the C library among them."""
    folder = common.fresh(interpreters.FETCHED / f"{version}-packages")
    for part in ("state/lists/partial", "cache/archives/partial"):
        (folder / part).mkdir(parents=True)
    (folder / "status").touch()
    (folder / "sources.list").write_text(SOURCE, encoding="utf-8")
    config = folder / "apt.conf"
    config.write_text(CONFIG.format(folder=folder), encoding="utf-8")
    quiet(*(f"apt-get -q -c {config} update").split())
    quiet(*(f"apt-get -q -c {config} install -y --download-only --no-install-recommends python{version}").split())
    root = common.fresh(interpreters.FETCHED / version)
    for package in sorted(folder.glob("cache/archives/*.deb")):
        quiet("dpkg", "-x", package, root)
    shutil.rmtree(folder)
    program = root / "usr" / "bin" / f"python{version}"
    loader = root / "usr" / LOADER
    quiet(interpreters.tools() / "patchelf", "--set-interpreter", loader, "--force-rpath", "--set-rpath", loader.parent, program)
    return str(program) if interpreters.is_of(program, version) else None


def quiet(*command):
    subprocess.run([str(part) for part in command], check=True, capture_output=True, timeout=300)
