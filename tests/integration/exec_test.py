"""Commands are bad neighbours at times; the others must not notice, and the agent must not grow."""

import os
import unittest

from agent_case import AgentCase, shell_metric, without_host_metrics

GOOD = [f"good{number}" for number in range(17)]
BAD = {
    "hangs": "sleep 30",
    "floods": "yes flood.value 1 1 | head -c 100000000",
    # Ends by itself soon after the test.
    "holds": r"sleep 30 & printf 'held\t1\t0\n'",
}
ROUNDS = 10
MOST_GROWTH_KB = 4096
# Of the flood one MiB is kept, read and stored; the rest must never be in memory.
MOST_KB = 40_000
# Sanitizers keep freed memory on purpose.
IS_SANITIZED = os.environ.get("SHOAL_SANITIZERS", "none") != "none"


class Neighbours(AgentCase):
    def test_one_hangs_one_floods_one_leaves_a_child_and_the_rest_are_on_time(self):
        commands = {name: rf"printf '{name}\t1\t0\n'" for name in GOOD} | BAD
        agent = self.agent(without_host_metrics() + "".join(
            shell_metric(name, script, more="timeout_seconds = 2" if name in BAD else "")
            for name, script in commands.items()))
        self.wait(lambda: self.rounds(agent) >= ROUNDS // 2, "the first rounds")
        _, settled = agent.memory_kb()
        self.wait(lambda: self.rounds(agent) >= ROUNDS, "more rounds")
        _, anonymous = agent.memory_kb()
        jobs = {job["id"].removeprefix("metric:"): job for job in agent.status()["jobs"]}

        if not IS_SANITIZED:
            self.assertLess(anonymous - settled, MOST_GROWTH_KB)
            self.assertLess(anonymous, MOST_KB)
        for name in GOOD:
            self.assertEqual(jobs[name]["failures"], 0, name)
            self.assert_a_sample_each_second(agent.history(name), jobs[name]["missed"])
        self.assertEqual(jobs["hangs"]["failures"], jobs["hangs"]["rounds"] -
                         (jobs["hangs"]["state"] == "running"))
        self.assertIn("timed out", jobs["hangs"]["last_reason"])
        self.assertGreater(jobs["floods"]["dropped"], 0)
        self.assertEqual(jobs["holds"]["last_outcome"], "ok")
        self.assertGreaterEqual(len(agent.history("held")), ROUNDS // 2)

    def rounds(self, agent):
        return min(agent.job(f"metric:{name}")["rounds"] for name in GOOD)

    # Each second has a sample or is counted as missed: how many are is for the benchmarks.
    def assert_a_sample_each_second(self, points, missed):
        times = [at for at, _ in points]
        seconds = times[-1] - times[0] + 1
        self.assertEqual(len(set(times)), len(times))
        self.assertGreaterEqual(len(times) + missed, seconds - 1, times)


class Output(AgentCase):
    def test_a_line_that_is_wrong_costs_only_itself(self):
        script = r"printf 'good\t1\t0\nbad\tx\t0\nshort\t1\nname with blanks 1 0\nlast\t2\t0\n'"
        agent = self.agent(without_host_metrics() + shell_metric("mixed", script, "1m"))
        self.wait(lambda: agent.job("metric:mixed")["last_records"], "a round")

        job = agent.job("metric:mixed")
        self.assertEqual((job["last_outcome"], job["last_records"]), ("ok", 2))
        self.assertGreater(job["dropped"], 0)
        self.assertIn("bad", agent.log_text())

    def test_knows_the_program_that_is_missing_and_the_time_a_round_took(self):
        agent = self.agent(without_host_metrics()
                           + '[plugin.metrics.gone]\ncommand = ["/nowhere/program"]\n'
                           + shell_metric("slow", r"sleep 1; printf 'slow\t1\t0\n'", "1m"))
        self.wait(lambda: agent.job("metric:slow")["last_records"], "the slow round")

        self.assertIn("/nowhere/program", agent.job("metric:gone")["last_reason"])
        self.assertGreaterEqual(agent.job("metric:slow")["last_duration_seconds"], 1)


if __name__ == "__main__":
    unittest.main()
