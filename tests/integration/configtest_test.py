"""configtest names what is wrong in a mackerel-agent.conf, and where: the sample, and damaged ones."""

import unittest

from agent_case import BUILD_DIR, AgentCase

SAMPLE = """\
apikey = "k0000000000000000000000000000000000000000000"
roles = ["Shop:web"]
include = "{folder}/conf.d/*.conf"
[host_status]
on_start = "working"
on_stop  = "poweroff"
[filesystems]
ignore = "/dev/(ram|loop)"
[disks]
ignore = "^(loop|ram)"
[plugin.metrics.app]
command = ["/usr/local/bin/app-metrics", "--port", "9000"]
timeout_seconds = 20
include_pattern = '^app\\.'
[plugin.checks.ssh]
command = "check-tcp -H 127.0.0.1 -p 22 -w 1 -c 3"
check_interval = "5m"
max_check_attempts = 3
notification_interval = 60
memo = "runbook: wiki/ssh"
action = {{ command = "/usr/local/bin/on-check", env = {{ X = "1" }}, timeout_seconds = 10 }}
[plugin.metadata.packages]
command = "/usr/local/bin/packages-json"
execution_interval = "1h"
"""

# What is written instead of what, and all that configtest says about it.
DAMAGED = [
    ('["Shop:web"]', '"Shop:web"',
     "[CRITICAL] F:2: roles: expected an array of strings, got a string"),
    ('["Shop:web"]', '["Shop web"]',
     '[WARNING] F:2: roles: expected "service:role", got "Shop web"; left out'),
    ('["Shop:web"]', '["Shop:web"',
     "[CRITICAL] F:3: not valid TOML: error while parsing array: expected comma or closing ']', "
     "saw 'i'"),
    ("on_start", "on_strat",
     '[WARNING] F:5: host_status.on_strat: unknown key, did you mean "on_start"?'),
    ('"working"', '"workin"',
     '[CRITICAL] F:5: host_status.on_start: expected "working" or "standby" or "maintenance" or '
     '"poweroff" or "", got "workin"'),
    ("[disks]", "[disk]", '[WARNING] F:9: disk: unknown key, did you mean "disks"?'),
    ('["/usr/local/bin/app-metrics", "--port", "9000"]', "[]",
     "[CRITICAL] F:12: plugin.metrics.app.command: expected a program to run, got nothing"),
    ("timeout_seconds = 20", "timeout_seconds = 1.5",
     "[CRITICAL] F:13: plugin.metrics.app.timeout_seconds: expected an integer, got a float"),
    (r"'^app\.'", "'(app'",
     '[CRITICAL] F:14: plugin.metrics.app.include_pattern: pattern "(app" does not compile: '
     "missing ): (app"),
    ('command = "check-tcp -H 127.0.0.1 -p 22 -w 1 -c 3"\n', "",
     "[CRITICAL] F:15: plugin.checks.ssh: expected command or plugin, got neither"),
    ('"5m"', '"90s"',
     '[CRITICAL] F:17: plugin.checks.ssh.check_interval: expected whole minutes like 10 or '
     '"1h30m", got "90s"'),
    ('"5m"', "5m",
     "[CRITICAL] F:17: not valid TOML: error while parsing decimal integer: expected digit, "
     "saw 'm'"),
    ("max_check_attempts", "max_check_attemps",
     '[WARNING] F:18: plugin.checks.ssh.max_check_attemps: unknown key, did you mean '
     '"max_check_attempts"?'),
    ('X = "1"', "X = 1",
     "[CRITICAL] F:21: plugin.checks.ssh.action.env.X: expected a string, got an integer"),
    ("[plugin.metadata.packages]", "[plugin.metadat.packages]",
     '[WARNING] F:22: plugin.metadat.packages: unknown key, did you mean '
     '"plugin.metadata.packages"?'),
]


class MackerelAgentConf(AgentCase):
    def configtest(self, text, code):
        file = self.write("mackerel-agent.conf", text)
        file.chmod(0o600)
        answer = self.shoal("configtest", "-conf", file, "-root", self.folder / "root",
                            "-plugin-dir", BUILD_DIR / "plugins", code=code)
        return answer.stderr.replace(str(file), "F")

    def test_the_sample_is_right(self):
        self.assertEqual(self.configtest(SAMPLE.format(folder=self.folder), 0), "SUCCESS (F)\n")

    def test_each_damage_is_named_with_its_line_and_nothing_else_is(self):
        sample = SAMPLE.format(folder=self.folder)
        for wanted, written, said in DAMAGED:
            with self.subTest(written=written):
                self.assertEqual(sample.count(wanted), 1)
                self.assertEqual(self.configtest(sample.replace(wanted, written), 1), said + "\n")

    def test_every_damage_of_a_file_is_named(self):
        sample = SAMPLE.format(folder=self.folder)
        alone = ('["Shop web"]', "on_strat")  # another damage stands in their place
        together = [d for d in DAMAGED if "not valid TOML" not in d[2] and d[1] not in alone]
        for wanted, written, _ in together:
            sample = sample.replace(wanted, written)
        said = self.configtest(sample, 1)
        for _, _, line in together:
            text = line.partition(": ")[2]
            with self.subTest(text=text):
                self.assertIn(text, said)

    def test_an_included_file_is_named_by_its_own_path_and_line(self):
        self.write("conf.d/x.conf", '[plugin.checks.ssh]\ncommand = "x"\nmemmo = "y"\n')
        said = self.configtest(SAMPLE.format(folder=self.folder), 1)
        self.assertEqual(said, f'[WARNING] {self.folder}/conf.d/x.conf:3: plugin.checks.ssh.memmo: '
                               'unknown key, did you mean "memo"?\n')


if __name__ == "__main__":
    unittest.main()
