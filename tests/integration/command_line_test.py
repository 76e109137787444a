"""What a person types: exit codes, both styles of flags, and answers that tell what to do next."""

import json
import unittest

from agent_case import BUILD_DIR, AgentCase, shell_metric, without_host_metrics

PLUGINS = BUILD_DIR / "plugins"
HOST_SERIES = {"loadavg1", "loadavg5", "loadavg15", "cpu.user.percentage", "cpu.system.percentage",
               "cpu.idle.percentage", "cpu.iowait.percentage", "memory.total", "memory.used",
               "memory.mem_available", "memory.swap_total", "memory.swap_free"}


class CommandCase(AgentCase):
    def on(self, conf, *words, code=0):
        """A command on a configuration of its own, with the plugins of the build."""
        file = self.write("shoal.conf", f'root = "{self.folder}/state"\n'
                          f'plugin_dir = "{PLUGINS}"\n' + conf)
        return self.shoal(*words, "--conf", file, code=code)


class Usage(CommandCase):
    def test_ends_with_2_and_a_way_on(self):
        for words, said in [
            (["frobnicate"], 'unknown command "frobnicate"; shoal --help lists them'),
            (["plugin"], "shoal plugin: expected list or info or run or test or new or reset; shoal --help tells more"),
            (["plugin", "frob"], "shoal plugin: expected list or info or run or test or new or reset; shoal --help tells more"),
            (["status", "--frob"], "see shoal status --help"),
            (["version", "please"], 'unexpected "please"'),
            (["history"], "expected one NAME, got 0"),
            (["history", "x", "--since", "yesterday"], 'like 30m, 6h or 7d, got "yesterday"'),
            (["once", "--format", "xml"], 'expected json, text or sensu, got "xml"'),
        ]:
            with self.subTest(words=words):
                self.assertIn(said, self.shoal(*words, code=2).stderr)

    def test_help_of_each_command_ends_with_0(self):
        listed = self.shoal("--help").stdout
        for command in ("run", "once", "configtest", "status", "history", "reload", "stop",
                        "plugin list", "plugin info", "plugin run", "plugin test", "zabbix-get",
                        "version"):
            with self.subTest(command=command):
                self.assertIn(f"\n  {command}", listed)
                answer = self.shoal(*command.split(), "-h")
                self.assertIn(f"usage: shoal {command}", answer.stdout)

    def test_says_its_version(self):
        self.assertRegex(self.shoal("version").stdout,
                         r"^shoal version \d+\.\d+\.\d+ \(rev \w+\) \[linux \w+\]\n$")


class Configtest(CommandCase):
    def test_a_clean_file(self):
        answer = self.on(shell_metric("x", "true"), "configtest")
        self.assertEqual(answer.stderr, f"SUCCESS ({self.folder}/shoal.conf)\n")

    def test_takes_flags_of_both_styles(self):
        file = self.write("shoal.conf", f'plugin_dir = "{PLUGINS}"\n')
        for flags in (["-conf", file], ["--conf", file], [f"-conf={file}"], [f"--conf={file}"]):
            with self.subTest(flags=flags):
                self.assertIn("SUCCESS", self.shoal("configtest", *flags).stderr)

    def test_a_missing_file(self):
        answer = self.shoal("configtest", "-conf", "/nowhere/shoal.conf", code=1)
        self.assertEqual(answer.stderr,
                         "[CRITICAL] /nowhere/shoal.conf: cannot be read: No such file or directory\n")

    def test_a_key_that_mackerel_agent_would_ignore_is_a_warning(self):
        answer = self.on('apikeyy = "x"\n', "configtest", code=1)
        self.assertRegex(answer.stderr, r"^\[WARNING\] .*shoal.conf:3: .*apikeyy.*apikey")

    def test_names_every_problem_with_its_line(self):
        conf = ('[plugin.metrics.a]\ncommand = 1\n[plugin.checks.b]\ncheck_interval = "90s"\n'
                'command = "true"\n[plugin.metrics.c]\nplugin = "loadavg"\noptions = { prok = "x" }\n'
                '[plugin.metrics.d]\nplugin = "nowhere"\n')
        said = self.on(conf, "configtest", code=1).stderr
        for line, what in ((4, "command"), (6, "check_interval"), (10, "prok"), (11, "nowhere")):
            self.assertRegex(said, rf"(?m)^\[CRITICAL\] .*shoal.conf:{line}: .*{what}")


class Once(CommandCase):
    def test_json_is_mackerel_agents_outline(self):
        answer = json.loads(self.on(shell_metric("x", r"printf 'x.y\t1.5\t0\n'"), "once").stdout)
        values = answer["metrics"]["Values"]
        self.assertLessEqual({"name", "meta", "interfaces"}, set(answer["host"]))
        self.assertEqual([value["CustomIdentifier"] for value in values], [None])
        self.assertLessEqual(HOST_SERIES | {"custom.x.y"}, set(values[0]["Values"]))
        self.assertEqual(values[0]["Values"]["custom.x.y"]["Value"], 1.5)

    def test_lines_for_people_and_for_sensu(self):
        text = self.on("", "once", "--format", "text").stdout
        self.assertLessEqual(HOST_SERIES, {line.split()[0] for line in text.splitlines()})

        lines = [line.split("\t") for line in self.on("", "once", "--format=sensu").stdout.splitlines()]
        self.assertLessEqual(HOST_SERIES, {line[0] for line in lines})
        for name, value, at in lines:
            self.assertTrue(name and float(value) >= 0 and int(at) > 1_600_000_000, (name, value, at))

    def test_delivers_nothing(self):
        stub = self.stub()
        self.on(f'apikey = "k"\napibase = "{stub.url}"\n', "once")
        self.assertEqual(stub.requests(), [])


class Plugins(CommandCase):
    def test_lists_what_is_installed(self):
        text = self.shoal("plugin", "list", "--plugin-dir", PLUGINS).stdout
        self.assertRegex(text, r"(?m)^metric +loadavg +\d")
        self.assertRegex(text, r"(?m)^output +mackerel +\d")

        listed = json.loads(self.shoal("plugin", "list", "--plugin-dir", PLUGINS, "--json").stdout)
        ids = {plugin["manifest"]["id"] for plugin in listed}
        self.assertLessEqual({"loadavg", "cpu", "memory", "disk", "filesystem", "interface",
                              "mackerel", "stdout"}, ids)

    def test_shows_a_manifest_by_name_and_by_path(self):
        by_name = self.shoal("plugin", "info", "loadavg", "--plugin-dir", PLUGINS).stdout
        by_path = self.shoal("plugin", "info", PLUGINS / "metric/loadavg.so").stdout
        self.assertEqual(by_name, by_path)
        self.assertIn("metric loadavg", by_name)

        manifest = json.loads(self.shoal("plugin", "info", "mackerel", "--plugin-dir", PLUGINS,
                                         "--json").stdout)
        self.assertEqual((manifest["id"], manifest["kind"]), ("mackerel", "output"))

    def test_a_damaged_file_is_one_sentence(self):
        kind = self.folder / "plugins/metric"
        kind.mkdir(parents=True)
        for name, spoil, said in [
            ("short.so", lambda whole: whole[:1000], "truncated"),
            ("text.so", lambda _: b"#!/bin/sh\n", "is a script; run it as a command"),
            ("empty.so", lambda _: b"", "is empty"),
        ]:
            with self.subTest(name=name):
                damaged = kind / name
                damaged.write_bytes(spoil((PLUGINS / "metric/loadavg.so").read_bytes()))
                answer = self.shoal("plugin", "info", damaged, code=1)
                self.assertRegex(answer.stderr, rf"^shoal: {damaged}: .*{said}.*\n$")
        listed = self.shoal("plugin", "list", "--plugin-dir", kind.parent).stdout
        self.assertEqual(len(listed.splitlines()), 3)

    def test_a_name_that_nothing_has(self):
        answer = self.shoal("plugin", "info", "nowhere", "--plugin-dir", PLUGINS, code=1)
        self.assertIn("no plugin named nowhere; shoal plugin list shows", answer.stderr)


class History(AgentCase):
    def test_shows_a_series_and_suggests_for_an_unknown_name(self):
        agent = self.agent(without_host_metrics("loadavg")
                           + '[plugin.checks.web]\ncommand = "echo well; exit 1"\n')
        self.wait(lambda: agent.history("loadavg5"), "a first sample")
        text = agent.cli("history", "loadavg5", "--since", "1h").stdout
        self.assertRegex(text, r"^loadavg5  1 points  min \S+  mean \S+  max \S+\n")

        unknown = agent.cli("history", "loadavg55")
        self.assertEqual(unknown.returncode, 1)
        self.assertRegex(unknown.stderr,
                         r"^shoal: history: nothing is known of loadavg55; did you mean loadavg")
        self.wait(lambda: "WARNING" in agent.cli("history", "check:web").stdout, "the check's result")

    def test_without_an_agent_ever_run(self):
        answer = self.shoal("history", "x", "--root", self.folder, code=1)
        self.assertIn("there is no such file; has an agent run here?", answer.stderr)


if __name__ == "__main__":
    unittest.main()
