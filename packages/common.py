"""What the scripts that build and try packages share: where things are, one version, files with the same bytes each time.

The libraries come from the profile that LANDBRIDGE_PROFILE names: `dist`, which packages ship, or `release`, which the tests
have built already, so that CI can try the packages without compiling the engine twice.
"""
import gzip
import io
import os
import pathlib
import platform
import re
import shutil
import signal
import subprocess
import sys
import tarfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
DIST = ROOT / "dist"
PROFILE = os.environ.get("LANDBRIDGE_PROFILE", "dist")
TARGET = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")).resolve()
LIBRARIES = TARGET / PROFILE
# The time that is written into archives, in seconds.
EPOCH = int(os.environ.get("SOURCE_DATE_EPOCH", "1767225600"))
# What each package has beside its own files.
LEGAL = [ROOT / "LICENSE", ROOT / "THIRD-PARTY-NOTICES.md"]


def version():
    """The one version of everything, as the workspace has it."""
    text = (ROOT / "Cargo.toml").read_text(encoding="utf-8")
    return re.search(r'^version = "([^"]+)"', text, re.MULTILINE).group(1)


def system():
    """This machine's system and processor, such as `linux` and `x86_64`."""
    names = {"Linux": "linux", "Darwin": "macos", "Windows": "windows"}
    return names[platform.system()], platform.machine().lower().replace("arm64", "aarch64").replace("amd64", "x86_64")


def library(name, suffix=None):
    """The file that Cargo built of a library crate, such as `landbridge_c`."""
    suffix = suffix or {"linux": "so", "macos": "dylib", "windows": "dll"}[system()[0]]
    prefix = "" if suffix == "dll" else "lib"
    file = LIBRARIES / f"{prefix}{name}.{suffix}"
    if not file.exists():
        sys.exit(f"{file} is not there: run `make dist-libraries` first")
    return file


def command():
    """The command `landbridge` that Cargo built."""
    file = LIBRARIES / ("landbridge.exe" if system()[0] == "windows" else "landbridge")
    if not file.exists():
        sys.exit(f"{file} is not there: run `make dist-libraries` first")
    return file


def sbom(name):
    """The bill of materials of a package, CycloneDX in JSON, made anew: `c`, `java`, `python`, `node`, `rust` or `cli`."""
    import sbom as bill
    return bill.written(name)


def fresh(folder):
    """An empty folder, made anew."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def only(pattern, target):
    """The one file of dist/ with such a name, which `make TARGET` writes."""
    found = sorted(DIST.glob(pattern))
    if len(found) != 1:
        sys.exit(f"dist/ does not hold one {pattern}: run `make {target}` first")
    return found[0]


def unpacked(archive, folder):
    """Unpacks an archive, and gives the one folder that is in it."""
    with tarfile.open(archive) as tar:
        # Python 3.11 has filters since 3.11.4.
        tar.extractall(folder, **({"filter": "data"} if hasattr(tarfile, "data_filter") else {}))
        return folder / tar.getnames()[0].split("/")[0]


def outcome(*command, cwd=None, env=None, timeout=900, stderr=subprocess.STDOUT):
    """What a command wrote, and what it ended with: None if it took too long and was ended, with all that it started."""
    with subprocess.Popen([str(part) for part in command], cwd=cwd, env=env, text=True, encoding="utf-8", errors="replace", stdout=subprocess.PIPE,
                          stdin=subprocess.DEVNULL, stderr=stderr, start_new_session=True) as process:
        try:
            return process.communicate(timeout=timeout)[0], process.returncode
        except subprocess.TimeoutExpired:
            end(process)
            return f"{process.communicate()[0]}\ndid not end within {timeout} s", None
        except BaseException:
            end(process)
            raise


def end(process):
    """Ends a process that leads a session, with all that it started."""
    if hasattr(os, "killpg"):
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()


def run(*command, **options):
    """Runs a command and gives what it wrote; ends with all of it if the command fails."""
    text, code = outcome(*command, **options)
    if code != 0:
        sys.exit(f"{' '.join(map(str, command))}\n{text}\nended with {code}")
    return text


def output(*command):
    """What a command of the tree writes, without its warnings."""
    return run(*command, cwd=ROOT, stderr=None)


class Link(str):
    """In an archive, in place of a file: a symbolic link to this name."""


def tar_gz(target, files):
    """Writes an archive of (name, path or bytes or link, mode) whose bytes depend on nothing else."""
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name, source, mode in sorted(files, key=lambda file: file[0]):
            info = tarfile.TarInfo(name)
            if isinstance(source, Link):
                info.type, info.linkname, info.mode, info.mtime = tarfile.SYMTYPE, source, mode, EPOCH
                archive.addfile(info)
                continue
            data = source if isinstance(source, bytes) else pathlib.Path(source).read_bytes()
            info.size, info.mode, info.mtime = len(data), mode, EPOCH
            archive.addfile(info, io.BytesIO(data))
    with target.open("wb") as file, gzip.GzipFile(fileobj=file, mode="wb", mtime=EPOCH, filename="") as out:
        out.write(raw.getvalue())
