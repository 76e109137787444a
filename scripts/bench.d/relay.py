"""How many messages the relay takes in a second, each on disk before it is answered, and how long
that takes; beside it the disk's own floor: one small write made durable after another."""

import json
import os
import socket
import subprocess
import tempfile
import time

from fixtures import HERE, without_host_metrics
from report import Row
from running_agent import RunningAgent
from slack_stub import SlackStub

SECONDS = 5
# What slackboard 0.10.4 answered on a 2-core VM, synchronous requests: connections, a second.
SLACKBOARD = {1: 2_234, 4: 5_264, 16: 8_300}
SLACKBOARD_P99_MS = 5.5  # with 16 connections


def rows(build_dir):
    with tempfile.TemporaryDirectory() as folder, SlackStub() as slack:
        load = f"{folder}/relay_load"
        subprocess.run(["g++", "-std=c++20", "-O2", "-pthread", HERE / "relay_load.cpp", "-o", load],
                       check=True)
        floor = f"floor {durable_writes(folder):,.0f} durable writes /s"
        for connections, theirs in SLACKBOARD.items():
            result = measure(build_dir, f"{folder}/{connections}", slack, load, connections)
            yield Row(f"relay, {connections} connections: messages on disk", result["rate"], "/s",
                      at_least=theirs, beside=floor)
            yield Row(f"relay, {connections} connections: 99th percentile", result["p99_ms"], "ms",
                      SLACKBOARD_P99_MS if connections == 16 else None,
                      beside=f"median {result['p50_ms']:.2f} ms, {result['others']} not taken")


def measure(build_dir, folder, slack, load, connections):
    port = free_port()
    conf = (without_host_metrics() + f'[relay]\nlisten = "127.0.0.1:{port}"\n[relay.tags.ops]\n'
            f'[plugin.outputs.slack]\nplugin = "slack"\nqueue_limit = "1GB"\n'
            f'options = {{ webhook = "{slack.url}" }}\n')
    with RunningAgent(build_dir, folder, conf) as agent:
        agent.wait_until_ready()
        answer = subprocess.run([load, str(port), str(connections), str(SECONDS)], check=True,
                                capture_output=True, text=True)
        agent.kill()
        return json.loads(answer.stdout)


def durable_writes(folder):
    file = os.open(f"{folder}/floor", os.O_WRONLY | os.O_CREAT)
    count, end = 0, time.monotonic() + 1
    while time.monotonic() < end:
        os.write(file, b"x" * 512)
        os.fdatasync(file)
        count += 1
    os.close(file)
    return count


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]
