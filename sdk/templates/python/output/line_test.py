"""Tries the parts on recorded data."""

import pathlib
import unittest

from line import to_line

RECORDED = pathlib.Path(__file__).parent / "testdata/lines.txt"


class Line(unittest.TestCase):
    def test_agrees_with_a_recorded_file(self):
        samples = [{"name": "cpu.user.percentage", "value": 12.5, "time_ns": 1767366000 * 10**9},
                   {"name": "loadavg1", "value": 0.25, "time_ns": 1767366060 * 10**9}]

        self.assertEqual("".join(map(to_line, samples)), RECORDED.read_text())


if __name__ == "__main__":
    unittest.main()
