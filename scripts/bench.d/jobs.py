"""A thousand inline jobs each ten seconds: how late each begins, and what they cost."""

import pathlib
import struct
import tempfile
import time

from fixtures import build_plugin, without_host_metrics
from report import Row
from running_agent import RunningAgent

COUNT = 1000
MINUTES = 2
NOTES_SIZE = 8 + 8 * 131072


def rows(build_dir):
    with tempfile.TemporaryDirectory() as folder:
        notes = pathlib.Path(folder) / "notes"
        notes.write_bytes(bytes(NOTES_SIZE))
        plugin = build_plugin("lateness", folder)
        with RunningAgent(build_dir, folder, configuration(plugin, notes)) as agent:
            agent.wait_until_ready()
            # The rounds at start are not on the grid of the interval; in the middle of a turn
            # nothing is due.
            wait_for_second_of_ten(5)
            first, cpu_before = count_in(notes), agent.cpu_seconds()
            time.sleep(MINUTES * 60)
            cpu = (agent.cpu_seconds() - cpu_before) / MINUTES
            late = sorted(latenesses(notes)[first:])
    expected = COUNT * 6 * MINUTES
    beside = f"{len(late):,} of {expected:,} rounds"
    yield Row("1,000 inline jobs each 10 s: lateness p99", late[int(len(late) * 0.99)] / 1000, "ms",
              1, beside=beside)
    yield Row("1,000 inline jobs each 10 s: lateness max", late[-1] / 1000, "ms", 4)
    yield Row("1,000 inline jobs each 10 s: CPU a minute", cpu * 1000, "ms", 98,
              beside=f"{cpu * 1e6 / (COUNT * 6):.1f} us a round, commits included")


def configuration(plugin, notes):
    sections = [
        f'[plugin.metrics.job{number}]\nplugin = "{plugin}"\nisolation = "inline"\n'
        f'interval = "10s"\nmetric_prefix = "job{number}"\noptions = {{ file = "{notes}" }}\n'
        for number in range(COUNT)
    ]
    return without_host_metrics() + "\n".join(sections)


def wait_for_second_of_ten(second):
    time.sleep((second - time.time()) % 10)


def count_in(notes):
    with open(notes, "rb") as file:
        return struct.unpack("<Q", file.read(8))[0]


def latenesses(notes):
    count = count_in(notes)
    with open(notes, "rb") as file:
        return struct.unpack(f"<{count}d", file.read()[8:8 + 8 * count])
