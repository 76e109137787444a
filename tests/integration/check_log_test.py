"""check/log on files that the test writes, rotates, cuts and takes away, while the agent lives and
while it is killed.
"""

import os
import re
import shutil
import unittest

from check_case import CheckCase, check, is_root, is_told, samples

ROUNDS_KILLED = 5


class Log(CheckCase):
    def setUp(self):
        super().setUp()
        self.log = self.folder / "app.log"
        self.log.write_text("ERROR of old\n")

    def append(self, text):
        with open(self.log, "ab") as log:
            log.write(text if isinstance(text, bytes) else text.encode())

    def says(self, name, status, text, act):
        """Does something and waits until a result after it says so; a log is fine again in the round
        after a bad one."""
        seen = len(self.results(name))
        act()
        found = []

        def is_said():
            found[:] = [one for one in self.results(name)[seen:] if is_told([one], status, text)]
            return found
        self.wait(is_said, lambda: f"{name} {status} {text}: {self.results(name)[seen:]}")
        return found[0]

    def test_has_four_states(self):
        locked = self.write("locked.log", "")
        self.run_checks(
            check("errors", "log", file=str(self.log), patterns=["ERROR"], critical=2,
                  return_lines=True),
            check("slow", "log", file=str(self.folder / "*.log"), patterns=[r"took (\d+) ms"],
                  warning_level=100, critical_level=500),
            check("gone", "log", file="/nonexistent/app.log", patterns=["x"]),
            check("absent", "log", file="/nonexistent/app.log", patterns=["x"], missing="ok"),
            check("locked", "log", file=str(locked), patterns=["x"]))

        self.becomes("errors", "OK", f'0 lines found by "ERROR" in {self.log}')
        self.becomes("slow", "OK")
        self.becomes("locked", "OK")
        self.becomes("gone", "UNKNOWN", "there is no such file")
        self.becomes("absent", "OK")

        one = self.says("errors", "WARNING", "1 line found", lambda: self.append("fine\nERROR 1\n"))
        self.assertEqual(one["text"].splitlines()[1:], ["ERROR 1"])
        self.assertEqual(samples(one), {"log.errors.matches": 1, "log.errors.lines": 2})
        self.becomes("errors", "OK")
        self.says("errors", "CRITICAL", "3 lines", lambda: self.append("ERROR\n" * 3))
        self.says("slow", "WARNING", "1 line over the warning level, 0 lines over",
                  lambda: self.append("took 99 ms\ntook 101 ms\n"))
        self.says("slow", "CRITICAL", "", lambda: self.append("took 999 ms\n"))
        garbage = b"\xff\x00\xfe ERROR \x1b[2J\n" + b"\x80" * 100_000 + b"\n"
        self.says("errors", "WARNING", "1 line", lambda: self.append(garbage))

        if not is_root():
            self.says("locked", "UNKNOWN", "Permission denied", lambda: locked.chmod(0))
            locked.chmod(0o644)
            self.becomes("locked", "OK")
        locked.unlink()
        locked.mkdir()
        self.becomes("locked", "UNKNOWN", "is not a regular file")

    def test_reads_through_rotation_and_truncation(self):
        self.run_checks(check("errors", "log", file=str(self.log), patterns=["ERROR"],
                              return_lines=True))
        self.becomes("errors", "OK")
        rotated = self.folder / "app.log.1"

        def rotate():
            self.append("ERROR before\n")
            self.log.rename(rotated)
            self.append("ERROR after\n")

        def write_late():
            with open(rotated, "a") as late:
                late.write("ERROR late\n")

        def copy_and_cut():
            self.append("ERROR copied\n")
            shutil.copy(self.log, self.folder / "app.log.2")
            os.truncate(self.log, 0)
            self.append("ERROR of the new one, longer than what was there before\n")

        self.says("errors", "CRITICAL", "ERROR after", rotate)
        self.says("errors", "CRITICAL", "ERROR late", write_late)
        self.says("errors", "CRITICAL", "longer than what was there", copy_and_cut)
        self.says("errors", "CRITICAL", "ERROR in halves",
                  lambda: (self.append("ERROR in "), self.result("errors"), self.append("halves\n")))
        self.wait(lambda: self.found() >= {"before", "after", "late", "copied"}, "all of them")
        self.assertNotIn("in", self.found())
        self.assertNotIn("of old", self.found())

    def found(self):
        """What stands behind ERROR in all results."""
        texts = "\n".join(result["text"] for result in self.results("errors"))
        return set(re.findall(r"^ERROR (.*)$", texts, re.MULTILINE))

    def test_loses_nothing_when_the_agent_is_killed(self):
        agent = self.run_checks(check("errors", "log", file=str(self.log), patterns=["ERROR"],
                                      return_lines=True))
        self.becomes("errors", "OK")
        written = set()
        for number in range(ROUNDS_KILLED):
            written |= self.write_some(number, "alive")
            if number % 2:
                self.result("errors")
            agent.kill()
            written |= self.write_some(number, "dead")
            agent.start()
            agent.wait_until_ready(60)
        self.wait(lambda: self.found() >= written, lambda: f"lost: {written - self.found()}")
        self.assertEqual(self.found(), written)

    def write_some(self, number, when):
        """Some lines, some of them in a file that is rotated away at once."""
        lines = {f"{when} {number} {place}" for place in ("first", "second")}
        self.append(f"ERROR {when} {number} first\n")
        os.rename(self.log, self.folder / f"app.log.{number}{len(when)}")
        self.append(f"ERROR {when} {number} second\n")
        return lines

    def test_is_refused_with_what_cannot_be_read(self):
        self.assert_refused(check("bad", "log", file="/x", patterns=["*"]),
                            'options.patterns.0: pattern "*" does not compile')
        self.assert_refused(check("bad", "log", file="/x", patterns=["x"], warning="1 line"),
                            "options.warning: expected a number or a range")
        self.assert_refused(check("bad", "log", file="app.log", patterns=["x"]),
                            "options.file: expected text that matches ^/")
        self.assert_refused(check("bad", "log", file="/x"), "options.patterns: is required")


if __name__ == "__main__":
    unittest.main()
