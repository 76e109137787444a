"""One-minute rounds for as many minutes as asked, of all agents at once: memory and CPU a round."""

import contextlib
import pathlib
import subprocess
import tempfile
import time

from fixtures import build_plugin, trusted_certificate
from mackerel_stub import MackerelStub
from report import Row, TOP, number
from running_agent import RunningAgent, compile_plugin, cpu_seconds, memory_kb

COLLECTD = pathlib.Path("/usr/sbin/collectd")
SETTLING = 20


def rows(build_dir, minutes):
    with contextlib.ExitStack() as running:
        pids = start_all(build_dir, running)
        print(f"(measuring {', '.join(pids)} over {minutes} rounds of a minute)", flush=True)
        time.sleep(SETTLING)
        before = {name: cpu_seconds(pid) for name, pid in pids.items()}
        time.sleep(minutes * 60)
        cpu = {name: (cpu_seconds(pid) - before[name]) * 1000 / minutes
               for name, pid in pids.items()}
        memory = {name: memory_kb(pid) for name, pid in pids.items()}
    yield from table(cpu, memory)


def table(cpu, memory):
    peer_cpu = peer(cpu.get("collectd"), "ms")
    peer_rss, peer_anonymous = (peer(value, "kB") for value in memory.get("collectd", (None, None)))
    yield Row("anonymous memory over HTTP", memory["http"][1], "kB", 1536, beside=peer_anonymous)
    yield Row("anonymous memory over HTTPS", memory["https"][1], "kB", 3072, beside=peer_anonymous)
    yield Row("resident memory over HTTP", memory["http"][0], "kB", 5768, beside=peer_rss)
    yield Row("resident memory over HTTPS", memory["https"][0], "kB", beside=peer_rss)
    yield Row("CPU of a round, default host metrics", cpu["http"], "ms", 2.6, beside=peer_cpu)
    yield Row("CPU of a round, the same over HTTPS", cpu["https"], "ms", beside=peer_cpu)
    yield Row("CPU of a round, with 20 metric plugins", cpu["20 plugins"], "ms", 4)
    yield Row("CPU of a round, with 20 checks", cpu["20 checks"], "ms", 4)


def peer(value, unit):
    return f"collectd {number(value)} {unit}" if value is not None else ""


def start_all(build_dir, running):
    """The process of each agent by name; all end when `running` is left."""
    folder = pathlib.Path(running.enter_context(tempfile.TemporaryDirectory()))
    certificate, key, trust = trusted_certificate(folder)
    http = running.enter_context(MackerelStub())
    https = running.enter_context(MackerelStub(tls=(certificate, key)))
    load = folder / "example_load.so"
    compile_plugin(TOP / "sdk/examples/c/example_load.c", load)
    check = build_plugin("always_ok", folder)

    configurations = {
        "http": to(http),
        "https": to(https),
        "20 plugins": to(http) + twenty("metrics", load, "metric_prefix = \"p{}\"\n"),
        "20 checks": to(http) + twenty("checks", check),
    }
    pids = {}
    for name, configuration in configurations.items():
        agent = running.enter_context(RunningAgent(
            build_dir, folder / name.replace(" ", "-"), configuration, {"SSL_CERT_DIR": str(trust)}))
        agent.wait_until_ready()
        pids[name] = agent.process.pid
    if COLLECTD.exists():
        pids["collectd"] = running.enter_context(collectd(folder)).pid
    else:
        print("(collectd is not installed: apt-get install collectd-core)", flush=True)
    return pids


def to(stub):
    return f'apikey = "bench"\napibase = "{stub.url}"\n'


def twenty(kind, plugin, more=""):
    return "".join(
        f'[plugin.{kind}.p{number}]\nplugin = "{plugin}"\nisolation = "inline"\n'
        + more.format(number) for number in range(20))


@contextlib.contextmanager
def collectd(folder):
    """The same metrics each minute, written to files: no network, no library for it."""
    home = folder / "collectd"
    home.mkdir()
    plugins = "".join(f"LoadPlugin {name}\n" for name in
                      ("load", "cpu", "memory", "swap", "disk", "df", "interface", "csv"))
    (home / "conf").write_text(
        f'BaseDir "{home}"\nPIDFile "{home}/pid"\nInterval 60\nHostname "bench"\n{plugins}'
        f'<Plugin csv>\n  DataDir "{home}/csv"\n</Plugin>\n')
    process = subprocess.Popen([COLLECTD, "-f", "-C", home / "conf"], stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(20)
