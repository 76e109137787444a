"""What the tests of the whole agent share: each runs the real binary on folders and ports of its own.

The build directory comes from SHOAL_BUILD_DIR, or is build/ beside core/. When a test fails, the
agent's log is shown.
"""

import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

from mackerel_stub import MackerelStub
from running_agent import RunningAgent, wait_for

TOP = pathlib.Path(__file__).resolve().parents[2]
BUILD_DIR = pathlib.Path(os.environ.get("SHOAL_BUILD_DIR", TOP / "build"))
SHOAL = BUILD_DIR / "core/agent/shoal"
# Patience is for machines with much else to do; what passes passes in a fraction of it.
PATIENCE = 60
FATES = ("delivered", "rejected", "expired", "dropped", "lost", "pending")
# Whoever runs the tests may have a key of their own, and set a proxy for everything.
FOREIGN = ("MACKEREL_APIKEY", "HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy")
for variable in FOREIGN:
    os.environ.pop(variable, None)


class AgentCase(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="shoal-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.agents = 0

    def agent(self, conf="", starts=True):
        """An agent in a folder of its own, ended with the test; started and answering unless told
        otherwise."""
        self.agents += 1
        agent = RunningAgent(BUILD_DIR, self.folder / f"agent{self.agents}", conf)
        self.addCleanup(self.end, agent)
        if starts:
            agent.start()
            agent.wait_until_ready(PATIENCE)
        return agent

    def end(self, agent):
        if agent.process and agent.process.poll() is None:
            agent.kill()
        if not self._outcome.success and agent.log.exists():
            print(f"--- log of {self.id()}\n{agent.log_text()}---", flush=True)

    def stub(self):
        stub = MackerelStub()
        stub.__enter__()
        self.addCleanup(stub.__exit__)
        return stub

    def wait(self, is_so, what, patience=PATIENCE):
        """Waits until is_so() is true; else the test fails with `what` was waited for."""
        try:
            wait_for(is_so, patience)
        except TimeoutError:
            self.fail(f"not so after {patience} s: {what() if callable(what) else what}")

    def shoal(self, *words, code=0):
        """One command of shoal, which must end with that exit code."""
        answer = subprocess.run([SHOAL, *map(str, words)], capture_output=True, text=True,
                                timeout=60)
        self.assertEqual(answer.returncode, code, f"{words}: {answer.stdout}{answer.stderr}")
        return answer

    def write(self, name, text, folder=None):
        path = (folder or self.folder) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def assert_accounted(self, agent):
        """Of each output, all that was accepted met a fate that is shown; the outputs by name."""
        outputs = {output["name"]: output for output in agent.status()["outputs"]}
        for output in outputs.values():
            self.assertEqual(output["accepted"], sum(output[fate] for fate in FATES), output)
        return outputs


def shell_metric(name, script, interval="1s", more=""):
    """A section that runs a shell script as a metric."""
    return (f"[plugin.metrics.{name}]\ncommand = {json.dumps(script)}\n"
            f'interval = "{interval}"\n{more}\n')


def without_host_metrics(*kept):
    """The host's own metrics switched off, less those named."""
    families = ("loadavg", "cpu", "memory", "disk", "filesystem", "interface")
    return "".join(f"[host_metrics.{family}]\nenabled = false\n"
                   for family in families if family not in kept)
