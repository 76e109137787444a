"""check/memory on this host's own memory, and on files that tell of none."""

import pathlib
import re
import unittest

from check_case import CheckCase, check, samples


def kilobytes(name):
    return int(re.search(rf"(?m)^{name}: +(\d+) kB$", pathlib.Path("/proc/meminfo").read_text())[1])


class Memory(CheckCase):
    def test_has_four_states(self):
        self.write("garbage/meminfo", "MemTotal: lots\n")
        self.run_checks(check("fine", "memory", warning=100, critical=100),
                        check("low", "memory", warning=0, critical=100),
                        check("out", "memory", warning=0, critical="~:0"),
                        check("range", "memory", warning="0:100", critical="@0:100"),
                        check("garbage", "memory", warning=1, critical=2,
                              proc=str(self.folder / "garbage")),
                        check("nothing", "memory", warning=1, critical=2, proc="/nonexistent"))

        fine = samples(self.becomes("fine", "OK", "memory: "))
        total = kilobytes("MemTotal") * 1024
        self.assertEqual(fine["memory.fine.used"] + fine["memory.fine.available"], total)
        self.assertAlmostEqual(fine["memory.fine.available"], kilobytes("MemAvailable") * 1024,
                               delta=total / 5)
        self.assertAlmostEqual(
            fine["memory.fine.used_percentage"] + fine["memory.fine.available_percentage"], 100)
        self.becomes("low", "WARNING", " used (")
        self.becomes("out", "CRITICAL")
        self.becomes("range", "CRITICAL")
        self.becomes("garbage", "UNKNOWN", 'found "MemTotal: lots"')
        nothing = self.becomes("nothing", "UNKNOWN",
                               "/nonexistent/meminfo: No such file or directory")
        self.assertEqual(samples(nothing), {})

    def test_is_refused_with_what_cannot_be_read(self):
        self.assert_refused(check("bad", "memory", warning="80%", critical=90),
                            'options.warning: expected a number or a range like "10:20", got "80%"')
        self.assert_refused(check("bad", "memory", warning=80), "options.critical: is required")


if __name__ == "__main__":
    unittest.main()
