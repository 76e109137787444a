"""Tries the parts on recorded data."""

import pathlib
import unittest

from file_nr import parse_file_nr, read_file_nr

RECORDED = pathlib.Path(__file__).parent / "testdata/file-nr"


class FileNr(unittest.TestCase):
    def test_reads_a_recorded_file(self):
        self.assertEqual(read_file_nr(RECORDED), (1184, 2466170))

    def test_says_what_it_found_instead(self):
        with self.assertRaisesRegex(ValueError, 'expected three numbers, found "1184 files"'):
            parse_file_nr("1184 files")


if __name__ == "__main__":
    unittest.main()
