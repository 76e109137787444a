"""The real agent, run from a build directory in a folder of its own, for soak scripts and benchmarks.

    with RunningAgent(build_dir, folder, 'apikey = "k"\n') as agent:
        agent.wait_until_ready()
        agent.status()["jobs"]
"""

import http.client
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import time

# CPUCLOCK_SCHED of the kernel's per-process clocks: what the scheduler gave it, to the nanosecond.
SCHEDULED_TIME = 2
SDK = pathlib.Path(__file__).resolve().parents[2] / "sdk/include"


class RunningAgent:
    """Started by start() or as a context manager; may be killed and started again on its state."""

    def __init__(self, build_dir, folder, conf, environment=None):
        self.build_dir = pathlib.Path(build_dir).resolve()
        self.shoal = self.build_dir / "core/agent/shoal"
        self.folder = pathlib.Path(folder)
        self.root = self.folder / "state"
        self.plugin_dir = self.folder / "plugins"
        self.conf_dir = self.folder / "conf.d"
        self.log = self.folder / "log"
        self.environment = dict(os.environ, **(environment or {}))
        self.process = None
        self.conf_dir.mkdir(parents=True, exist_ok=True)
        self.copy_plugins()
        (self.folder / "shoal.conf").write_text(conf, encoding="utf-8")

    # As an installation has them: the kinds' folders side by side, and room to drop one in.
    def copy_plugins(self):
        for module in (self.build_dir / "plugins").glob("*/*.so"):
            target = self.plugin_dir / module.parent.name / module.name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(module, target)
        for beside in ("shoal-tls.so", "bundled.sha256"):
            shutil.copy2(self.build_dir / "plugins" / beside, self.plugin_dir / beside)

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        if self.process and self.process.poll() is None:
            self.stop()

    def start(self, *flags, command="run"):
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [self.shoal, command, "--conf", self.folder / "shoal.conf", "--root", self.root,
                 "--plugin-dir", self.plugin_dir, *flags],
                stdout=log, stderr=log, stdin=subprocess.DEVNULL, env=self.environment)

    def stop(self, patience=40):
        """Ends it as a service manager does; the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(patience)

    def kill(self):
        self.process.kill()
        self.process.wait()

    def is_running(self):
        return self.process.poll() is None

    def shoal_answer(self, *words):
        """One command of shoal, as it is."""
        return subprocess.run([self.shoal, *words], capture_output=True, text=True, timeout=60)

    def cli(self, *words):
        """One command of shoal that talks to this agent or reads its state."""
        return self.shoal_answer(*words, "--root", str(self.root))

    # Straight from the socket: a process for each look would be most of what a test does.
    def status(self):
        connection = UnixConnection(self.root / "shoal.sock")
        try:
            connection.request("GET", "/status")
            return json.loads(connection.getresponse().read())
        finally:
            connection.close()

    def job(self, job_id):
        return next(job for job in self.status()["jobs"] if job["id"] == job_id)

    def output(self, name):
        return next(output for output in self.status()["outputs"] if output["name"] == name)

    def history(self, name, since="24h"):
        """What `shoal history` knows of a series: (Unix time, value), oldest first."""
        answer = self.cli("history", name, "--since", since, "--json")
        points = json.loads(answer.stdout)["points"] if answer.returncode == 0 else []
        return [(point["time"], point["value"]) for point in points]

    def log_text(self):
        return self.log.read_text(errors="replace")

    def wait_until_ready(self, patience=20):
        wait_for(self.answers, patience, self.log_text)

    def answers(self):
        if not self.is_running():
            raise RuntimeError(f"the agent ended:\n{self.log_text()}")
        try:
            return bool(self.status())
        except (OSError, http.client.HTTPException):
            return False

    def cpu_seconds(self):
        return cpu_seconds(self.process.pid)

    def memory_kb(self):
        return memory_kb(self.process.pid)


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost", timeout=20)
        self._path = str(path)

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


def compile_plugin(source, target, headers=SDK):
    """Builds a shared object as an author outside our tree does: plain cc and the SDK's headers."""
    subprocess.run(["cc", "-O2", "-shared", "-fPIC", "-fvisibility=hidden", "-I", headers, "-o",
                    target, source], check=True)


def wait_for(is_so, patience, explain=lambda: ""):
    """Waits until is_so() is true; raises TimeoutError after `patience` seconds."""
    deadline = time.monotonic() + patience
    while not is_so():
        if time.monotonic() > deadline:
            raise TimeoutError(f"not so after {patience} s: {is_so.__name__}\n{explain()}")
        time.sleep(0.1)


def cpu_seconds(pid):
    return time.clock_gettime((~pid << 3) | SCHEDULED_TIME)


def memory_kb(pid):
    """Resident and anonymous memory."""
    fields = dict(line.split(":", 1) for line in
                  pathlib.Path(f"/proc/{pid}/status").read_text().splitlines())
    return int(fields["VmRSS"].split()[0]), int(fields["RssAnon"].split()[0])


def require_build(build_dir):
    """Ends the program with a sentence when the agent has not been built there."""
    if not (pathlib.Path(build_dir) / "core/agent/shoal").exists():
        sys.exit(f"{build_dir} holds no core/agent/shoal: build first (scripts/test does)")
