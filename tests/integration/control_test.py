"""Signals and the socket: an agent stops, reloads, says what runs, and shares its state with no other."""

import json
import signal
import unittest

from agent_case import AgentCase, shell_metric, without_host_metrics

BEAT = shell_metric("beat", r"printf 'beat\t1\t0\n'")
HANGING = shell_metric("hangs", "sleep 60", more="timeout_seconds = 50")


def job_ids(agent):
    return [job["id"] for job in agent.status()["jobs"]]


class Stop(AgentCase):
    def test_a_signal_ends_it_cleanly(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            with self.subTest(signal=number):
                agent = self.agent()
                agent.process.send_signal(number)
                self.assertEqual(agent.process.wait(60), 0)
                self.assertFalse((agent.root / "shoal.sock").exists())
                self.assertIn("INFO stopped", agent.log_text())

    def test_the_command_ends_it_and_waits(self):
        agent = self.agent()
        answer = agent.cli("stop")
        self.assertEqual((answer.returncode, answer.stdout), (0, "stopped\n"))
        self.assertEqual(agent.process.wait(60), 0)
        self.assertFalse((agent.root / "shoal.sock").exists())

        again = agent.cli("stop")
        self.assertEqual(again.returncode, 1)
        self.assertIn(f"no agent answers at {agent.root}/shoal.sock", again.stderr)

    def test_a_round_that_hangs_is_waited_for_until_a_second_signal(self):
        agent = self.agent(without_host_metrics() + HANGING)
        self.wait(lambda: agent.job("metric:hangs")["state"] == "running", "a running round")
        agent.process.send_signal(signal.SIGTERM)
        self.wait(lambda: "letting rounds in progress end" in agent.log_text(), "the stop")
        self.assertTrue(agent.is_running())

        agent.process.send_signal(signal.SIGTERM)
        self.assertEqual(agent.process.wait(60), 1)
        self.assertIn("told to stop twice", agent.log_text())


class Reload(AgentCase):
    def test_takes_up_a_file_that_was_dropped_in(self):
        agent = self.agent(without_host_metrics())
        self.write("beat.conf", BEAT, agent.conf_dir)
        answer = agent.cli("reload")

        self.assertEqual((answer.returncode, answer.stdout), (0, "reloaded\n"))
        self.assertEqual(job_ids(agent), ["metric:beat"])
        self.wait(lambda: agent.history("beat"), "its samples")

    def test_takes_it_up_at_a_signal_and_drops_what_was_taken_away(self):
        agent = self.agent(without_host_metrics() + BEAT)
        self.write("more.conf", shell_metric("more", r"printf 'more\t1\t0\n'"), agent.conf_dir)
        agent.process.send_signal(signal.SIGHUP)
        self.wait(lambda: "metric:more" in job_ids(agent), "the new job")

        (agent.conf_dir / "more.conf").unlink()
        agent.process.send_signal(signal.SIGHUP)
        self.wait(lambda: job_ids(agent) == ["metric:beat"], "the old set")
        self.wait(lambda: agent.job("metric:beat")["rounds"] >= 3, "rounds that went on")

    def test_a_broken_file_keeps_what_runs_and_is_named(self):
        agent = self.agent(without_host_metrics() + BEAT)
        self.write("broken.conf", '[plugin.metrics.x]\ncommand = 1\n', agent.conf_dir)
        answer = agent.cli("reload")
        rounds = agent.job("metric:beat")["rounds"]

        finding = "conf.d/broken.conf:2: plugin.metrics.x.command: expected a string or an array " \
                  "of strings, got an integer"
        self.assertEqual(answer.returncode, 1)
        self.assertIn(finding, answer.stderr)
        self.assertIn(finding, agent.status()["last_reload_error"])
        self.assertIn("! the last reload was refused", agent.cli("status").stdout)
        self.assertIn("the present configuration goes on", agent.log_text())
        self.wait(lambda: agent.job("metric:beat")["rounds"] > rounds, "rounds that go on")

        (agent.conf_dir / "broken.conf").unlink()
        self.assertEqual(agent.cli("reload").returncode, 0)
        self.assertEqual(agent.status()["last_reload_error"], "")

    def test_a_reload_leaves_unchanged_jobs_their_count_of_rounds(self):
        agent = self.agent(without_host_metrics() + BEAT)
        self.wait(lambda: agent.job("metric:beat")["rounds"] >= 2, "rounds")
        self.assertEqual(agent.cli("reload").returncode, 0)
        self.assertGreaterEqual(agent.job("metric:beat")["rounds"], 2)


class Status(AgentCase):
    def test_shows_what_runs_as_text_and_as_json(self):
        agent = self.agent(without_host_metrics("loadavg") + BEAT
                           + shell_metric("fails", "exit 1", "1m")
                           + shell_metric("missing", "x", "1m").replace('"x"', '["/nowhere"]'))
        self.wait(lambda: agent.job("metric:missing")["failures"], "a failure")
        self.wait(lambda: agent.job("metric:beat")["last_records"], "a sample")
        status = json.loads(agent.cli("status", "--json").stdout)
        text = agent.cli("status").stdout

        self.assertEqual(status["pid"], agent.process.pid)
        self.assertEqual({job["id"] for job in status["jobs"]},
                         {"host:loadavg", "metric:beat", "metric:fails", "metric:missing"})
        self.assertGreater(status["resident_bytes"], status["anonymous_bytes"])
        self.assertRegex(text, r"(?m)^! metric:missing .*/nowhere")
        self.assertRegex(text, r"(?m)^metric:beat +waiting .* every 1s$")
        self.assertIn("no outputs: records go to the local history only", text)

    def test_a_second_agent_on_the_same_state_is_refused(self):
        agent = self.agent(without_host_metrics() + BEAT)
        second = agent.cli("run", "--conf", agent.folder / "shoal.conf",
                           "--plugin-dir", agent.plugin_dir)

        self.assertEqual(second.returncode, 1)
        self.assertIn(f"process {agent.process.pid} has it open; stop it, or give this one another "
                      "--root", second.stderr)
        rounds = agent.job("metric:beat")["rounds"]
        self.wait(lambda: agent.job("metric:beat")["rounds"] > rounds, "rounds of the first")

    def test_a_socket_that_a_killed_agent_left_is_taken_over(self):
        agent = self.agent(without_host_metrics())
        agent.kill()
        self.assertTrue((agent.root / "shoal.sock").exists())
        agent.start()
        agent.wait_until_ready(60)
        self.assertEqual(oct((agent.root / "shoal.sock").stat().st_mode)[-3:], "660")
        self.assertEqual(oct(agent.root.stat().st_mode)[-3:], "700")


if __name__ == "__main__":
    unittest.main()
