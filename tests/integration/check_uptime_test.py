"""check/uptime on this host's own uptime, and on files that are none."""

import pathlib
import unittest

from check_case import CheckCase, check, samples


class Uptime(CheckCase):
    def test_has_four_states(self):
        self.write("garbage/uptime", "since ever\n")
        self.run_checks(check("fine", "uptime", warning_under=0.1, critical_over=1e12),
                        check("fresh", "uptime", warning_under=1e12, critical_under=0.1),
                        check("old", "uptime", warning_over=0, critical_over=0.1),
                        check("range", "uptime", critical_under="0:1e12", critical_over="@0:1e12"),
                        check("garbage", "uptime", proc=str(self.folder / "garbage")),
                        check("nothing", "uptime", proc="/nonexistent"))

        fine = self.becomes("fine", "OK", "up for ")
        up = float(pathlib.Path("/proc/uptime").read_text().split()[0])
        self.assertAlmostEqual(samples(fine)["uptime.fine.seconds"], up, delta=600)
        self.becomes("fresh", "WARNING", "up for ")
        self.becomes("old", "CRITICAL", "up for ")
        self.becomes("range", "CRITICAL")
        self.becomes("garbage", "UNKNOWN",
                     'expected seconds since the start, found "since ever?"')
        nothing = self.becomes("nothing", "UNKNOWN",
                               "/nonexistent/uptime: No such file or directory")
        self.assertEqual(samples(nothing), {})

    def test_is_refused_with_what_cannot_be_read(self):
        self.assert_refused(check("bad", "uptime", warning_under="10m"),
                            'options.warning_under: expected a number or a range like "10:20", '
                            'got "10m"')
        self.assert_refused(check("bad", "uptime", warning=600), "options.warning: ")


if __name__ == "__main__":
    unittest.main()
