#!/usr/bin/env python3
"""Tests of what checks links and makes pages."""

import pathlib
import tempfile
import unittest

import page  # also finds docs/

import headings
import links


class Names(unittest.TestCase):
    def test_as_github_makes_them(self):
        for words, name in {"What is not promised": "what-is-not-promised", "`lb.run`: a program": "lbrun-a-program", "C++": "c",
                            "Node.js": "nodejs", "a_b and *c*": "a_b-and-c", "[Words](x.md) here": "words-here", "A & B": "a--b"}.items():
            self.assertEqual(headings.slug(words), name)

    def test_a_second_one_has_a_number(self):
        self.assertEqual([name for *_, name in headings.headings("# A\n## B\n```\n# no\n```\n## B\n")], ["a", "b", "b-1"])


class Links(unittest.TestCase):
    def dead(self, text):
        with tempfile.TemporaryDirectory(dir=links.ROOT / "target") as folder:
            document = pathlib.Path(folder) / "a.md"
            document.write_text(text)
            (document.parent / "b.md").write_text("# Here\n")
            return [line.split(": ", 1)[1] for line in links.dead(document)]

    def test_files_and_headings(self):
        self.assertEqual(self.dead("# Top\n[x](b.md#here) [x](#top) [x](b.md) [x](https://a.b/#c) `[x](no.md)`"), [])
        self.assertEqual(self.dead("# Top\n[x](b.md#gone)"), ["b.md has no heading #gone"])
        self.assertEqual(self.dead("# Top\n[x](#gone)"), [" has no heading #gone"])
        self.assertEqual(self.dead("[x](c.md)"), ["c.md is not there"])
        self.assertEqual(self.dead('<img src="gone.svg" alt="x">'), ["gone.svg is not there"])


class Pages(unittest.TestCase):
    def made(self, text):
        return page.page(text, lambda target: "there/" + target)

    def test_markers_are_left_out(self):
        self.assertEqual(self.made("<!-- snippet: a b -->\n```c\n<!-- stays -->\n```\n"), "```c\n<!-- stays -->\n```\n")

    def test_headings_have_their_names(self):
        self.assertEqual(self.made("# A `b`\n"), "# A `b` {#a-b}\n")

    def test_links_lead_to_pages(self):
        self.assertEqual(self.made("[`a`](b.md#c) `[a](b.md)` [d](#e) [f](https://g)\n"),
                         "[`a`](there/b.md#c) `[a](b.md)` [d](#e) [f](https://g)\n")

    def test_lists_have_room(self):
        self.assertEqual(self.made("Words:\n- a\n  b\n  - c\n\n  d\n\nend\n"), "Words:\n\n- a\n    b\n    - c\n\n    d\n\nend\n")
        self.assertEqual(self.made("1. a\n\n   ```c\n   x\n   ```\n"), "1. a\n\n    ```c\n    x\n    ```\n")

    def test_languages_are_tabs(self):
        self.assertEqual(self.made("Python:\n\n```python\na\n\nb\n```\n\nC++:\n\n```cpp\nc\n```\n\nWords\n"),
                         '=== "Python"\n\n\n    ```python\n    a\n\n    b\n    ```\n\n=== "C++"\n\n\n    ```cpp\n    c\n    ```\n\nWords\n')
        alone = "Python:\n\n```python\na\n```\n\nWords\n\nJava:\n\nwords\n"
        self.assertEqual(self.made(alone), alone)

    def test_tables_have_room(self):
        self.assertEqual(self.made("Words\n| a |\n| - |\n"), "Words\n\n| a |\n| - |\n")


if __name__ == "__main__":
    unittest.main()
