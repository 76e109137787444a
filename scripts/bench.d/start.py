"""From exec of the agent to its registration at Mackerel, and to its first gauges."""

import statistics
import tempfile
import time

from mackerel_stub import MackerelStub
from report import Row
from running_agent import RunningAgent, wait_for

TIMES = 5


def rows(build_dir):
    registered, gauges = zip(*(start_once(build_dir) for _ in range(TIMES)))
    yield Row("start to registration sent", statistics.median(registered), "ms", 28,
              beside=f"{min(registered):.0f} to {max(registered):.0f} of {TIMES}")
    yield Row("start to first gauges done", statistics.median(gauges), "ms", 100,
              beside=f"{min(gauges):.0f} to {max(gauges):.0f} of {TIMES}")


def start_once(build_dir):
    """Milliseconds to either."""
    with tempfile.TemporaryDirectory() as folder, MackerelStub() as stub:
        agent = RunningAgent(build_dir, folder, f'apikey = "bench"\napibase = "{stub.url}"\n')
        began = time.time()
        agent.start("--print-rounds")
        try:
            gauges = time_of(lambda: "loadavg" in agent.log.read_text(), "first gauges", agent)
            wait_for(lambda: stub.requests("/api/v0/hosts"), 20, agent.log.read_text)
        finally:
            agent.stop()
        return ((stub.requests("/api/v0/hosts")[0]["time"] - began) * 1000,
                (gauges - began) * 1000)


def time_of(is_so, what, agent, patience=20):
    """When it came true, looked at every millisecond."""
    deadline = time.time() + patience
    while not is_so():
        if time.time() > deadline:
            raise TimeoutError(f"no {what} after {patience} s:\n{agent.log.read_text()}")
        time.sleep(0.001)
    return time.time()
