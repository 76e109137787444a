"""The output consul on a real Consul, which is killed, emptied and locked. Skipped where there is
none: scripts/test.d/fetch-consul gets it."""

import json
import os
import shutil
import subprocess
import sys
import time
import unittest

from agent_case import BUILD_DIR, PATIENCE, SHOAL, TOP, AgentCase, without_host_metrics
from consul_peer import ConsulPeer
from real_peers import free_port

CONSUL = shutil.which("consul", path=f"{BUILD_DIR / 'peers'}:{os.environ.get('PATH', '')}")
TOKEN = "5d0e2a63-8c3f-4c0e-9a57-3f5a1a0c7b11"
LOCKED = {"acl": {"enabled": True, "default_policy": "deny", "tokens": {"master": TOKEN}}}
for variable in [name for name in os.environ if name.startswith("CONSUL_")]:
    del os.environ[variable]


def output(**options):
    lines = "".join(f"options.{key} = {json.dumps(value)}\n" for key, value in options.items())
    return f'[plugin.outputs.consul]\nplugin = "consul"\n{lines}'


class Consul(AgentCase):
    def consul(self, more=None, token=""):
        consul = ConsulPeer(CONSUL, self.folder / "consul", more, token)
        self.addCleanup(consul.kill)
        return consul.start()

    def check(self, name, interval="1s", more=""):
        """A check that says and ends as says() told it to."""
        command = f"read code text < {self.folder}/{name}; echo \"$text\"; exit $code"
        self.says(name, 0, "fine")
        return (f"[plugin.checks.{name}]\ncommand = {json.dumps(command)}\n"
                f'interval = "{interval}"\n{more}\n')

    def says(self, name, code, text):
        new = self.write(f"{name}.new", f"{code} {text}\n")
        new.rename(self.folder / name)

    def shows(self, consul, name, status, text=""):
        def is_so():
            try:
                check = consul.checks().get(f"shoal:{name}", {})
            except OSError:
                return False  # It has just begun, and does not know its own tokens yet.
            return check.get("Status") == status and text in check["Output"]
        self.wait(is_so, lambda: f"{name} is {status} {text}\n{consul.checks()}")

    def test_sees_the_service_pass_warn_and_fail(self):
        consul = self.consul()
        self.agent(without_host_metrics() + self.check("web", more='memo = "ask Ann"') +
                   output(address=f"127.0.0.1:{consul.port}", service="shop", service_port=8080))

        self.shows(consul, "web", "passing", "fine")
        check = consul.checks()["shoal:web"]
        self.assertEqual((check["ServiceID"], check["Notes"], check["Type"]),
                         ("shop", "ask Ann", "ttl"))
        self.assertEqual(consul.services()["shop"]["Port"], 8080)
        self.says("web", 1, "warm")
        self.shows(consul, "web", "warning", "warm")
        self.says("web", 2, "hot")
        self.shows(consul, "web", "critical", "hot")
        self.says("web", 3, "cannot tell")
        self.shows(consul, "web", "critical", "UNKNOWN: cannot tell")
        self.says("web", 0, "語" * 2000)
        self.shows(consul, "web", "passing", "語 ... (6001 bytes)")
        self.wait(lambda: health(consul, "shop") == ["passing"], lambda: health(consul, "shop"))

    def test_keeps_to_hard_states(self):
        consul = self.consul()
        agent = self.agent(without_host_metrics() +
                           self.check("web", more="max_check_attempts = 1000000") +
                           self.check("db", more="max_check_attempts = 2") +
                           output(address=f"127.0.0.1:{consul.port}"))
        self.shows(consul, "web", "passing", "fine")

        self.says("web", 2, "hot")

        self.shows(consul, "web", "passing", "CRITICAL (not confirmed yet): hot")
        self.says("db", 2, "hot")
        self.shows(consul, "db", "critical", "hot")
        agent.kill()
        agent.start()
        agent.wait_until_ready(PATIENCE)
        self.says("db", 0, "well")
        self.shows(consul, "db", "passing", "well")
        self.assert_accounted(agent)

    def test_finds_its_checks_in_an_empty_consul_soon(self):
        consul = self.consul()
        # Rounds are far apart: it is not a new result that tells.
        agent = self.agent(without_host_metrics() + self.check("web", interval="10m") +
                           self.check("db", interval="10m") +
                           output(address=f"127.0.0.1:{consul.port}", service="shop"))
        self.shows(consul, "web", "passing", "fine")
        self.shows(consul, "db", "passing", "fine")

        consul.kill()
        consul.forget()
        begin = time.monotonic()
        consul.start()
        up = time.monotonic()
        self.shows(consul, "web", "passing", "fine")
        self.shows(consul, "db", "passing", "fine")
        end = time.monotonic()

        print(f"checks were back {end - up:.1f} s after Consul had a leader, "
              f"{end - begin:.1f} s after it was started", flush=True)
        self.assertIn("shop", consul.services())
        self.wait(lambda: agent.output("consul")["state"] != "failing", agent.status)
        self.assert_accounted(agent)

    def test_removes_its_own_stale_checks_and_no_others(self):
        consul = self.consul()
        for name in ("shoal:gone", "backup"):
            consul.ask("PUT", "/v1/agent/check/register", {"ID": name, "Name": name, "TTL": "1h"})
        agent = self.agent(without_host_metrics() + self.check("web") + self.check("db") +
                           output(address=f"127.0.0.1:{consul.port}"))

        self.shows(consul, "web", "passing")
        self.shows(consul, "db", "passing")
        self.assertEqual(set(consul.checks()), {"shoal:web", "shoal:db", "backup"})

        conf = agent.folder / "shoal.conf"
        conf.write_text(conf.read_text().replace("[plugin.checks.db]",
                                                 "[plugin.checks.db]\nenabled = false"))
        self.assertEqual(agent.cli("reload").returncode, 0)
        self.wait(lambda: set(consul.checks()) == {"shoal:web", "backup"}, consul.checks)

    def test_shows_a_refused_token_and_goes_on_with_a_right_one(self):
        consul = self.consul(LOCKED, TOKEN)
        wrong = self.write("wrong", "00000000-0000-0000-0000-000000000001\n")
        right = self.write("right", TOKEN + "\n")
        agent = self.agent(without_host_metrics() + self.check("web") +
                           output(address=f"127.0.0.1:{consul.port}", token_file=str(wrong)))

        self.wait(lambda: "HTTP 403" in agent.output("consul").get("last_error", ""), agent.status)
        self.assertEqual(agent.output("consul")["state"], "failing")
        self.assertIn("ACL not found", agent.output("consul")["last_error"])
        self.assertNotIn("00000000-0000", agent.log_text())

        conf = agent.folder / "shoal.conf"
        conf.write_text(conf.read_text().replace(str(wrong), str(right)))
        self.assertEqual(agent.cli("reload").returncode, 0)
        self.shows(consul, "web", "passing", "fine")
        self.assertLess(consul.log_text().count("ACL not found"), 20)
        self.assertNotIn(TOKEN, agent.log_text())

    def test_finds_consul_as_its_own_clients_do(self):
        path = self.folder / "consul.sock"
        consul = self.consul({"addresses": {"http": f"127.0.0.1 unix://{path}"}, **LOCKED}, TOKEN)
        agent = self.agent(without_host_metrics() + self.check("web") + output(), starts=False)
        agent.environment.update(CONSUL_HTTP_ADDR=f"unix://{path}", CONSUL_HTTP_TOKEN=TOKEN)
        agent.start()

        self.shows(consul, "web", "passing", "fine")

    def test_is_told_the_same_by_the_script(self):
        port = free_port()
        agent = self.agent(without_host_metrics() + self.check("web") +
                           output(address=f"127.0.0.1:{port}"))
        script = {"id": "script", "name": "script", "interval": "1s", "timeout": "30s", "args": [
            str(TOP / "scripts/consul-check"), "web", "--conf", str(agent.folder / "shoal.conf"),
            "--root", str(agent.root), "--plugin-dir", str(agent.plugin_dir)]}
        os.environ["SHOAL"] = str(SHOAL)
        self.addCleanup(os.environ.pop, "SHOAL")
        consul = self.consul({"ports": {"http": port}, "enable_local_script_checks": True,
                              "checks": [script]})

        for code, text, status in ((0, "fine", "passing"), (1, "warm", "warning"),
                                   (2, "hot", "critical"), (3, "cannot tell", "critical")):
            self.says("web", code, text)
            self.shows(consul, "web", status, text)
            self.wait(lambda: (told := consul.checks()["script"])["Status"] == status and
                      text in told["Output"], lambda: consul.checks()["script"])

    def test_speaks_to_it_over_tls(self):
        certificate, key = self.folder / "cert.pem", self.folder / "key.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                        "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj",
                        "/CN=consul", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key,
                        "-out", certificate], check=True, capture_output=True)
        port = free_port()
        consul = self.consul({"ports": {"https": port}, "cert_file": str(certificate),
                              "key_file": str(key)})
        agent = self.agent(without_host_metrics() + self.check("web") + output(),
                           starts=False)
        agent.environment.update(CONSUL_HTTP_ADDR=f"127.0.0.1:{port}", CONSUL_HTTP_SSL="true",
                                 CONSUL_CACERT=str(certificate))
        agent.start()

        self.shows(consul, "web", "passing", "fine")


def health(consul, service):
    """What its servers tell of a service's own checks, where others look."""
    entries = consul.ask("GET", f"/v1/health/checks/{service}")
    return [entry["Status"] for entry in entries]


if __name__ == "__main__":
    if not CONSUL:
        print("SKIPPED: there is no Consul; scripts/test.d/fetch-consul build/peers gets it",
              flush=True)
        sys.exit(77)
    unittest.main()
