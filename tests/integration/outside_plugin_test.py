"""A plugin built from sdk/ alone drops into a running agent; a damaged or unsafe one does not."""

import shutil
import subprocess
import unittest

from agent_case import TOP, AgentCase, shell_metric, without_host_metrics
from running_agent import compile_plugin

BEAT = shell_metric("beat", r"printf 'beat\t1\t0\n'")


def section(plugin):
    return (f'[plugin.metrics.outside]\nplugin = "{plugin}"\nisolation = "inline"\n'
            f'interval = "1s"\n')


class PluginCase(AgentCase):
    def build(self, target):
        """The SDK's C example, with nothing of our tree in reach but the headers."""
        elsewhere = self.folder / "elsewhere"
        shutil.copytree(TOP / "sdk/include", elsewhere / "include")
        source = shutil.copy(TOP / "sdk/examples/c/example_load.c", elsewhere)
        target.parent.mkdir(parents=True, exist_ok=True)
        compile_plugin(source, target, elsewhere / "include")
        return target


class OutsidePlugin(PluginCase):
    def test_flows_after_a_reload_and_outlives_a_damaged_copy(self):
        agent = self.agent(without_host_metrics() + BEAT)
        plugin = self.build(agent.plugin_dir / "metric/example_load.so")
        conf = self.write("outside.conf", section("example_load"), agent.conf_dir)
        self.assertEqual(agent.cli("reload").stdout, "reloaded\n")
        self.wait(lambda: len(agent.history("example_load.minute")) >= 2, "its samples")

        damaged = plugin.with_name("damaged.so")
        damaged.write_bytes(plugin.read_bytes()[:-1000])
        conf.write_text(section("damaged"))
        answer = agent.cli("reload")
        self.assertEqual(answer.returncode, 1)
        self.assertRegex(answer.stderr, rf"outside.conf:1: {damaged}: .*truncated")
        rounds = agent.job("metric:outside")["rounds"]
        self.wait(lambda: agent.job("metric:outside")["rounds"] > rounds, "the old set")
        self.assertEqual(agent.stop(), 0)

    def test_is_found_by_its_path(self):
        plugin = self.build(self.folder / "own/example_load.so")
        agent = self.agent(without_host_metrics() + section(plugin))
        self.wait(lambda: agent.history("example_load.minute"), "a sample")

    def test_overwriting_a_loaded_file_hurts_nobody_and_a_reload_takes_the_new_one(self):
        plugin = self.build(self.folder / "own/example_load.so")
        agent = self.agent(without_host_metrics() + section(plugin))
        self.wait(lambda: agent.history("example_load.minute"), "a sample")
        source = self.folder / "elsewhere/example_load.c"
        source.write_text(source.read_text().replace("example_load.minute", "example_load.second"))
        compile_plugin(source, plugin.with_name("next.so"), self.folder / "elsewhere/include")
        # In place, as cp does it.
        plugin.write_bytes(plugin.with_name("next.so").read_bytes())

        rounds = agent.job("metric:outside")["rounds"]
        self.wait(lambda: agent.job("metric:outside")["rounds"] > rounds, "rounds of the old code")
        self.assertEqual(agent.cli("reload").returncode, 0)
        self.wait(lambda: agent.history("example_load.second"), "samples of the new code")


class UnsafePlugin(PluginCase):
    def start_refused(self, plugin):
        """An agent that must not start; what it said."""
        ran = self.folder / "ran"
        agent = self.agent(section(plugin) + shell_metric("touches", f"touch {ran}"), starts=False)
        agent.start()
        self.assertEqual(agent.process.wait(60), 1)
        self.assertFalse(ran.exists())
        self.assertFalse((agent.root / "shoal.sock").exists())
        return agent.log_text()

    def test_writable_by_everyone(self):
        plugin = self.build(self.folder / "own/example_load.so")
        plugin.chmod(0o777)
        self.assertIn(f"shoal.conf:1: {plugin}: refused: the file is writable by everyone; chmod go-w "
                      f"{plugin}\n", self.start_refused(plugin))

    def test_in_a_directory_that_is_writable_by_its_group(self):
        plugin = self.build(self.folder / "own/example_load.so")
        plugin.parent.chmod(0o775)
        self.assertIn(f"{plugin}: refused: its directory is writable by its group; chmod go-w "
                      f"{plugin.parent}\n", self.start_refused(plugin))

    def test_with_a_symbol_that_nobody_has(self):
        plugin = self.build(self.folder / "own/example_load.so")
        source = self.folder / "elsewhere/example_load.c"
        source.write_text(source.read_text().replace("getloadavg(", "get_no_load_average("))
        subprocess.run(["cc", "-w", "-shared", "-fPIC", "-I", source.parent / "include", "-o", plugin,
                        source], check=True)
        self.assertRegex(self.start_refused(plugin), rf"shoal.conf:1: {plugin}: .*get_no_load_average")


if __name__ == "__main__":
    unittest.main()
