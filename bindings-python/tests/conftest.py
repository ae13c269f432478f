"""What all tests share."""

import os

# With it, Rust walks the whole stack for each error, and under a lock of its own: a deep recursion
# takes half a minute then, and a fork may copy the lock as taken.
os.environ.pop("RUST_BACKTRACE", None)


def pytest_terminal_summary(terminalreporter):
    """Ends the conformance run with the line that each host's runner ends with."""

    def count(outcome):
        reports = terminalreporter.stats.get(outcome, ())
        return sum("test_conformance.py::test_case[" in report.nodeid for report in reports)

    counts = {outcome: count(outcome) for outcome in ("passed", "failed", "skipped")}
    if any(counts.values()):
        passed, failed, skipped = counts.values()
        terminalreporter.write_line(
            f"conformance python: {passed} passed, {failed} failed, {skipped} skipped"
        )
