#!/usr/bin/env python3
"""Tests of what runs the projects: what fails, fails the run; what is skipped says why; nothing stays behind."""
import contextlib
import io
import os
import sys
import time
import unittest
import unittest.mock

import common
import consumers


def tried(projects, left_out=None, arguments=(), at_once=1):
    """The exit code of a run and what it wrote, without times."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out), unittest.mock.patch.object(sys, "argv", ["test.py", *arguments]), \
            unittest.mock.patch.dict(os.environ, clear=False) as environment:
        environment.pop("KEEP", None)
        code = consumers.main("part", projects, left_out, at_once)
    return code, [line.split("  ")[0] for line in out.getvalue().splitlines()]


def good(folder):
    (folder / "file").touch()


def bad(folder):
    sys.exit("not as it should be")


def faulty(folder):
    raise KeyError("a fault of the test's")


def elsewhere(folder):
    raise consumers.Skipped("no such tool")


class Runs(unittest.TestCase):
    def test_what_passes(self):
        self.assertEqual(tried({"good": good}), (0, ["ok good", "part: 1 passed, 0 failed, 0 skipped"]))

    def test_one_that_fails_fails_the_run_and_no_other(self):
        for at_once in (1, 2):
            code, lines = tried({"bad": bad, "faulty": faulty, "good": good}, at_once=at_once)
            self.assertEqual((code, lines[-1]), (1, "part: 1 passed, 2 failed, 0 skipped"))
            self.assertIn("FAILED bad: not as it should be", lines)
            self.assertTrue(any(line.startswith("FAILED faulty: ") for line in lines))

    def test_what_is_skipped_has_its_reason(self):
        code, lines = tried({"good": lambda folder: ["on Mars: too far"], "elsewhere": elsewhere}, {"slow": "it takes a day"})
        self.assertEqual((code, lines), (0, ["skipped slow: it takes a day", "ok good", "skipped good, on Mars: too far",
                                             "skipped elsewhere: no such tool", "part: 1 passed, 0 failed, 3 skipped"]))

    def test_a_run_that_tried_nothing_fails(self):
        self.assertEqual(tried({"elsewhere": elsewhere})[0], 1)

    def test_names_are_those_that_there_are(self):
        self.assertEqual(tried({"good": good, "bad": bad}, {"bad": "why"}, ["good"])[0], 0)
        self.assertEqual(tried({"good": good, "bad": bad}, {"bad": "why"}, ["bad"])[0], 1)
        with self.assertRaises(SystemExit):
            tried({"good": good}, arguments=["gone"])

    def test_folders_are_removed(self):
        seen = []
        for project in (good, bad, faulty, elsewhere):
            tried({"one": lambda folder: seen.append(folder) or project(folder)})
        self.assertEqual([folder for folder in seen if folder.exists()], [])
        self.assertEqual(len(seen), 4)

    def test_nothing_of_the_tree_is_in_the_environment(self):
        given = {"LANDBRIDGE_CACHE": "x", "PYTHONPATH": "x", "LD_LIBRARY_PATH": "x", "XDG_CACHE_HOME": "x", "https_proxy": "kept", "PIP_CERT": "kept"}
        seen = []
        with unittest.mock.patch.dict(os.environ, given):
            tried({"one": lambda folder: seen.append(consumers.environment(folder))})
        self.assertEqual({name: value for name, value in seen[0].items() if value in ("x", "kept")}, {"https_proxy": "kept", "PIP_CERT": "kept"})


class Commands(unittest.TestCase):
    def test_what_takes_too_long_is_ended_with_all_that_it_started(self):
        start = time.monotonic()
        told, code = common.outcome("sh", "-c", "echo begun; sleep 600 & sleep 600", timeout=1)
        self.assertEqual((told, code), ("begun\n\ndid not end within 1 s", None))
        # The pipe is closed when nobody has it any more.
        self.assertLess(time.monotonic() - start, 300)

    def test_what_should_fail(self):
        consumers.must_fail("gone", "sh", "-c", "echo gone; exit 3")
        for command in ("echo gone", "exit 3"):
            with self.assertRaises(SystemExit):
                consumers.must_fail("gone", "sh", "-c", command)


if __name__ == "__main__":
    unittest.main()
