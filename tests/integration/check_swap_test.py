"""check/swap on this host's own swap space if it has some, on one without, and on one that is half
full."""

import pathlib
import re
import unittest

from check_case import CheckCase, check, samples


def has_swap():
    return not re.search(r"(?m)^SwapTotal: +0 kB$", pathlib.Path("/proc/meminfo").read_text())


class Swap(CheckCase):
    def test_has_four_states_on_this_host(self):
        self.run_checks(
            check("fine", "swap", warning=100, critical=100),
            check("low", "swap", warning="@0:100", critical=100, no_swap="warning"),
            check("out", "swap", warning=100, critical="@0:100", no_swap="critical"),
            check("odd", "swap", warning=1, critical=2, no_swap="unknown"),
            check("nothing", "swap", warning=1, critical=2, proc="/nonexistent"))

        text = "swap: " if has_swap() else "this host has no swap space"
        fine = self.becomes("fine", "OK", text)
        self.assertEqual("swap.fine.used_percentage" in samples(fine), has_swap())
        self.assertEqual(samples(fine)["swap.fine.total"] > 0, has_swap())
        self.becomes("low", "WARNING", text)
        self.becomes("out", "CRITICAL", text)
        if not has_swap():
            self.becomes("odd", "UNKNOWN", text)
        self.becomes("nothing", "UNKNOWN", "/nonexistent/meminfo: No such file or directory")

    def test_changes_with_what_is_in_use(self):
        meminfo = "MemTotal: 100 kB\nMemAvailable: 50 kB\nSwapTotal: 100 kB\nSwapFree: {free} kB\n"
        self.write("proc/meminfo", meminfo.format(free=70))
        self.run_checks(check("swap", "swap", warning=50, critical=80,
                              proc=str(self.folder / "proc")))

        fine = self.becomes("swap", "OK", "swap: 30.0% used")
        self.assertEqual(samples(fine)["swap.swap.used_percentage"], 30)
        self.write("proc/meminfo", meminfo.format(free=40))
        self.becomes("swap", "WARNING", "swap: 60.0% used")
        self.write("proc/meminfo", meminfo.format(free=5))
        self.becomes("swap", "CRITICAL", "swap: 95.0% used")
        self.write("proc/meminfo", "MemTotal: 100 kB\nMemAvailable: 50 kB\n")
        self.becomes("swap", "UNKNOWN", "expected lines SwapTotal: and SwapFree:")
        self.write("proc/meminfo", meminfo.format(free=100))
        self.becomes("swap", "OK", "swap: 0.0% used")

    def test_is_refused_with_what_cannot_be_read(self):
        self.assert_refused(check("bad", "swap", warning="half", critical=90),
                            'options.warning: expected a number or a range like "10:20", got "half"')
        self.assert_refused(check("bad", "swap", warning=1, critical=2, no_swap="fine"),
                            "options.no_swap: expected one of")


if __name__ == "__main__":
    unittest.main()
