"""check/file_size on files that grow, in a tree of the test's own and in /etc."""

import os
import unittest

from check_case import CheckCase, check, is_root, samples


class FileSize(CheckCase):
    def test_has_four_states(self):
        top = self.folder / "logs"
        where = {"directory": str(top), "warning": "10KiB", "critical": "1MiB"}
        self.run_checks(check("flat", "file_size", **where),
                        check("deep", "file_size", depth=3, **where),
                        check("small", "file_size", directory=str(top), warning="1:", critical=10 << 20))
        self.becomes("flat", "UNKNOWN", f"{top}: No such file or directory")

        self.write("logs/app.log", "started\n")
        self.write("logs/a/b/old.log", "x" * 20_000)
        (top / "loop").symlink_to(top)
        fine = self.becomes("flat", "OK", f"{top}: 1 file; the largest is app.log: 8 B")
        self.assertEqual(samples(fine), {"file_size.flat.largest": 8, "file_size.flat.total": 8,
                                         "file_size.flat.files": 1})
        self.becomes("deep", "WARNING", "1 of 2 files out of bounds\na/b/old.log: 19.5 KiB")
        os.truncate(top / "app.log", 2 << 20)
        self.becomes("flat", "CRITICAL", "1 of 1 file out of bounds\napp.log: 2.0 MiB")
        self.becomes("deep", "CRITICAL", "app.log: 2.0 MiB\na/b/old.log: 19.5 KiB")
        os.truncate(top / "app.log", 0)
        self.becomes("flat", "OK")
        self.becomes("small", "WARNING", "1 of 1 file out of bounds\napp.log: 0 B")
        (top / "a/b/old.log").unlink()
        self.becomes("deep", "OK", "1 file")

    def test_looks_at_etc(self):
        self.run_checks(check("etc", "file_size", directory="/etc", warning="1GiB", critical="1GiB"))
        files = [entry for entry in os.scandir("/etc") if entry.is_file(follow_symlinks=False)]
        fine = samples(self.becomes("etc", "OK", "/etc: "))
        self.assertEqual(fine["file_size.etc.files"], len(files))
        self.assertEqual(fine["file_size.etc.largest"], max(one.stat().st_size for one in files))

    def test_gives_up_on_a_tree_without_end(self):
        self.run_checks(check("all", "file_size", directory="/proc", depth=8, warning="1TiB",
                              critical="1TiB", timeout="1ms"))
        self.becomes("all", "UNKNOWN", "gave up, no time is left to see the others")

    @unittest.skipIf(is_root(), "root may read everything")
    def test_is_unknown_of_what_it_may_not_read(self):
        closed = self.write("logs/closed/app.log", "").parent
        self.write("logs/app.log", "x" * 2000)
        closed.chmod(0)
        self.addCleanup(closed.chmod, 0o700)
        self.run_checks(check("logs", "file_size", directory=str(self.folder / "logs"), depth=2,
                              warning="1MiB", critical="1MiB"),
                        check("low", "file_size", directory=str(self.folder / "logs"), depth=2))
        unknown = self.becomes("logs", "UNKNOWN", "1 cannot be read")
        self.assertIn("\nclosed: Permission denied", unknown["text"])
        self.assertEqual(samples(unknown), {})
        self.becomes("low", "CRITICAL", "closed: Permission denied")

    def test_is_refused_with_what_cannot_be_read(self):
        self.assert_refused(check("bad", "file_size", directory="/etc", warning="1K"),
                            "options.warning: expected a size like \"64MB\" or a range")
        self.assert_refused(check("bad", "file_size", directory="/etc", depth=0),
                            "options.depth: expected at least 1, got 0")
        self.assert_refused(check("bad", "file_size"), "options.directory: is required")


if __name__ == "__main__":
    unittest.main()
