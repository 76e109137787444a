"""The metric and the check zabbix on a real Zabbix agent that is changed, paused and stopped, and on
agents that do not want to talk to us."""

import json
import unittest

from agent_case import without_host_metrics
from check_case import CheckCase, check, samples
from real_peers import free_port
from zabbix_peer import FakeAgent, ZabbixAgent

PARAMETERS = "UserParameter=level,cat level\nUserParameter=state,cat state\nUserParameterDir={0}\n"


class ZabbixCase(CheckCase):
    def zabbix(self, name="zabbix", more="", server="127.0.0.1"):
        folder = self.folder / name
        peer = ZabbixAgent(folder, PARAMETERS.format(folder) + more, server)
        self.addCleanup(peer.stop)
        self.says(peer, level=5, state="up")
        return peer.start()

    def says(self, peer, **values):
        for name, value in values.items():
            new = self.write(f"{name}.new", f"{value}\n", peer.folder)
            new.chmod(0o644)
            new.rename(peer.folder / name)


def metric(name, port, items, **options):
    options = {"port": port, "items": items, **options}
    lines = "".join(f"options.{key} = {json.dumps(value)}\n" for key, value in options.items())
    return f'[plugin.metrics.{name}]\nplugin = "zabbix"\ninterval = "1s"\n{lines}\n'


class Check(ZabbixCase):
    def test_has_four_states(self):
        agent = self.zabbix()
        self.run_checks(
            check("door", "zabbix", port=agent.port, keys=["level", "state"],
                  ok='$1 >= 4 && $2 == "up"', warning="$1 >= 2", timeout="900ms"),
            check("auto", "zabbix", port=agent.port, keys=["agent.ping"], ok="$1", protocol="auto"),
            check("vague", "zabbix", port=agent.port, keys=["agent.ping", "no.such[item]"], ok="1"))

        fine = self.becomes("door", "OK", f'127.0.0.1 port {agent.port}: level = 5, state = "up"')
        self.assertEqual(samples(fine), {"zabbix.door.level": 5})
        self.becomes("auto", "OK", "agent.ping = 1")
        self.becomes("vague", "UNKNOWN", "no.such[item]: not supported: Unsupported item key.")
        self.says(agent, level=3)
        self.becomes("door", "WARNING", 'expected $1 >= 4 && $2 == "up", found level = 3')
        self.says(agent, level=1)
        self.becomes("door", "CRITICAL", "found level = 1")
        self.says(agent, level="deep")
        self.becomes("door", "UNKNOWN", '$1: expected a number, found "deep"')
        self.says(agent, level=5)
        self.becomes("door", "OK")

        agent.pause()
        self.becomes("door", "UNKNOWN", "no answer in time")
        agent.go_on()
        self.becomes("door", "OK")
        agent.stop()
        self.becomes("door", "UNKNOWN", f"127.0.0.1 port {agent.port}: Connection refused")

    def test_tells_agents_that_do_not_want_to_talk(self):
        foreign = self.zabbix("foreign", server="192.0.2.1")
        locked = self.zabbix("locked", "TLSAccept=psk\nTLSConnect=psk\nTLSPSKIdentity=shoal\n"
                             f"TLSPSKFile={self.folder}/locked/psk\n")
        alert = FakeAgent(free_port(), b"\x15\x03\x03\x00\x02\x02\x28")
        self.addCleanup(alert.stop)
        self.run_checks(*(check(name, "zabbix", port=peer.port, keys=["agent.ping"], ok="$1 == 1")
                          for name, peer in (("foreign", foreign), ("locked", locked),
                                             ("alert", alert))))

        self.becomes("foreign", "UNKNOWN", "access denied? its Server= must list this host")
        self.becomes("locked", "UNKNOWN", "its TLSAccept= unencrypted")
        self.becomes("alert", "UNKNOWN", "it speaks TLS")

    def test_is_refused_with_what_cannot_be_read(self):
        self.assert_refused(check("bad", "zabbix", keys=["a b"], ok="1"),
                            "options.keys.0: expected text that matches", '"a b"')
        self.assert_refused(check("bad", "zabbix", keys=["a"]), "options.ok: is required")
        self.assert_refused(check("bad", "zabbix", host="", keys=["a"], ok="1"), "options.host: ")
        self.assert_refused(metric("bad", 10050, ["a"], host=""), "options.host: ")
        conf = self.write("bad.conf", check("bad", "zabbix", keys=["a"], ok="$1 = 1"))
        told = self.shoal("check", "bad", "--conf", conf, "--root", self.folder, "--plugin-dir",
                          self.plugin_dir(), code=3).stdout
        self.assertIn("option ok: expected an operator or the end at character 4", told)


class Metric(ZabbixCase):
    def test_emits_the_numbers_and_complains_of_the_rest_once(self):
        agent = self.zabbix()
        running = self.agent(
            without_host_metrics() +
            metric("some", agent.port, ["level", "ping=agent.ping", "state", "no.such"]) +
            metric("none", agent.port, ["no.such"]))

        self.wait(lambda: running.history("zabbix.level")[-1:] and running.history("zabbix.ping"),
                  "two series")
        self.assertEqual(running.history("zabbix.level")[-1][1], 5)
        self.assertEqual(running.history("zabbix.ping")[-1][1], 1)
        self.assertEqual(running.history("zabbix.state"), [])
        self.says(agent, level=7.25)
        self.wait(lambda: running.history("zabbix.level")[-1][1] == 7.25, "the new value")
        complaint = ('state: expected a number, found "up"; no.such: not supported: '
                     "Unsupported item key.")
        self.assertEqual(running.log_text().count(complaint), 1, running.log_text())

        self.wait(lambda: running.job("metric:none")["failures"], lambda: running.job("metric:none"))
        self.assertIn(f"127.0.0.1 port {agent.port}: no.such: not supported: Unsupported item key.",
                      running.log_text())


if __name__ == "__main__":
    unittest.main()
