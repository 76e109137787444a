"""What the tests of check plugins share: one agent runs several checks each second against the real
thing, and tells their results as JSON on its standard output.
"""

import json
import os

from agent_case import PATIENCE, AgentCase, without_host_metrics

TELL = """
[plugin.outputs.tell]
plugin = "stdout"
isolation = "inline"
match = ["check:*"]
options = { format = "json" }
"""


def check(name, plugin, more="", **options):
    """A section that runs a check each second. JSON writes a text, a number and a list as TOML does."""
    lines = "".join(f"options.{key} = {json.dumps(value)}\n" for key, value in options.items())
    return f'[plugin.checks.{name}]\nplugin = "{plugin}"\ninterval = "1s"\n{more}{lines}\n'


class CheckCase(AgentCase):
    def run_checks(self, *sections, program=None):
        """One agent with these checks; `program` is started in the place of shoal."""
        self.running = self.agent(without_host_metrics() + TELL + "".join(sections), starts=False)
        self.running.shoal = program or self.running.shoal
        self.running.start()
        self.running.wait_until_ready(PATIENCE)
        return self.running

    def results(self, name):
        """All results of a check so far, oldest first."""
        lines = (line for line in self.running.log_text().splitlines() if line.startswith("{"))
        results = map(json.loads, lines)
        return [result for result in results if result["name"] == name]

    def result(self, name):
        """The next result that a check gives from now on."""
        seen = len(self.results(name))
        # A round that had begun already may tell of the world as it was.
        self.wait(lambda: len(self.results(name)) >= seen + 2, f"two results of {name}")
        return self.results(name)[-1]

    def becomes(self, name, status, text=""):
        """Waits until a check says so; its result."""
        self.wait(lambda: is_told(self.results(name), status, text),
                  lambda: f"{name} is {status} {text}\n{self.results(name)[-1:]}")
        return self.results(name)[-1]

    def assert_refused(self, section, *words):
        """configtest refuses it, with the file, the line and these words."""
        conf = self.write("refused.conf", section)
        answer = self.shoal("configtest", "--conf", conf, "--root", self.folder, "--plugin-dir",
                            self.plugin_dir(), code=1)
        self.assertRegex(answer.stderr, r"refused\.conf:\d+: ")
        for word in words:
            self.assertIn(word, answer.stderr)

    def plugin_dir(self):
        if not hasattr(self, "running"):
            self.running = self.agent(starts=False)
        return self.running.plugin_dir


def is_told(results, status, text):
    return bool(results) and results[-1]["status"] == status and text in results[-1]["text"]


def samples(result):
    """The performance data of a result: name to value."""
    return {sample["name"]: sample["value"] for sample in result.get("samples", [])}


def is_root():
    return os.geteuid() == 0
