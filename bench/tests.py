#!/usr/bin/env python3
"""Tests of what the bench makes of its figures. The figures are made up: nothing is measured."""

import unittest

import counts

KEPT = {"c": {"call": 400.0, "row": 25.0}, "python": {"call": 1000.0}}


class Counts(unittest.TestCase):
    def test_what_has_not_grown_passes(self):
        self.assertEqual(counts.compare(KEPT, KEPT), ([], []))
        within = {"c": {"call": 439.0, "row": 25.0}, "python": {"call": 1000.0}}
        self.assertEqual(counts.compare(KEPT, within), ([], []))

    def test_more_than_a_tenth_fails_and_says_how_much(self):
        failures, _ = counts.compare(KEPT, {"c": {"call": 500.0, "row": 25.0}})
        self.assertEqual(failures, ["c: call takes 500.0 instructions, 400.0 before: +25 %"])

    def test_one_that_is_not_counted_any_more_fails(self):
        failures, _ = counts.compare(KEPT, {"c": {"call": 400.0}})
        self.assertEqual(failures, ["c: row is not counted any more: the driver has no case map_i32_1e5"])

    def test_what_became_less_or_is_new_is_told(self):
        failures, notes = counts.compare(KEPT, {"c": {"call": 300.0, "row": 25.0}, "python": {"call": 1000.0, "instance": 9.0}})
        self.assertEqual((failures, len(notes)), ([], 2))
        self.assertIn("-25 %", notes[0])
        self.assertIn("python: instance is new", notes[1])

    def test_counts_of_another_machine_or_tool_are_not_compared(self):
        of = {"machine": "x86_64", "rust": "1.95", "python": "3.11", "node": "20"}
        self.assertEqual(counts.comparable(of, of, ["c", "python"]), (["c", "python"], []))
        hosts, why = counts.comparable(of, of | {"python": "3.12"}, ["c", "python"])
        self.assertEqual(hosts, ["c"])
        self.assertIn("skipped: python: counts are kept for python 3.11, and this is 3.12", why[0])
        hosts, why = counts.comparable(of, of | {"machine": "aarch64"}, ["c", "python"])
        self.assertEqual((hosts, len(why)), ([], 1))


if __name__ == "__main__":
    unittest.main()
