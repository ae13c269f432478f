"""Runs a driver under valgrind's callgrind and counts the instructions of a case: no clock, so that the load of the machine does not matter."""

import os
import pathlib
import platform
import re
import shutil
import subprocess
import sys

from drivers import ROOT

FETCHED = ROOT / "target/valgrind"
OUT = ROOT / "target/bench/counts"
# Which memcpy the C library takes depends on the processor: always the same one here.
PLAIN_COPIES = "glibc.cpu.hwcaps=-AVX2,-AVX,-ERMS,-FSRM"


class NotHere(Exception):
    """There is no valgrind, with the reason."""


def valgrind():
    """The paths of valgrind and of vgdb, and what they want in the environment. What the machine lacks is fetched into target/."""
    if platform.system() != "Linux":
        raise NotHere(f"valgrind counts on Linux, and this is {platform.system()}")
    if shutil.which("valgrind") and shutil.which("vgdb"):
        return "valgrind", "vgdb", {}
    if not (FETCHED / "usr/bin/vgdb").exists():
        fetch()
    library = next(iter(FETCHED.glob("usr/lib*/valgrind")), None) or next(FETCHED.glob("usr/lib/*/valgrind"))
    # The command itself is a script in some releases, which looks for the one in /usr/bin.
    command = next(it for it in [FETCHED / "usr/bin/valgrind.bin", FETCHED / "usr/bin/valgrind"] if it.exists())
    return command, FETCHED / "usr/bin/vgdb", {"VALGRIND_LIB": str(library)}


def fetch():
    """Downloads Debian's package and unpacks it: that needs no root and changes nothing outside of target/."""
    if not shutil.which("apt-get") or not shutil.which("dpkg"):
        raise NotHere("there is no valgrind, and no apt-get to fetch it with: install valgrind")
    FETCHED.mkdir(parents=True, exist_ok=True)
    print("valgrind is not here: fetching Debian's package into target/valgrind", flush=True)
    if not download([]):
        lists = FETCHED / "lists"
        (lists / "partial").mkdir(parents=True, exist_ok=True)
        options = ["-o", f"Dir::State::lists={lists}", "-o", f"Dir::Cache={FETCHED}/cache", "-o", "APT::Sandbox::User="]
        subprocess.run(["apt-get", *options, "--quiet=2", "update"], cwd=FETCHED, capture_output=True)
        if not download(options):
            raise NotHere("there is no valgrind, and `apt-get download valgrind` failed: install valgrind")
    package = next(FETCHED.glob("valgrind_*.deb"))
    subprocess.run(["dpkg", "-x", package, FETCHED], check=True)


def download(options):
    done = subprocess.run(["apt-get", *options, "--quiet=2", "download", "valgrind"], cwd=FETCHED, capture_output=True)
    return done.returncode == 0 and any(FETCHED.glob("valgrind_*.deb"))


class Counted:
    """A driver under callgrind. It stands still between two cases: then vgdb asks callgrind for its figures."""

    def __init__(self, name, command):
        program, self.vgdb, more = valgrind()
        OUT.mkdir(parents=True, exist_ok=True)
        for old in OUT.glob(f"{name}.*"):
            old.unlink()
        self.name, self.file, self.dumps = name, OUT / f"{name}.out", 0
        self.environment = os.environ | more
        options = ["--tool=callgrind", f"--callgrind-out-file={self.file}", "--smc-check=all-non-file", "--vgdb=yes",
                   f"--vgdb-prefix={OUT}/vgdb-{name}", f"--log-file={OUT}/{name}.log"]
        fixed = {"PYTHONHASHSEED": "0", "RAYON_NUM_THREADS": "1", "LANDBRIDGE_CACHE": str(OUT / "cache"),
                 "GLIBC_TUNABLES": PLAIN_COPIES}
        self.process = subprocess.Popen([str(it) for it in [program, *options, *command]], text=True, cwd=ROOT,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=self.environment | fixed)
        ready, *self.cases = self.process.stdout.readline().split() or [""]
        if ready != "ready":
            sys.exit(f"the driver of {name} said {ready!r} under valgrind instead of 'ready': see {OUT}/{name}.log")

    def ask(self, word):
        command = [self.vgdb, f"--vgdb-prefix={OUT}/vgdb-{self.name}", f"--pid={self.process.pid}", word]
        said = subprocess.run([str(it) for it in command], capture_output=True, text=True, env=self.environment, timeout=300)
        if said.returncode:
            sys.exit(f"vgdb could not ask the driver of {self.name}: {said.stderr}")

    def run(self, case, iterations):
        self.process.stdin.write(f"{case} {iterations}\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline().strip()
        if not line.isdigit():
            sys.exit(f"the driver of {self.name} answered {line!r} to {case} under valgrind")

    def total(self, case, iterations):
        """All instructions of the process for so many iterations, what reads the line and answers included."""
        self.ask("zero")
        self.run(case, iterations)
        self.ask("dump")
        self.dumps += 1
        dump = pathlib.Path(f"{self.file}.{self.dumps}")
        totals = re.search(r"^(?:totals|summary): (\d+)", dump.read_text(), re.M)
        dump.unlink()
        return int(totals[1])

    def instructions(self, case, few, many):
        """Of one iteration: the difference of two runs. What is done once a run is in neither."""
        for _ in range(3):
            # Until compilers and specializing interpreters are done with it.
            self.run(case, many)
        first = self.total(case, few)
        return (self.total(case, many) - first) / (many - few)

    def close(self):
        self.process.stdin.close()
        self.process.wait(timeout=60)
