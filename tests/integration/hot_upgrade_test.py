"""A new version of a plugin takes over between two rounds, a bad one does not."""

import re
import unittest
from collections import Counter

from agent_case import AgentCase, without_host_metrics
from upgraded_plugin import CRASHES, REFUSES, UpgradedPlugin

JOB = "metric:upgraded"


def section(isolation):
    return f'[plugin.metrics.upgraded]\nplugin = "upgraded"\ninterval = "1s"\nisolation = "{isolation}"\n'


class HotUpgrade(AgentCase):
    def upgraded_agent(self, isolation):
        agent = self.agent(without_host_metrics() + section(isolation), starts=False)
        plugin = UpgradedPlugin(agent.plugin_dir)
        agent.start("--print-rounds")
        agent.wait_until_ready(60)
        return agent, plugin

    def rounds(self, agent):
        """Of the job: second and build, as they ended."""
        return re.findall(rf"(?m)^(\d\d:\d\d:\d\d) {JOB} ok \S+ upgraded.build=(\d+)", agent.log_text())

    def wait_for_rounds(self, agent, count=2):
        before = len(self.rounds(agent))
        self.wait(lambda: len(self.rounds(agent)) >= before + count, "rounds")

    def upgrade_twice(self, isolation):
        agent, plugin = self.upgraded_agent(isolation)
        self.wait_for_rounds(agent)
        plugin.copy(2)
        self.assertEqual(agent.cli("reload").stdout, "reloaded\n")
        self.wait_for_rounds(agent)
        plugin.rename(3)
        self.assertEqual(agent.cli("reload").stdout, "reloaded\n")
        self.wait_for_rounds(agent)

        self.assertEqual(agent.job(JOB)["version"], "1.0.000003")
        self.assertEqual(agent.job(JOB)["isolation"], isolation)
        self.wait(lambda: agent.log_text().count(f"{JOB}: farewell") == 2, "two farewells")
        return agent

    def assert_without_gap(self, agent):
        rounds = self.rounds(agent)
        self.assertEqual([int(build) for _, build in rounds], sorted(int(build) for _, build in rounds))
        self.assertEqual({build for _, build in rounds}, {"1", "2", "3"})
        self.assertEqual(set(Counter(second for second, _ in rounds).values()), {1}, rounds)
        self.assertEqual(agent.job(JOB)["rounds"], len(rounds))
        # But for the first, no round was without a rate: each counter went on where the last one was.
        silent = [line for line in agent.log_text().splitlines()
                  if f" {JOB} ok " in line and "upgraded.ticks" not in line]
        self.assertEqual(len(silent), 1, silent)

    def test_in_a_process_misses_no_round_and_leaves_no_gap(self):
        agent = self.upgrade_twice("process")
        self.assert_without_gap(agent)
        self.assertEqual(agent.status()["notices"], [])
        self.assertEqual(agent.stop(), 0)
        self.assertEqual(agent.log_text().count(f"{JOB}: farewell"), 3)

    def test_inline_says_which_code_stays_in_memory(self):
        agent = self.upgrade_twice("inline")
        self.assert_without_gap(agent)
        self.assertEqual(agent.status()["notices"],
                         [f"{agent.plugin_dir}/metric/upgraded.so: the code of 2 earlier versions stays in "
                          "memory until a restart"])

    def test_a_bad_version_is_refused_and_the_old_one_goes_on(self):
        agent, plugin = self.upgraded_agent("process")
        self.wait_for_rounds(agent)
        file = re.escape(str(plugin.file))
        for make, finding in (
                (lambda: plugin.copy(REFUSES), f"{file}: this build does not like it here"),
                (lambda: plugin.rename(CRASHES), f"{file}: .*signal 6"),
                (lambda: plugin.file.write_bytes(plugin.bytes_of(2)[:-1000]), f"{file}: ")):
            make()
            answer = agent.cli("reload")
            with self.subTest(answer=answer.stderr):
                self.assertEqual(answer.returncode, 1)
                self.assertRegex(answer.stderr, f"shoal.conf:[0-9]+: .*{finding}")
                self.assertRegex(agent.status()["last_reload_error"], finding)
                self.assertEqual(agent.job(JOB)["version"], "1.0.000001")
        self.wait_for_rounds(agent)
        rounds = self.rounds(agent)
        self.assertEqual({build for _, build in rounds}, {"1"})
        self.assertEqual(set(Counter(second for second, _ in rounds).values()), {1}, rounds)


if __name__ == "__main__":
    unittest.main()
