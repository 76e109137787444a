"""The rows that Google Benchmark programs measure: build-bench/tests/bench/*_bench."""

import json
import subprocess

from report import Row

WHEEL = "timer wheel, cancel and add at 10^{}"
PEERS = [("std::multimap", "OrderedMap"), ("asio", "AsioQueue")]
NANOSECONDS = {"ns": 1, "us": 1e3, "ms": 1e6, "s": 1e9}


def rows(build_dir):
    for program in sorted((build_dir / "tests/bench").glob("*_bench")):
        try:
            results = run(program)
        except subprocess.CalledProcessError as error:
            print(f"{program.name}: {error.stderr.splitlines()[-1]}", flush=True)
            continue
        yield from budgeted(results)
        yield from also_measured(program.name, results)


def run(program):
    """Nanoseconds (wall) of each benchmark of a program by name, and items per second where given:
    the median of a few runs in random order, so that a noisy second spoils no comparison."""
    answer = subprocess.run([program, "--benchmark_format=json", "--benchmark_repetitions=5",
                             "--benchmark_min_time=0.2",
                             "--benchmark_enable_random_interleaving=true"], check=True, text=True,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    return {
        result["run_name"].removesuffix("/real_time"): {
            "ns": result["real_time"] * NANOSECONDS[result["time_unit"]],
            "cpu_ns": result["cpu_time"] * NANOSECONDS[result["time_unit"]],
            "items": result.get("items_per_second"),
            "memory": {name: result[name] for name in ("pss_kB", "private_kB") if name in result},
        }
        for result in json.loads(answer.stdout)["benchmarks"]
        if result.get("aggregate_name") == "median"
    }


# Takes what it has a budget for, and its peers, out of the results.
def budgeted(results):
    for power, budget in [(4, 10), (6, 30)]:
        count = 10**power
        if ours := results.pop(f"replace<Wheel>/{count}", None):
            peers = [f"{label} {results.pop(f'replace<{name}>/{count}')['ns']:.0f} ns"
                     for label, name in PEERS]
            yield Row(WHEEL.format(power), ours["ns"], "ns", budget, beside=", ".join(peers))
    if "exec_round" in results:
        ours, floor = results.pop("exec_round")["ns"], results.pop("floor_of_a_round")["ns"]
        yield Row("exec round, in floors of posix_spawn and wait", ours / floor, "x", 1.2,
                  beside=f"{ours / 1000:.0f} us, floor {floor / 1000:.0f} us")
    if ours := results.pop("process_round", None):
        inside, call, trip = (results.pop(name) for name in
                              ("inline_round", "abi_call", "socket_round_trip"))
        yield Row("a call through the ABI", call["ns"], "ns")
        yield Row("round of a plugin in a process of its own", ours["ns"] / 1000, "us",
                  beside=f"{inside['ns'] / 1000:.2f} us inline, {ours['ns'] / trip['ns']:.1f} times "
                         f"a byte to a process and back ({trip['ns'] / 1000:.1f} us)")
        yield Row("memory of such a process, its share of what is shared included",
                  ours["memory"]["pss_kB"], "kB",
                  beside=f"{ours['memory']['private_kB']:.0f} kB of it written by itself alone")
    if ours := results.pop("inline_round", None):
        yield Row("inline round, the agent's own CPU", ours["cpu_ns"] / 1000, "us", 10)
    queue = next((name for name in results if name.startswith("queue_append/")), "queue_append")
    if ours := results.pop(queue, None):
        yield Row("queue, batches of 1,000: points accepted durably", ours["items"], "/s",
                  at_least=100_000)


def also_measured(program, results):
    for name, result in sorted(results.items()):
        if result["items"]:
            yield Row(f"{program}: {name}", result["items"], "/s")
        else:
            value, unit = scaled(result["ns"])
            yield Row(f"{program}: {name}", value, unit,
                      beside="CPU {:.3g} {}".format(*scaled(result["cpu_ns"])))


def scaled(nanoseconds):
    return (nanoseconds, "ns") if nanoseconds < 1000 else (nanoseconds / 1000, "us")
