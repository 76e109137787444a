"""On the configuration of a recorded mackerel-agent, shoal sends what that one sent.

For each recorded request: the same method and path, the same headers where they matter, a body of
the same JSON keys and types, and the same values where they do not depend on host and moment. Left
out are the sections whose programs were not recorded.
"""

import hashlib
import itertools
import json
import pathlib
import re
import shutil
import time
import unittest

from agent_case import AgentCase

CAPTURES = pathlib.Path(__file__).resolve().parents[1] / "captures/mackerel-agent-0.87.0"
RECORDED_ID = "qTdrOJRBRY6"
# Their programs are not here to be run.
LEFT_OUT = ("metrics.uptime", "metrics.linux", "metrics.multicore", "metrics.inode", "checks.load",
            "checks.tcp_refused")
LEFT_OUT_GRAPHS = ("uptime", "linux", "multicore", "inode")
# Mean something to the API; the others are the transport's own.
HEADERS = ("x-api-key", "content-type", "user-agent", "x-agent-version", "x-revision")
# Said by mackerel-agent about itself.
OWN_NAMES = ("agent-name", "agent-version", "agent-revision")


class Recorded:
    def __init__(self, number):
        file = next(CAPTURES.glob(f"{number:04}_*.http"))
        text = file.read_bytes().decode().replace("\r\n", "\n")
        head, _, body = text.partition("\n\n")
        request_line, *headers = head.split("\n")
        self.method, target, _ = request_line.split(" ")
        self.path = target.rstrip("?")
        self.headers = {name.lower(): value for name, value in
                        (line.split(": ", 1) for line in headers)}
        self.body = json.loads(body) if body.strip() else None


def outline(value, path=""):
    """Every path of a JSON value with its type: "/meta/cpu/*/mhz str"."""
    kind = "number" if isinstance(value, (int, float)) and not isinstance(value, bool) \
        else type(value).__name__
    lines = {f"{path} {kind}"}
    if isinstance(value, dict):
        for key, member in value.items():
            lines |= outline(member, f"{path}/{key}")
    elif isinstance(value, list):
        for element in value:
            lines |= outline(element, f"{path}/*")
    return lines


def host_id_that_posts_at(second):
    ids = (f"host{number}" for number in itertools.count())
    return next(i for i in ids if hashlib.sha1(i.encode()).digest()[19] % 60 == second)


def configuration(folder, stub):
    """The recorded one, with paths of this test; what takes minutes there takes seconds here."""
    text = (CAPTURES / "agent.conf").read_text(encoding="utf-8")
    for section in LEFT_OUT:
        text = re.sub(rf"^\[plugin\.{re.escape(section)}\]\n(?:[^\[].*\n)+", "", text, flags=re.M)
    text = text.replace("/opt/scripts", str(folder / "scripts"))
    text = text.replace("/var/lib/agent", str(folder / "state"))
    text = text.replace("/tmp/check_action_env.txt", str(folder / "action.txt"))
    text = text.replace("[plugin.checks.flap]", '[plugin.checks.flap]\ninterval = "1s"')
    quick = "".join(f'[host_metrics.{name}]\ninterval = "2s"\n'
                    for name in ("cpu", "disk", "interface", "loadavg", "memory", "filesystem"))
    return f'apibase = "{stub.url}"\n{text}{quick}'


class Replay(AgentCase):
    def setUp(self):
        super().setUp()
        stub = self.stub()
        stub.api.first_host_id = host_id_that_posts_at(int(time.time() + 12) % 60)
        self.host_id = stub.api.first_host_id
        for script in (CAPTURES / "scripts").iterdir():
            self.copy_script(script)
        agent = self.agent(starts=False)
        agent.environment["MACKEREL_PLUGIN_WORKDIR"] = str(self.folder / "work")
        conf = self.write("mackerel-agent.conf", configuration(self.folder, stub))
        agent.start("-conf", conf)
        agent.wait_until_ready()
        self.requests = stub.requests
        self.wait(self.all_was_said, "everything that was recorded")
        self.assert_action_was_told()
        self.assertEqual(agent.stop(), 0)

    def copy_script(self, script):
        target = self.folder / "scripts" / script.name
        target.parent.mkdir(exist_ok=True)
        shutil.copy(script, target)
        target.write_text(target.read_text().replace("/var/lib/agent", str(self.folder)))
        target.chmod(0o755)

    def all_was_said(self):
        names = {point["name"] for r in self.requests("/tsdb") for point in r["body"]}
        return ({"cpu.user.percentage", "custom.script.a"} <= names
                and {"timeout", "odd", "crit"} <= {r["name"] for r in self.reports()}
                and self.requests("/metadata/"))

    def reports(self):
        return [report for request in self.requests("/checks/report")
                for report in request["body"]["reports"]]

    def sent(self, recorded):
        path = recorded.path.replace(RECORDED_ID, self.host_id)
        found = [r for r in self.requests(path)
                 if (r["method"], r["path"]) == (recorded.method, path)]
        self.assertTrue(found, f"{recorded.method} {path}")
        for request in found:
            self.assert_headers(request["headers"], recorded)
        return found

    def assert_headers(self, headers, recorded):
        self.assertEqual({name for name in HEADERS if name in headers},
                         {name for name in HEADERS if name in recorded.headers})
        for name in ("x-api-key", "content-type"):
            self.assertEqual(headers.get(name), recorded.headers.get(name))
        self.assertEqual(headers["user-agent"], f"shoal/{headers['x-agent-version']}")

    # The file is written anew each second; one of its states is the recorded one.
    def assert_action_was_told(self):
        recorded = set((CAPTURES / "check_action_env.txt").read_text().splitlines())
        own = {f"MACKEREL_PLUGIN_WORKDIR={self.folder}/work"}
        file = self.folder / "action.txt"
        self.wait(lambda: file.exists() and set(file.read_text().splitlines()) - own == recorded,
                  f"an action that is told {recorded}")

    def test_sends_what_was_recorded(self):
        for number, check in ((1, self.check_host), (3, self.check_host), (2, self.check_bare),
                              (4, self.check_graphs), (10, self.check_points),
                              (24, self.check_points), (11, self.check_metadata),
                              (30, self.check_status)):
            with self.subTest(request=number):
                recorded = Recorded(number)
                check(recorded, self.sent(recorded))
        for number in (5, 6, 7, 8, 9):
            with self.subTest(request=number):
                self.check_reports(Recorded(number))
        with self.subTest("order"):
            self.check_order()

    def check_bare(self, _recorded, sent):
        self.assertIsNone(sent[0]["body"])

    def check_host(self, recorded, sent):
        ours, theirs = sent[0]["body"], recorded.body
        for key in ("displayName", "roleFullnames"):
            self.assertEqual(ours[key], theirs[key])
        left_out = [name.partition(".")[2] for name in LEFT_OUT]
        expected = [check for check in theirs["checks"] if check["name"] not in left_out]
        self.assertCountEqual(ours["checks"], expected)
        self.assertEqual(set(ours), set(theirs))
        self.assertLessEqual(set(theirs["meta"]) - {"block_device"}, set(ours["meta"]))
        self.assertLessEqual(set(ours["meta"]), set(theirs["meta"]))
        self.assert_same_shapes(ours, theirs)

    # What a kernel or a container shows of its hardware differs: each thing we name is of the
    # recorded type, and what every Linux has is there.
    def assert_same_shapes(self, ours, theirs):
        for part in ("kernel", "cpu"):
            self.assertEqual(outline(ours["meta"][part]), outline(theirs["meta"][part]), part)
        for key in ("total", "free", "cached", "swap_total", "swap_free", "active"):
            self.assertRegex(ours["meta"]["memory"][key], r"^\d+kB$")
        for system in ours["meta"]["filesystem"].values():
            self.assertEqual(outline(system), outline(theirs["meta"]["filesystem"]["tmpfs"]))
        for device in ours["meta"].get("block_device", {}).values():
            self.assertTrue(all(isinstance(value, str) for value in device.values()), device)
        for interface in ours["interfaces"] or []:
            self.assertLessEqual(set(interface), set(theirs["interfaces"][0]))
        for name in OWN_NAMES:
            self.assertIsInstance(ours["meta"][name], str)

    def check_graphs(self, recorded, sent):
        expected = [graph for graph in recorded.body
                    if graph["name"].split(".")[1] not in LEFT_OUT_GRAPHS]
        self.assertCountEqual([graph for request in sent for graph in request["body"]], expected)

    def check_points(self, recorded, sent):
        points = [point for request in sent for point in request["body"]]
        self.assertEqual(outline(points), outline(recorded.body))
        self.assertEqual({point["hostId"] for point in points}, {self.host_id})
        values = {point["name"]: point["value"] for point in points}
        for point in recorded.body:
            family, _, rest = point["name"].partition(".")
            if family == "custom" and rest.split(".")[0] not in LEFT_OUT_GRAPHS:
                self.assertEqual(values.get(point["name"]), point["value"], point["name"])
            elif family in ("loadavg1", "loadavg5", "loadavg15", "cpu", "memory"):
                self.assertIn(point["name"], values)
        self.assert_no_further_names(values, recorded)

    # Of what every host has, no name more; of devices, none of another form. What a check prints
    # behind a "|" is the one thing more that shoal posts (docs/from-mackerel-agent.md).
    def assert_no_further_names(self, values, recorded):
        full = {point["name"] for point in Recorded(24).body}
        for name in values:
            family, *rest = name.split(".")
            if family in ("disk", "interface", "filesystem"):
                self.assertIn(".".join(rest[1:]), ("reads.delta", "writes.delta", "rxBytes.delta",
                                                   "txBytes.delta", "size", "used"), name)
            else:
                self.assertIn(name, full)

    def check_reports(self, recorded):
        for report in recorded.body["reports"]:
            if f"checks.{report['name']}" in LEFT_OUT:
                continue
            ours = next(r for r in self.reports() if r["name"] == report["name"])
            self.assertLess(abs(ours["occurredAt"] - time.time()), 600)
            same_but_for = {"occurredAt": ours["occurredAt"],
                            "source": {"type": "host", "hostId": self.host_id}}
            self.assertEqual(ours, {**report, **same_but_for})
        self.sent(recorded)

    def check_metadata(self, recorded, sent):
        self.assertEqual([request["body"] for request in sent], [recorded.body])

    def check_status(self, recorded, sent):
        self.assertEqual([request["body"] for request in sent], [recorded.body])

    def check_order(self):
        sent = [(r["method"], r["path"].replace(self.host_id, "ID")) for r in self.requests()]
        self.assertEqual(sent[:3], [("POST", "/api/v0/hosts"), ("GET", "/api/v0/hosts/ID"),
                                    ("PUT", "/api/v0/hosts/ID")])
        self.assertEqual(sent[-1], ("POST", "/api/v0/hosts/ID/status"))


if __name__ == "__main__":
    unittest.main()
