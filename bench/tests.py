#!/usr/bin/env python3
"""Tests of what the bench makes of its figures. The figures are made up: nothing is measured."""

import unittest

import border
import counts
import run

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


class Aims(unittest.TestCase):
    def test_what_was_not_measured_is_left_out(self):
        self.assertEqual(list(border.rows({"floor": {"add_i32": 20.0}})), [])
        one = list(border.rows({"floor": {"add_i32": 20.0}, "c": {"add_i32": 26.0}}))
        self.assertEqual([(it["host"], it["at_most"], it["is_met"]) for it in one], [("c", 27.0, True)])

    def test_an_aim_of_the_bare_call_and_the_floor(self):
        ns = {"floor": {"add_i32": 20.0}, "python": {"bare": 20.0, "add_i32": 51.0}}
        self.assertEqual([(it["at_most"], it["is_met"]) for it in border.rows(ns)], [(50.0, False)])

    def test_every_case_that_is_aimed_at_is_one_that_is_measured(self):
        everything = {host: dict.fromkeys(run.ORDER, 1.0) for host in ["floor", *border.OURS]}
        aimed = {case for _, _, case, *_ in border.aims(everything)}
        self.assertLessEqual(aimed, set(run.ORDER))
        self.assertGreater(len(aimed), 12)


class Tables(unittest.TestCase):
    def test_ratios_are_of_the_least_to_the_floor(self):
        rows = run.table({"floor": {"add_i32": [20.0, 30.0]}, "c": {"add_i32": [26.0, 40.0, 60.0], "by_name": [50.0]}})
        self.assertEqual([(it["host"], it["case"], it["ns"], it["ns_median"], it["ratio"]) for it in rows], [
            ("floor", "add_i32", 20.0, 25.0, 1.0), ("c", "add_i32", 26.0, 40.0, 1.3), ("c", "by_name", 50.0, 50.0, 2.5)])
        self.assertIn("| by_name |  | 50.0 (2.5x) 50.0 |", run.markdown(rows, 1, 1))
        self.assertIn("<svg", run.plotted(rows, {("c", "add_i32"): 27.0}))


if __name__ == "__main__":
    unittest.main()
