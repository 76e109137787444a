"""Plugins of the Monitoring Plugins project as Debian has them, unchanged, as commands of the agent:
their state and text arrive as results, their performance data as metrics."""

import json
import shutil
import subprocess
import unittest

from agent_case import AgentCase, without_host_metrics
from check_case import TELL
from real_peers import Nginx

# The second post to Mackerel comes a minute after the first.
MINUTES = 120
PLUGINS = "/usr/lib/nagios/plugins"


def nagios(name, *words):
    command = json.dumps([f"{PLUGINS}/{words[0]}", *map(str, words[1:])])
    return f'[plugin.checks.{name}]\ncommand = {command}\ninterval = "1s"\n\n'


def can_ping():
    ping = shutil.which("ping")
    return ping and subprocess.run([ping, "-c", "1", "127.0.0.1"], capture_output=True).returncode == 0


class MonitoringPlugins(AgentCase):
    def run_with(self, *sections):
        self.mackerel = self.stub()
        self.running = self.agent(
            f'apikey = "key"\napibase = "{self.mackerel.url}"\n' + without_host_metrics() + TELL
            + "".join(sections))

    def result(self, name):
        lines = (line for line in self.running.log_text().splitlines() if line.startswith("{"))
        results = [one for one in map(json.loads, lines) if one["name"] == name]
        return results[-1] if results else {}

    def becomes(self, name, status, text):
        self.wait(lambda: self.result(name).get("status") == status
                  and text in self.result(name)["text"],
                  lambda: f"{name} is {status} {text}\n{self.result(name)}")
        return {sample["name"]: sample for sample in self.result(name).get("samples", [])}

    def assert_is_a_metric(self, *names):
        """In the local history, and posted to Mackerel."""
        for name in names:
            self.wait(lambda: self.running.history(name), f"{name} in the history")
            self.wait(lambda: f"custom.{name}" in self.posted_names(), f"custom.{name} posted",
                      MINUTES)

    def posted_names(self):
        return {point["name"] for point in self.mackerel.points()}

    def test_are_run_unchanged_and_their_performance_data_become_metrics(self):
        nginx = Nginx(self.folder / "nginx")
        self.addCleanup(nginx.stop)
        nginx.start()
        self.run_with(
            nagios("space", "check_disk", "-w", "0%", "-c", "0%", "-p", "/"),
            nagios("full", "check_disk", "-w", "100%", "-c", "100%", "-p", "/"),
            nagios("load", "check_load", "-w", "9999,9999,9999", "-c", "9999,9999,9999"),
            nagios("busy", "check_load", "-w", "0,0,0", "-c", "9999,9999,9999"),
            nagios("processes", "check_procs", "-w", "1:", "-c", "1:"),
            nagios("web", "check_http", "-H", "127.0.0.1", "-p", nginx.port),
            nagios("usage", "check_http", "--no-such-option"))

        space = self.becomes("space", "OK", "DISK OK")
        self.assertEqual(space["check.space._"]["unit"], "bytes")
        used = shutil.disk_usage("/").used
        self.assertAlmostEqual(space["check.space._"]["value"] / used, 1, delta=0.1)
        self.becomes("full", "CRITICAL", "DISK CRITICAL")
        self.assertEqual(set(self.becomes("load", "OK", "load average")),
                         {"check.load.load1", "check.load.load5", "check.load.load15"})
        processes = self.becomes("processes", "OK", "PROCS OK")
        self.assertGreater(processes["check.processes.procs"]["value"], 1)
        web = self.becomes("web", "OK", "HTTP OK: HTTP/1.1 200")
        self.assertEqual(web["check.web.time"]["unit"], "seconds")
        self.assertGreater(web["check.web.size"]["value"], 18)
        self.becomes("usage", "UNKNOWN", "")
        self.assert_is_a_metric("check.space._", "check.load.load5", "check.processes.procs",
                                "check.web.time", "check.web.size")

        nginx.stop()
        self.becomes("web", "CRITICAL", "refused")
        job = self.running.job("check:space")
        self.assertEqual((job["dropped"], job["failures"]), (0, 0))

    def test_check_ping_measures_the_loopback(self):
        if not can_ping():
            print("SKIPPED: this kernel lets nobody send an echo request", flush=True)
            self.skipTest("no ping here")
        self.run_with(nagios("ping", "check_ping", "-H", "127.0.0.1", "-4", "-p", "1", "-w",
                             "3000,80%", "-c", "5000,100%"))

        ping = self.becomes("ping", "OK", "PING OK")
        self.assertEqual(ping["check.ping.pl"]["value"], 0)
        self.assertEqual(ping["check.ping.pl"]["unit"], "percentage")
        self.assertLess(ping["check.ping.rta"]["value"], 3)
        self.assertEqual(ping["check.ping.rta"]["unit"], "seconds")
        self.assert_is_a_metric("check.ping.pl", "check.ping.rta")


if __name__ == "__main__":
    unittest.main()
