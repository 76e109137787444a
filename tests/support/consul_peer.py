"""A Consul server of the test's own on the loopback, as scripts/test.d/fetch-consul has put it beside
the build, on ports and in a folder of its own.

    consul = ConsulPeer(program, folder, more={"acl": {...}})
    consul.start(); consul.checks(); consul.kill(); consul.forget(); consul.start()
"""

import http.client
import json
import pathlib
import shutil
import subprocess

from real_peers import free_port
from running_agent import wait_for


class ConsulPeer:
    def __init__(self, program, folder, more=None, token=""):
        self.program = program
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True)
        self.data = self.folder / "data"
        self.headers = {"X-Consul-Token": token} if token else {}
        self.process = None
        conf = {"server": True, "bootstrap_expect": 1, "node_name": "probe",
                "bind_addr": "127.0.0.1", "client_addr": "127.0.0.1",
                "ports": {"http": free_port(), "server": free_port(), "serf_lan": free_port(),
                          "dns": -1, "grpc": -1, "https": -1, "serf_wan": -1},
                "disable_update_check": True, "performance": {"raft_multiplier": 1}}
        for key, value in (more or {}).items():
            conf[key] = {**conf[key], **value} if key in conf else value
        self.port = conf["ports"]["http"]
        (self.folder / "conf.json").write_text(json.dumps(conf))

    def start(self):
        with open(self.folder / "log", "ab") as log:
            self.process = subprocess.Popen(
                [self.program, "agent", "-config-file", self.folder / "conf.json", "-data-dir",
                 self.data], stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        wait_for(self.has_leader, 60, (self.folder / "log").read_text)
        return self

    def kill(self):
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def forget(self):
        """All that it knew; while it does not run."""
        shutil.rmtree(self.data)

    def has_leader(self):
        if self.process.poll() is not None:
            raise RuntimeError(f"Consul ended: {(self.folder / 'log').read_text()}")
        try:
            return bool(self.ask("GET", "/v1/status/leader"))
        except OSError:
            return False

    def ask(self, method, path, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request(method, path, body and json.dumps(body), self.headers)
            answer = connection.getresponse()
            text = answer.read()
        finally:
            connection.close()
        if answer.status != 200:
            raise OSError(f"{method} {path}: HTTP {answer.status} {text}")
        return json.loads(text) if text else None

    def checks(self):
        return self.ask("GET", "/v1/agent/checks")

    def services(self):
        return self.ask("GET", "/v1/agent/services")

    def status(self, check_id):
        return self.checks().get(check_id, {}).get("Status", "none")

    def log_text(self):
        return (self.folder / "log").read_text(errors="replace")
