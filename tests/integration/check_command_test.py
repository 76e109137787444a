"""`shoal check`: a round of one check, or the running agent's last result, as a Nagios plugin says it;
and scripts/consul-check over both."""

import json
import os
import signal
import subprocess
import unittest

from agent_case import PATIENCE, SHOAL, TOP, AgentCase, without_host_metrics
from running_agent import wait_for


def command_check(name, script, more=""):
    return (f"[plugin.checks.{name}]\ncommand = {json.dumps(['sh', '-c', script])}\n"
            f'interval = "1s"\n{more}\n')


class ShoalCheckCase(AgentCase):
    def configure(self, *sections):
        self.conf = self.write("shoal.conf", without_host_metrics() + "".join(sections))
        self.plugins = self.agent(starts=False).plugin_dir
        self.root = self.folder / "root"

    def check(self, *words, program=(SHOAL, "check"), environment=None):
        """What a monitoring system sees: exit code and standard output."""
        answer = subprocess.run(
            [*program, *words, "--conf", self.conf, "--plugin-dir", self.plugins, "--root", self.root],
            capture_output=True, text=True, timeout=PATIENCE, env=environment)
        return answer.returncode, answer.stdout


class CheckCommand(ShoalCheckCase):
    def test_runs_one_round_and_tells_its_state(self):
        told = self.folder / "told"
        self.configure(
            command_check("fine", "echo 'OK | a=1'"),
            command_check("bad", "echo down; exit 2"),
            command_check("silent", "exit 1"),
            command_check("odd", "echo odd; exit 77"),
            command_check("acts", "echo acts", f'action = {{ command = "touch {told}" }}\n'),
            command_check("slow", "sleep 600", "timeout_seconds = 1\n"),
            '[plugin.checks.load]\nplugin = "load"\noptions = { warning = 1e6, critical = 1e6 }\n')

        self.assertEqual(self.check("fine"), (0, "OK | a=1\n"))
        self.assertEqual(self.check("bad"), (2, "down\n"))
        self.assertEqual(self.check("silent"), (1, "WARNING\n"))
        self.assertEqual(self.check("odd"), (3, "odd\n"))
        self.assertEqual(self.check("slow"), (3, "command timed out\n"))
        self.assertEqual(self.check("acts"), (0, "acts\n"))
        self.assertFalse(told.exists())
        code, text = self.check("load")
        self.assertEqual(code, 0)
        self.assertRegex(text, r"^load average: .* \| load\.load\.loadavg1=[0-9.]+ ")
        self.assertFalse(self.root.exists())

    def test_is_unknown_whenever_it_cannot_tell(self):
        self.configure(command_check("fine", "true"))

        code, text = self.check("fien")
        self.assertEqual((code, text),
                         (3, 'UNKNOWN: there is no check "fien"; did you mean "fine"?\n'))
        self.assertEqual(self.check()[0], 3)
        self.assertEqual(self.check("fine", "--colour")[0], 3)
        self.assertIn("no agent answers at", self.check("fine", "--last")[1])
        self.assertEqual(self.check("fine", "--last")[0], 3)
        self.write("shoal.conf", "[plugin.checks.fine]\n")
        code, text = self.check("fine")
        self.assertEqual(code, 3)
        self.assertIn("shoal.conf:1: ", text)

    def test_works_on_a_copy_of_the_check_s_state(self):
        log = self.write("app.log", "")
        agent = self.agent(
            without_host_metrics() + '[plugin.checks.app]\nplugin = "log"\ninterval = "1h"\n'
            f'options = {{ file = "{log}", patterns = ["FATAL"], critical = 0, return_lines = true }}\n')
        self.conf, self.plugins, self.root = agent.folder / "shoal.conf", agent.plugin_dir, agent.root
        self.wait(lambda: agent.job("check:app")["rounds"] == 1
                  and agent.job("check:app")["state"] == "waiting", "its first round")
        log.write_text("FATAL error\n")

        for _ in range(2):
            code, text = self.check("app")
            self.assertEqual(code, 2, text)
            self.assertIn("FATAL error", text)

    def test_asks_the_running_agent(self):
        state = self.write("state", "0")
        agent = self.agent(without_host_metrics() + command_check(
            "web", f"echo \"state $(cat {state}) | a=1\"; exit $(cat {state})"))
        self.conf, self.plugins, self.root = agent.folder / "shoal.conf", agent.plugin_dir, agent.root
        self.wait(lambda: self.check("web", "--last") == (0, "state 0 | a=1\n"), "its first result")

        state.write_text("2")
        self.wait(lambda: self.check("web", "--last") == (2, "state 2 | a=1\n"), "the change")
        code, text = self.check("wbe", "--last")
        self.assertEqual((code, text),
                         (3, 'UNKNOWN: check "wbe": there is none, or no result yet\n'))

    def test_ends_at_once_when_it_is_told_to(self):
        begun = self.folder / "begun"
        self.configure(command_check("slow", f"touch {begun}; sleep 600"))
        process = subprocess.Popen([SHOAL, "check", "slow", "--conf", self.conf, "--root", self.root],
                                   stdout=subprocess.PIPE, text=True)
        self.addCleanup(process.stdout.close)
        wait_for(begun.exists, PATIENCE)
        process.send_signal(signal.SIGTERM)

        self.assertEqual(process.wait(PATIENCE), 3)
        self.assertIn("UNKNOWN: cancelled", process.stdout.read())


class ConsulCheck(ShoalCheckCase):
    SCRIPT = (TOP / "scripts/consul-check",)

    def script(self, *words, shoal=SHOAL):
        return self.check(*words, program=self.SCRIPT, environment=dict(os.environ, SHOAL=str(shoal)))

    def test_tells_state_and_message(self):
        self.configure(command_check("fine", "echo fine"),
                       command_check("bad", "echo down; echo more; exit 2"),
                       command_check("long", "yes 0123456789 | head -n 2000; exit 1"))

        self.assertEqual(self.script("fine"), (0, "fine\n"))
        self.assertEqual(self.script("bad"), (2, "down\nmore\n"))
        self.assertEqual(self.script("--quiet", "fine"), (0, ""))
        self.assertEqual(self.script("--quiet", "bad"), (2, "down\nmore\n"))
        code, text = self.script("long")
        self.assertEqual((code, len(text)), (1, 4000))
        self.assertEqual(self.script("none")[0], 3)

    def test_is_unknown_without_shoal(self):
        self.configure()
        code, text = self.script("web", shoal="/nonexistent/shoal")
        self.assertEqual(code, 3)
        self.assertIn("UNKNOWN: /nonexistent/shoal check ended with exit code 127", text)


if __name__ == "__main__":
    unittest.main()
