"""check/load on this host's own load, and on files that are no load."""

import os
import unittest

from check_case import CheckCase, check, samples


class Load(CheckCase):
    def test_has_four_states(self):
        self.write("garbage/loadavg", "not a load\n")
        self.run_checks(check("fine", "load", warning=1e6, critical="1e6,1e6,1e6"),
                        check("busy", "load", warning="@0:1e6", critical=1e6),
                        check("dead", "load", warning=0, critical="~:1e6,~:1e6,@0:1e6"),
                        check("shared", "load", warning=1e6, critical=1e6, per_cpu=True),
                        check("garbage", "load", warning=1, critical=2,
                              proc=str(self.folder / "garbage")),
                        check("nothing", "load", warning=1, critical=2, proc="/nonexistent"))

        fine = self.becomes("fine", "OK", "load average: ")
        self.assertEqual(set(samples(fine)), {f"load.fine.loadavg{minutes}" for minutes in (1, 5, 15)})
        self.assertAlmostEqual(samples(fine)["load.fine.loadavg15"], os.getloadavg()[2], delta=1)
        self.becomes("busy", "WARNING")
        self.becomes("dead", "CRITICAL")
        self.becomes("shared", "OK", " per CPU")
        self.becomes("garbage", "UNKNOWN", "expected three load averages, found \"not a load?\"")
        self.becomes("nothing", "UNKNOWN", "/nonexistent/loadavg: No such file or directory")

    def test_is_refused_with_a_threshold_that_cannot_be_read(self):
        self.assert_refused(check("bad", "load", warning="5,soon,3", critical=9),
                            'options.warning: expected numbers or ranges like "10:20", parted by '
                            'commas, got "5,soon,3"')
        self.assert_refused(check("bad", "load", warning="5"), "options.critical: is required")


if __name__ == "__main__":
    unittest.main()
