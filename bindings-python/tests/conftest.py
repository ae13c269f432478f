"""What all tests share."""


def pytest_terminal_summary(terminalreporter):
    """Ends the conformance run with the line that each host's runner ends with."""
    report(terminalreporter, "test_case_without_signal_handlers", "conformance python, no signal handlers")
    report(terminalreporter, "test_case", "conformance python")


def report(terminalreporter, test, title):
    def count(outcome):
        reports = terminalreporter.stats.get(outcome, ())
        return sum(f"test_conformance.py::{test}[" in report.nodeid for report in reports)

    passed, failed, skipped = map(count, ("passed", "failed", "skipped"))
    if passed or failed or skipped:
        terminalreporter.write_line(f"{title}: {passed} passed, {failed} failed, {skipped} skipped")
