"""The interpreters of this machine, one for each version of CPython that Landbridge has a wheel for."""
import os
import pathlib
import shutil
import subprocess
import sys
import sysconfig

import common

VERSIONS = ["3.11", "3.12", "3.13", "3.14"]
TOOLS = common.ROOT / "target" / "packages" / "python-tools"
FETCHED = common.ROOT / "target" / "packages" / "pythons"
REQUIREMENTS = pathlib.Path(__file__).with_name("requirements.txt")


def tools():
    """The folder of the programs that build and check packages, in an environment of their own; made when they change."""
    stamp = TOOLS / "requirements.txt"
    if not stamp.exists() or stamp.read_bytes() != REQUIREMENTS.read_bytes():
        common.run(sys.executable, "-m", "venv", "--clear", TOOLS)
        common.run(TOOLS / "bin" / "python", "-m", "pip", "install", "--quiet", "-r", REQUIREMENTS)
        shutil.copy(REQUIREMENTS, stamp)
    return TOOLS / "bin"


def is_of(python, version):
    """Whether a program is a CPython of this version: a shim may be there without what it stands for."""
    code = "import sys, platform; print('%d.%d' % sys.version_info[:2], platform.python_implementation())"
    try:
        done = subprocess.run([python, "-c", code], capture_output=True, text=True, timeout=60)
    except OSError:
        return False
    return done.returncode == 0 and done.stdout.split() == [version, "CPython"]


def find(version):
    """The interpreter of a version, or None. LANDBRIDGE_PYTHONS may name some, parted as PATH is."""
    named = [path for path in os.environ.get("LANDBRIDGE_PYTHONS", "").split(os.pathsep) if path]
    pyenv = pathlib.Path(os.environ.get("PYENV_ROOT", pathlib.Path.home() / ".pyenv"))
    places = [sys.executable, *named, shutil.which(f"python{version}"),
              *sorted(pyenv.glob(f"versions/{version}*/bin/python{version}")), FETCHED / f"{version}/usr/bin/python{version}"]
    return next((str(place) for place in places if place and is_of(place, version)), None)


def described(version):
    """A description of a version whose interpreter is not here, as PyO3 reads it. An extension is not linked with one on Linux."""
    file = FETCHED / f"cp{version.replace('.', '')}.txt"
    file.parent.mkdir(parents=True, exist_ok=True)
    width = 64 if sys.maxsize > 2**32 else 32
    lines = ["implementation=CPython", f"version={version}", "shared=true", f"target_abi=CPython-gil_enabled-{version}",
             f"pointer_width={width}", "build_flags=", "suppress_build_script_link_lines=false"]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def new_environment(folder, python):
    """A virtual environment, and the command that installs into it. An interpreter may be here without its own pip."""
    common.run(python, "-m", "venv", "--without-pip", folder)
    own = folder / "bin" / "python"
    return own, [tools() / "python", "-m", "pip", "--python", own]


def here():
    """The version of the interpreter that runs this."""
    return sysconfig.get_python_version()
