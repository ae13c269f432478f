"""Steps about batches."""

from __future__ import annotations

import array

from conformance_values import expect

CODES = {"i32": "i", "i64": "q", "f32": "I", "f64": "Q"}
OF_BITS = {"f32": "f", "f64": "d"}


class BatchSteps:
    def do_map(self, object, args, rows=None, results=None):
        func = self.known[object]
        columns = [self.column(one) for one in args]
        returned = func.map(*columns, rows=rows)
        if results is not None:
            self.check_columns(returned, results)

    def check_columns(self, returned, results):
        found = {0: [], 1: [returned]}.get(len(results), returned)
        expect("number of columns", len(found), len(results))
        for column, wanted in zip(found, results, strict=True):
            tag = wanted["column"]
            expect(tag, memoryview(column).tobytes().hex(), self.column(wanted).tobytes().hex())
            self.check_all(list(column), [{tag: text} for text in texts(wanted)])

    def column(self, given):
        """A buffer, or a number that repeats."""
        if "column" not in given:
            return self.value(given)
        tag = given["column"]
        numbers = [int(text, 0) for text in texts(given)]
        column = memoryview(array.array(CODES[tag], numbers))
        return column.cast("B").cast(OF_BITS.get(tag, CODES[tag]))


def texts(column):
    """The elements as the texts of tagged values."""
    if "of" in column:
        return column["of"]
    all = [str(column["from"] + column["step"] * row) for row in range(column["rows"])]
    for row, text in column.get("at", {}).items():
        all[int(row)] = text
    return all
