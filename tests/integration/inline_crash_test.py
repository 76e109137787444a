"""An agent that a plugin in it takes down: it says which, runs that one apart from then on, loses nothing."""

import os
import re
import shutil
import signal
import time
import unittest

from agent_case import BUILD_DIR, AgentCase, shell_metric, without_host_metrics

ZOO = BUILD_DIR / "tests/zoo"
BEAT = shell_metric("beat", r"printf 'beat\t1\t0\n'")


def animal(plugin, options="", kind="metric"):
    """A section that runs an animal of the zoo in the agent itself."""
    return (f'[plugin.{kind}s.bad]\nplugin = "{plugin}"\nisolation = "inline"\n'
            f"options = {{{options}}}\n" + ("" if kind == "output" else 'interval = "1s"\n'))


class InlineCase(AgentCase):
    def inline_agent(self, plugin, *options, kind="metric", conf="", top=""):
        agent = self.agent(top + without_host_metrics() + conf + animal(plugin, *options, kind=kind),
                           starts=False)
        target = agent.plugin_dir / kind
        target.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ZOO / kind / f"{plugin}.so", target)
        return agent

    def isolation(self, agent, kind="metric"):
        """Of the animal, if the agent answers just now."""
        try:
            status = agent.status()
        except OSError:
            return None
        jobs = {job["id"]: job for job in status["jobs"]}
        jobs |= {"output:" + output["name"]: output for output in status["outputs"]}
        return jobs[f"{kind}:bad"]["isolation"]

    def wait_until_isolated(self, agent, kind="metric"):
        self.wait(lambda: self.isolation(agent, kind) == "process", "a process of its own")


class Restart(InlineCase):
    def test_names_the_plugin_that_took_it_down_and_runs_it_apart(self):
        agent = self.inline_agent("null_dereference", "after_rounds = 2", conf=BEAT)
        agent.start()
        self.assertEqual(agent.process.wait(60), -signal.SIGSEGV)
        agent.start()
        agent.wait_until_ready(60)

        what = (f"plugin {agent.plugin_dir}/metric/null_dereference.so took the agent down in a round of "
                "metric:bad: signal 11 (Segmentation fault), at ")
        self.assertEqual(self.isolation(agent), "process")
        self.assertIn(what, agent.status()["notices"][0])
        self.assertIn("! " + what, agent.cli("status").stdout)
        self.assertIn("ERROR " + what, agent.log_text())
        self.wait(lambda: what in agent.cli("history", "check:shoal").stdout, "its result")
        self.wait(lambda: agent.job("metric:bad")["deaths"], "a death that costs its process only")
        self.assertTrue(agent.is_running())

        self.assertEqual(agent.stop(), 0)
        agent.start()
        agent.wait_until_ready(60)
        self.assertEqual(self.isolation(agent), "process")
        self.assertEqual(len(agent.status()["notices"]), 1)

    def test_trusts_a_changed_file_again(self):
        agent = self.inline_agent("null_dereference", 'where = "create"')
        agent.start()
        self.assertEqual(agent.process.wait(60), -signal.SIGSEGV)
        shutil.copy2(ZOO / "metric/emits_nan.so", agent.plugin_dir / "metric/null_dereference.so")
        agent.start()
        agent.wait_until_ready(60)

        self.assertEqual(self.isolation(agent), "inline")
        self.assertEqual(agent.status()["notices"], [])

    def test_suspects_nobody_of_a_kill_in_the_midst_of_a_call(self):
        agent = self.inline_agent("sleeps")
        agent.start()
        agent.wait_until_ready(60)
        self.wait(lambda: agent.job("metric:bad")["state"] == "running", "a call")
        agent.kill()
        agent.start()
        agent.wait_until_ready(60)

        self.assertEqual(self.isolation(agent), "inline")
        self.assertEqual(agent.status()["notices"], [])

    def test_starts_beside_a_damaged_marker(self):
        agent = self.inline_agent("null_dereference", "after_rounds = 1000")
        agent.start()
        agent.wait_until_ready(60)
        agent.kill()
        marker = agent.root / "inline.marker"
        marker.write_bytes(b"\xff" * marker.stat().st_size)
        agent.start()
        agent.wait_until_ready(60)

        self.assertIn("inline.marker: damaged, ignored", agent.log_text())


class Supervise(InlineCase):
    def test_passes_signals_on_and_ends_with_the_agent(self):
        agent = self.agent(without_host_metrics() + BEAT, starts=False)
        pid_file = agent.folder / "pid"
        agent.start("--pidfile", pid_file, command="supervise")
        agent.wait_until_ready(60)
        self.assertEqual(pid_file.read_text(), str(agent.process.pid))
        self.assertNotEqual(agent.status()["pid"], agent.process.pid)

        agent.process.send_signal(signal.SIGHUP)
        self.wait(lambda: agent.status()["last_reload"], "a reload")
        agent.process.send_signal(signal.SIGTERM)
        self.assertEqual(agent.process.wait(60), 0)
        self.assertFalse(pid_file.exists())
        self.assertIn("INFO stopped", agent.log_text())

    def test_does_not_start_again_what_ends_at_once_for_another_reason(self):
        agent = self.agent("[plugin.metrics.x]\ncommand = 1\n", starts=False)
        agent.start(command="supervise")
        self.assertEqual(agent.process.wait(60), 1)

        agent = self.agent(without_host_metrics() + BEAT, starts=False)
        agent.start(command="supervise")
        agent.wait_until_ready(60)
        os.kill(agent.status()["pid"], signal.SIGKILL)
        self.assertEqual(agent.process.wait(60), 1)
        self.assertIn("was ended by signal 9 (Killed) within 30 s; not started again",
                      agent.log_text())


class Zoo(InlineCase):
    """Under supervise each animal costs one restart at most. All of them: scripts/soak/inline-zoo."""

    def supervised(self, plugin, *options, **more):
        agent = self.inline_agent(plugin, *options, conf=BEAT, **more)
        agent.start("--print-rounds", command="supervise")
        return agent

    def restarts(self, agent):
        return agent.log_text().count("; started again")

    def test_a_crash_wherever_it_is_costs_one_restart(self):
        agents = [(self.supervised("null_dereference", f'where = "{where}"'), "metric")
                  for where in ("create", "start", "round")]
        agents += [(self.supervised("crashes_on_load"), "metric"),
                   (self.supervised("overflows_stack"), "metric"),
                   (self.supervised("exits", "amount = 0", kind="check"), "check"),
                   (self.supervised("null_dereference", kind="output"), "output")]
        for agent, kind in agents:
            with self.subTest(log=agent.log):
                self.wait_until_isolated(agent, kind)
                rounds = agent.job("metric:beat")["rounds"]
                self.wait(lambda: agent.job("metric:beat")["rounds"] > rounds, "rounds that go on")
                self.assertEqual(self.restarts(agent), 1, agent.log_text())
                self.assertIn("took the agent down", agent.status()["notices"][0])
                agent.process.send_signal(signal.SIGTERM)
        for agent, _ in agents:
            agent.process.wait(60)

    def test_loses_nothing_of_a_done_round(self):
        stub = self.stub()
        stub.answer(500)
        keyed = f'apikey = "k"\napibase = "{stub.url}"\n'
        agent = self.supervised("null_dereference", "after_rounds = 4", top=keyed)
        self.wait_until_isolated(agent)
        first_life = agent.log_text().split("; started again")[0]
        done = re.findall(r"(?m)^(\d\d:\d\d:\d\d) metric:beat ok ", first_life)
        self.assertGreaterEqual(len(done), 3)

        # The last may have ended in the very moment of the crash, before it was committed.
        kept = {time.strftime("%H:%M:%S", time.localtime(at)) for at, _ in agent.history("custom.beat")
                or agent.history("beat")}
        self.assertLessEqual(set(done[:-1]), kept)
        outputs = self.assert_accounted(agent)
        self.assertGreaterEqual(outputs["mackerel"]["accepted"], len(done) - 1)
        self.assertEqual(outputs["mackerel"]["lost"], 0)


if __name__ == "__main__":
    unittest.main()
