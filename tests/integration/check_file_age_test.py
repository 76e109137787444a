"""check/file_age on a file that is made, written, left alone, emptied and removed."""

import os
import time
import unittest

from check_case import CheckCase, check, is_root, samples


def set_age(path, seconds):
    changed = time.time() - seconds
    os.utime(path, (changed, changed))


class FileAge(CheckCase):
    def test_has_four_states(self):
        path = self.folder / "heartbeat"
        self.run_checks(check("age", "file_age", file=str(path)),
                        check("size", "file_age", file=str(path), warning=0, critical=0,
                              warning_size="1KiB:1MiB", critical_size=10, ignore_missing=True))
        self.becomes("age", "UNKNOWN", f"{path}: there is no such file")
        self.becomes("size", "OK", "there is no such file")

        path.write_bytes(bytes(2000))
        fine = self.becomes("age", "OK", f"{path}: changed ")
        self.assertLess(samples(fine)["file_age.age.age"], 240)
        self.assertEqual(samples(fine)["file_age.age.size"], 2000)
        self.becomes("size", "OK", ", 2.0 KiB")
        set_age(path, 300)
        self.becomes("age", "WARNING", "changed 5m")
        set_age(path, 3600)
        self.becomes("age", "CRITICAL", "changed 1h")
        self.becomes("size", "OK", "changed 1h")
        set_age(path, -7200)
        self.becomes("age", "UNKNOWN", "in the future")
        path.write_bytes(bytes(20))
        self.becomes("age", "OK")
        self.becomes("size", "WARNING", ", 20 B")
        path.write_bytes(b"")
        self.becomes("size", "CRITICAL", ", 0 B")
        path.unlink()
        self.becomes("age", "UNKNOWN", "there is no such file")

    @unittest.skipIf(is_root(), "root may look everywhere")
    def test_does_not_take_a_forbidden_file_for_a_missing_one(self):
        path = self.write("closed/heartbeat", "")
        path.parent.chmod(0)
        self.addCleanup(path.parent.chmod, 0o700)
        self.run_checks(check("age", "file_age", file=str(path), ignore_missing=True))
        self.becomes("age", "UNKNOWN", f"{path}: Permission denied")

    def test_is_refused_with_what_cannot_be_read(self):
        self.assert_refused(check("bad", "file_age", file="/x", warning="10m"),
                            'options.warning: expected a number or a range like "10:20", got "10m"')
        self.assert_refused(check("bad", "file_age", file="/x", warning_size="1K"),
                            'options.warning_size: expected a size like "64MB" or a range')
        self.assert_refused(check("bad", "file_age", file="heartbeat"),
                            "options.file: expected text that matches ^/")
        self.assert_refused(check("bad", "file_age"), "options.file: is required")


if __name__ == "__main__":
    unittest.main()
