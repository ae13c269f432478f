"""Programs that tests run in an interpreter of their own."""

import subprocess
import sys
import textwrap


def run(program, *args, timeout=60):
    """Runs a program in an interpreter of its own; what it wrote and how it ended."""
    source = textwrap.dedent(program)
    return subprocess.run(
        [sys.executable, "-c", source, *args],
        capture_output=True,
        text=True,
        timeout=timeout,
        cwd=__file__.rpartition("/")[0],
    )


def ended_well(program, *args, timeout=60):
    done = run(program, *args, timeout=timeout)
    assert done.returncode == 0, done.stderr
    assert not done.stderr
    return done.stdout.strip()
