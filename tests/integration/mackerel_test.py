"""An agent with an apikey is to Mackerel what mackerel-agent was: registered, named and timed alike."""

import hashlib
import itertools
import json
import time
import unittest

from agent_case import AgentCase, shell_metric, without_host_metrics

TSDB = "/api/v0/tsdb"
HOSTS = "/api/v0/hosts"
DICE = """
if [ -n "$MACKEREL_AGENT_PLUGIN_META" ]; then
  echo '# mackerel-agent-plugin'
  echo '{"graphs":{"dice":{"label":"My Dice","unit":"integer","metrics":[{"name":"d6","label":"Die 6"}]}}}'
else
  printf 'dice.d6\\t4\\t%s\\n' $(date +%s)
fi
"""


def conf(stub, more=""):
    return f'apikey = "right"\napibase = "{stub.url}/ignored"\n{more}'


def host_id_that_posts_at(second):
    """Mackerel posts are spread over the minute by the last byte of the id's SHA-1."""
    ids = (f"host{number}" for number in itertools.count())
    return next(i for i in ids if hashlib.sha1(i.encode()).digest()[19] % 60 == second)


def names_in(request):
    return {point["name"] for point in request["body"]}


class Registration(AgentCase):
    def test_registers_once_and_keeps_the_id(self):
        stub = self.stub()
        more = 'roles = ["web:front"]\ndisplay_name = "shown"\n[plugin.checks.web]\ncommand = "true"\nmemo = "why"\n'
        agent = self.agent(conf(stub, more))
        self.wait(lambda: stub.points(), "a first batch")
        agent.stop()
        agent.start()
        self.wait(lambda: len(stub.requests(TSDB)) >= 2, "a batch of the second life")
        agent.stop()

        registrations = [r for r in stub.requests(HOSTS) if r["method"] == "POST"]
        self.assertEqual(len(registrations), 1)
        self.assert_describes_host(registrations[0])
        self.assertEqual((agent.root / "id").read_text().strip(), stub.api.first_host_id)
        self.assertEqual({p["hostId"] for p in stub.points()}, {stub.api.first_host_id})

    def assert_describes_host(self, request):
        host = request["body"]
        self.assertEqual(host["roleFullnames"], ["web:front"])
        self.assertEqual(host["displayName"], "shown")
        self.assertEqual(host["checks"], [{"name": "web", "memo": "why"}])
        self.assertLessEqual({"name", "meta", "interfaces"}, set(host))
        self.assertLessEqual({"agent-name", "agent-version", "agent-revision", "block_device",
                              "cpu", "filesystem", "kernel", "memory"}, set(host["meta"]))
        self.assertEqual(request["headers"]["x-api-key"], "right")
        self.assertRegex(request["headers"]["user-agent"], r"^shoal/\d")

    def test_uses_the_id_that_mackerel_agent_left(self):
        stub = self.stub()
        agent = self.agent(conf(stub), starts=False)
        self.write("id", "3AAAAAAAAAA", agent.root)
        agent.start()
        self.wait(lambda: stub.points(), "a first batch")

        self.assertFalse([r for r in stub.requests(HOSTS) if r["method"] == "POST"])
        self.assertEqual({p["hostId"] for p in stub.points()}, {"3AAAAAAAAAA"})


class MackerelAgentConf(AgentCase):
    def test_runs_as_it_is(self):
        stub = self.stub()
        agent = self.agent(starts=False)
        pid_file = self.folder / "run/mackerel-agent.pid"
        conf = self.write("mackerel-agent.conf", f"""
apikey = "right"
apibase = "{stub.url}"
pidfile = "{pid_file}"
roles = ["web:front"]
include = "{self.folder}/included/*.conf"
[host_status]
on_start = "working"
on_stop = "poweroff"
[filesystems]
ignore = "/dev/ram.*"
[plugin.metrics.dice]
command = {json.dumps(DICE)}
""")
        self.write("more.conf", '[host_status]\non_start = "standby"\n', self.folder / "included")
        agent.start("-conf", conf, "-v")
        self.wait(lambda: "custom.dice.d6" in {point["name"] for point in stub.points()}
                  or agent.history("dice.d6"), "its samples")
        self.assertEqual(pid_file.read_text().strip(), str(agent.process.pid))
        self.assertEqual(agent.stop(), 0)

        self.assertFalse(pid_file.exists())
        statuses = [r["body"]["status"] for r in stub.requests("/status")]
        self.assertEqual(statuses, ["standby", "poweroff"])
        self.assertIn("custom.dice.d6", {point["name"] for point in stub.points()})


class Batches(AgentCase):
    def test_posts_at_once_and_then_at_the_second_of_the_host_id(self):
        stub = self.stub()
        second = int(time.time() + 15) % 60
        stub.api.first_host_id = host_id_that_posts_at(second)
        agent = self.agent(conf(stub, '[host_metrics.loadavg]\ninterval = "1s"\n'
                                + shell_metric("dice", DICE)))
        self.wait(lambda: len(stub.requests(TSDB)) >= 2, "a second batch", 90)

        first, next_one = stub.requests(TSDB)[:2]
        self.assertIn("loadavg5", names_in(first) | names_in(next_one))
        self.assertLess(first["time"], next_one["time"] - 1, "the first does not wait")
        self.assertLessEqual((next_one["time"] - second) % 60, 15, "the second that the id gives")
        self.assertLessEqual({"loadavg1", "loadavg5", "loadavg15", "custom.dice.d6"},
                             names_in(next_one))
        self.assert_one_of_a_minute(next_one)
        self.assert_graphs(stub)
        self.assert_accounted(agent)

    def assert_one_of_a_minute(self, request):
        minutes = [(point["name"], point["time"] // 60) for point in request["body"]]
        self.assertEqual(len(minutes), len(set(minutes)))

    def assert_graphs(self, stub):
        graphs = [g for r in stub.requests("/graph-defs/create") for g in r["body"]]
        self.assertIn({"name": "custom.dice", "displayName": "My Dice", "unit": "integer",
                       "metrics": [{"name": "custom.dice.d6", "displayName": "Die 6",
                                    "isStacked": False}]}, graphs)


class Times(AgentCase):
    def test_rounds_come_at_whole_intervals_and_rates_bear_the_start_of_theirs(self):
        every_two = "".join(f'[host_metrics.{name}]\ninterval = "2s"\n' for name in ("loadavg", "cpu"))
        agent = self.agent(every_two)
        self.wait(lambda: agent.job("host:cpu")["rounds"] >= 3, "three rounds")
        agent.stop()

        gauges = [at for at, _ in agent.history("loadavg5")]
        rates = [at for at, _ in agent.history("cpu.user.percentage")]
        self.assertLess(gauges[0], gauges[1])
        self.assertEqual([at % 2 for at in gauges[1:] + rates[1:]], [0] * (len(gauges + rates) - 2))
        self.assertLessEqual(abs(rates[0] - gauges[0]), 1)
        self.assertLess(rates[-1], gauges[-1])

    def test_a_command_is_stamped_with_its_round_and_not_with_what_it_prints(self):
        agent = self.agent(without_host_metrics()
                           + shell_metric("past", r"printf 'past\t1\t1000000000\n'", "2s"))
        self.wait(lambda: len(agent.history("past")) >= 2, "two rounds")

        last = [at for at, _ in agent.history("past")][-1]
        self.assertEqual(last % 2, 0)
        self.assertLess(abs(last - time.time()), 60)


class WrongKey(AgentCase):
    def test_keeps_the_data_says_why_and_waits_until_the_key_is_right(self):
        stub = self.stub()
        stub.api.key = "right"
        settings = conf(stub, shell_metric("beat", r"printf 'beat\t1\t0\n'"))
        agent = self.agent(settings.replace('"right"', '"wrong"'))
        self.wait(lambda: agent.output("mackerel")["pending"] >= 4, "rounds with the wrong key")
        self.wait(lambda: agent.output("mackerel")["last_error"], "the reason")

        output = self.assert_accounted(agent)["mackerel"]
        self.assertEqual(output["last_error"],
                         "start: POST /api/v0/hosts: HTTP 401: Authentication failed; check apikey")
        self.assertEqual((output["rejected"], output["dropped"], output["lost"]), (0, 0, 0))
        self.assertEqual(len(stub.requests()), 1, "one try, the next comes later")
        self.assertIn("! output mackerel failing since", agent.cli("status").stdout)

        (agent.folder / "shoal.conf").write_text(settings)
        self.assertEqual(agent.cli("reload").stdout, "reloaded\n")
        self.wait(lambda: stub.points(), "samples after the key was put right")


if __name__ == "__main__":
    unittest.main()
