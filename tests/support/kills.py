"""An agent that is killed with -9 at random moments, again and again, in front of a receiver that
takes, fails and takes again; and whether all it had done arrived in the end."""

import json
import subprocess
import time
from collections import defaultdict

# Mackerel keeps one sample of a name and minute, so each round also says a name that no other has.
BEAT = r'at=$(date +%s%3N); printf "beat\t$at\t0\nbeat.r$at\t$at\t0\n"'
TSDB = "/api/v0/tsdb"


class Kills:
    def __init__(self, agent, stub, random):
        self.agent = agent
        self.stub = stub
        self.random = random
        self.last_life = time.time()
        self._make_backlog_follow_each_second()

    @staticmethod
    def conf(stub):
        families = ("loadavg", "cpu", "memory", "disk", "filesystem", "interface")
        return (f'apikey = "k"\napibase = "{stub.url}"\n'
                + "".join(f"[host_metrics.{family}]\nenabled = false\n" for family in families)
                + f"[plugin.metrics.beat]\ncommand = {json.dumps(BEAT)}\n" + 'interval = "1s"\n')

    # In the manifest of the copied plugin: the API asks for more patience than a test has.
    def _make_backlog_follow_each_second(self):
        plugin = self.agent.plugin_dir / "output/mackerel.so"
        content = plugin.read_bytes()
        assert content.count(b'"backlog_interval_ms": 30000') == 1
        plugin.write_bytes(content.replace(b'_ms": 30000', b'_ms":  1000'))

    def live_and_die(self, look):
        """One life: looked at as soon as it answers, killed at a moment that nobody chose."""
        self.stub.clear()
        if self.random.random() < 0.5:
            self.stub.answer(503, path=TSDB)
        self.agent.start()
        self.agent.wait_until_ready(60)
        look(self.agent)
        try:
            self.agent.process.wait(self.random.uniform(0, 2.5))
        except subprocess.TimeoutExpired:  # it lives, as it should
            self.agent.kill()
        else:
            raise AssertionError("the agent ended by itself:\n" + self.agent.log_text())

    def recover(self, wait):
        """A last life, until all is delivered that was done before it."""
        self.stub.clear()
        self.last_life = time.time()
        self.agent.start()
        self.agent.wait_until_ready(60)
        wait(lambda: not self.missing(), "all that was done")

    def missing(self):
        arrived = {point["name"] for point in self.stub.points()}
        done = [f"custom.beat.r{value:.0f}" for at, value in self.agent.history("beat")
                if at < self.last_life]
        assert done, "no round was done"
        return [name for name in done if name not in arrived]

    def altered(self):
        """What arrived more than once, and not alike."""
        values = defaultdict(set)
        for point in self.stub.points():
            if point["name"] != "custom.beat":
                values[point["name"], point["time"]].add(point["value"])
        return [key for key, seen in values.items() if len(seen) > 1]
