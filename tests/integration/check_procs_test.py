"""check/procs on processes that the test starts, stops and kills."""

import os
import signal
import subprocess
import unittest

from check_case import CheckCase, check, samples

MARK = f"shoal-procs-test-{os.getpid()}"


class Procs(CheckCase):
    def start(self):
        """One more process with our mark among its arguments."""
        process = subprocess.Popen(["sh", "-c", f"read line # {MARK}"], stdin=subprocess.PIPE)
        self.addCleanup(self.finish, process)
        return process

    def finish(self, process):
        process.kill()
        process.stdin.close()
        process.wait()

    def test_has_four_states(self):
        first = self.start()
        self.write("hidden/uptime", "100.0 1\n")
        self.run_checks(
            check("ours", "procs", patterns=[MARK], warning=1, critical=2),
            check("stopped", "procs", patterns=[MARK], state="T", warning="0:0"),
            check("theirs", "procs", patterns=[MARK], not_user=str(os.geteuid()), critical="0:0"),
            check("range", "procs", patterns=[MARK, "^[^ ]"], critical="1:"),
            check("hidden", "procs", proc=str(self.folder / "hidden")))

        one = self.becomes("ours", "OK", f'1 process found by "{MARK}"')
        self.assertEqual(samples(one), {"procs.ours.count": 1})
        self.becomes("stopped", "OK")
        self.becomes("theirs", "OK")
        self.becomes("range", "OK")
        self.becomes("hidden", "UNKNOWN", "other users' processes are hidden")

        second = self.start()
        self.becomes("ours", "WARNING", "2 processes found")
        third = self.start()
        self.assertEqual(samples(self.becomes("ours", "CRITICAL", "3 processes"))
                         ["procs.ours.count"], 3)
        third.send_signal(signal.SIGSTOP)
        self.becomes("stopped", "WARNING", "1 process found")
        third.kill()
        # Dead, but not gone: nobody has waited for it, so it has a name and no arguments any more.
        self.becomes("ours", "WARNING")
        self.finish(second)
        self.becomes("ours", "OK")
        self.finish(first)
        self.becomes("ours", "CRITICAL", "0 processes")
        self.becomes("range", "CRITICAL", f'0 processes found by "{MARK}"')
        self.start()
        self.becomes("ours", "OK")

    def test_is_refused_with_what_cannot_be_read(self):
        self.assert_refused(check("bad", "procs", patterns=["(nginx"]),
                            'options.patterns.0: pattern "(nginx" does not compile: missing )')
        self.assert_refused(check("bad", "procs", warning="many"),
                            'options.warning: expected a number or a range like "10:20", got "many"')


if __name__ == "__main__":
    unittest.main()
