"""How a soak script says what it does and what it found, each with the time since it began."""

import sys
import time


class Findings:
    def __init__(self):
        self._began = time.monotonic()
        self._passed = 0
        self._failed = 0

    def say(self, text):
        seconds = int(time.monotonic() - self._began)
        print(f"[{seconds // 60:3d}:{seconds % 60:02d}] {text}", flush=True)

    def expect(self, is_so, text, otherwise=""):
        """Counts a finding; `otherwise` is what was found when it is not so."""
        if is_so:
            self._passed += 1
            self.say(f"ok: {text}")
        else:
            self._failed += 1
            self.say(f"FAILED: {text}" + (f": {otherwise}" if otherwise != "" else ""))

    def close(self):
        """Ends the program with the closing line."""
        print(f"{self._passed} passed, {self._failed} failed")
        sys.exit(1 if self._failed or not self._passed else 0)
