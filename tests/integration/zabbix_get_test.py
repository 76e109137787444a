"""shoal zabbix-get and scripts/zabbix-get-eval on a real Zabbix agent and on peers that answer in
every other way."""

import json
import os
import resource
import subprocess
import unittest
import zlib

from agent_case import SHOAL, TOP, AgentCase
from real_peers import free_port
from zabbix_peer import FakeAgent, ZabbixAgent, frame

# The running agent has a collector, the one that prints its items has none.
ONLY_RUNNING = ("reason", "Collector is not started.")
# May change and change back while others use the machine.
CHANGING = ("kernel.openfiles", "net.", "proc.", "system.cpu.load", "system.swap", "vfs.dir.",
            "vfs.fs.")
HAS_SANITIZERS = os.environ.get("SHOAL_SANITIZERS", "none") != "none"


def with_little_memory():
    """What would make room for 4 GiB is killed by it; sanitizers need more than that for themselves."""
    if not HAS_SANITIZERS:
        resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))


def number_or_text(value):
    """The agent prints 0 where it sends 0.000000, and 0.25146484375 where it sends 0.251465."""
    try:
        return f"{float(value):.6f}"
    except ValueError:
        return value


class GetCase(AgentCase):
    def zabbix(self, more=""):
        peer = ZabbixAgent(self.folder / "zabbix", more)
        self.addCleanup(peer.stop)
        return peer.start()

    def get(self, port, *words, code=0):
        answer = subprocess.run([SHOAL, "zabbix-get", "-p", str(port), *words], timeout=60,
                                capture_output=True, encoding="utf-8", errors="replace",
                                preexec_fn=with_little_memory)
        self.assertEqual(answer.returncode, code, answer.stdout + answer.stderr)
        return answer

    def said(self, words, *more, code=0):
        """What is printed when an agent says these bytes; of a failure, the reason."""
        peer = FakeAgent(free_port(), words)
        self.addCleanup(peer.stop)
        answer = self.get(peer.port, "-k", "item", *more, code=code)
        self.assertFalse(answer.stdout and answer.stderr)
        return answer.stderr.split(": item: ")[1].strip() if code else answer.stdout


class Get(GetCase):
    def test_reads_every_item_that_the_agent_knows(self):
        agent = self.zabbix()
        before = agent.known_items()
        self.assertGreater(len(before), 50)
        flags = [word for key in before for word in ("-k", key)]
        answer = self.get(agent.port, "-f", "json", *flags, code=1)
        after = agent.known_items()

        values = {line["key"]: line["value"] for line in map(json.loads, answer.stdout.splitlines())}
        compared = 0
        for key, (kind, text) in before.items():
            with self.subTest(key=key):
                if (kind, text) == ONLY_RUNNING:
                    continue
                self.assertEqual(key in values, kind == "value", answer.stderr)
                if kind == "reason":
                    self.assertIn(f": {key}: not supported: ", answer.stderr)
                # What the agent tells twice alike has hardly changed in between.
                if after[key] == (kind, text) and not key.startswith(CHANGING):
                    compared += 1
                    if kind == "value":
                        self.assertEqual(number_or_text(values[key]), number_or_text(text))
                    else:
                        self.assertIn(f": {key}: not supported: {text}\n", answer.stderr)
        self.assertGreater(compared, 30, before)

    def test_prints_in_three_formats(self):
        agent = self.zabbix("UserParameter=two[*],printf 'a $1\\nb\\n'")
        self.assertEqual(self.get(agent.port, "-k", "agent.ping").stdout, "1\n")
        self.assertEqual(self.get(agent.port, "-k", "two[x]", "-k", "agent.ping").stdout,
                         "a x\nb\n1\n")
        self.assertRegex(self.get(agent.port, "-k", "two[x]", "-f", "sensu", "-o", "out").stdout,
                         r"^out\ta x b\t\d{10}\n$")
        told = json.loads(self.get(agent.port, "-k", "two[x]", "-f", "json").stdout)
        self.assertEqual((told["key"], told["value"]), ("two[x]", "a x\nb"))

    def test_ends_with_1_without_a_value_and_2_without_sense(self):
        agent = self.zabbix()
        for protocol in ("plain", "auto"):
            answer = self.get(agent.port, "-P", protocol, "-k", "no.such", "-k", "agent.ping", code=1)
            self.assertEqual(answer.stdout, "1\n")
            self.assertEqual(answer.stderr, f"shoal zabbix-get: 127.0.0.1 port {agent.port}: "
                             "no.such: not supported: Unsupported item key.\n")
        self.assertIn("expected an answer in JSON",
                      self.get(agent.port, "-P", "json", "-k", "agent.ping", code=1).stderr)
        self.assertIn("Connection refused", self.get(free_port(), "-k", "a", code=1).stderr)
        agent.pause()
        self.assertIn("no answer in time", self.get(agent.port, "-t", "1", "-k", "a", code=1).stderr)
        self.assertIn("expected -k KEY; see shoal zabbix-get --help", self.get(1, code=2).stderr)
        self.assertIn("at character 3", self.get(1, "-k", "a[", code=2).stderr)

    def test_reads_all_sorts_of_answers_byte_by_byte(self):
        value = b"0123456789" * 100
        small = zlib.compress(value)
        for words in (frame(value + b"\n"), frame(value, 5), value + b"\nmore", value,
                      frame(small, 3, reserved=len(value)), frame(small, 7, reserved=len(value))):
            with self.subTest(words=words[:30]):
                self.assertEqual(self.said(words), value.decode() + "\n")
        reply = b'{"version":"7.0.0","variant":2,"data":[{"value":"8"}]}'
        self.assertEqual(self.said(frame(reply), "-P", "auto"), "8\n")
        self.assertEqual(self.said(frame(b"")), "\n")

    def test_tells_that_its_words_went_nowhere(self):
        for size in (1, 100_000):
            peer = FakeAgent(free_port(), frame(b"v" * size))
            self.addCleanup(peer.stop)
            with self.subTest(size=size), open("/dev/full", "w", encoding="utf-8") as full:
                answer = subprocess.run([SHOAL, "zabbix-get", "-p", str(peer.port), "-k", "item"],
                                        stdout=full, stderr=subprocess.PIPE, text=True, timeout=60)
                self.assertEqual(answer.returncode, 1)
                self.assertIn("write standard output: No space left on device", answer.stderr)

    def test_keeps_long_values(self):
        value = b"0123456789" * 10_000
        self.assertEqual(self.said(frame(value)), value.decode() + "\n")

    def test_tells_answers_that_are_none(self):
        unsupported = b"ZBX_NOTSUPPORTED"
        for words, reason in [
            (b"", "it closed the connection without an answer; access denied?"),
            (frame(unsupported + b"\0no such thing"), "not supported: no such thing"),
            (frame(unsupported), "not supported: the agent does not say why"),
            (unsupported + b"\n", "not supported: the agent does not say why"),
            (frame(b"", 5, size=4 << 30), "damaged answer: expected at most 16777216 bytes, found a "
                                          "frame that claims 4294967296"),
            (frame(zlib.compress(b"\0" * 5_000_000), 3, reserved=1000), "damaged answer: expected a "
             "compressed answer of 1000 bytes"),
            (frame(b"1", 9), "damaged answer: expected a frame's flags 1 to 7 with 1 set, found 9"),
            (frame(b"12345")[:-1], "damaged answer: the answer ended in the middle, after 17 bytes"),
            (b"\x15\x03\x01\x00\x02\x02\x28", "it speaks TLS"),
        ]:
            with self.subTest(words=words[:40]):
                self.assertIn(reason, self.said(words, code=1))


class Eval(GetCase):
    def evaluated(self, *words, code, shoal=SHOAL):
        answer = subprocess.run([TOP / "scripts/zabbix-get-eval", *words], capture_output=True,
                                text=True, timeout=60, env=dict(os.environ, SHOAL=str(shoal)))
        self.assertEqual(answer.returncode, code, answer.stdout + answer.stderr)
        self.assertEqual(answer.stderr, "")
        return answer.stdout

    def test_ends_as_the_expression_does(self):
        agent = self.zabbix("UserParameter=words[*],echo '$1  $2'")
        where = ("-p", str(agent.port))
        known = ("agent.ping", "words[a,b]")

        self.assertEqual(self.evaluated(*where, *known, '[ "$1" -ge 1 ] && [ "$2" = "a  b" ] || exit 2',
                                        code=0), "agent.ping = 1, words[a,b] = a  b\n")
        self.assertEqual(self.evaluated(*where, *known, '[[ $1 -ge 2 ]] || exit 2', code=2),
                         "agent.ping = 1, words[a,b] = a  b\n")
        self.assertEqual(self.evaluated(*where, *known, 'echo "$2 $#"; false', code=1), "a  b 2\n")

    def test_ends_with_3_when_a_value_cannot_be_had(self):
        agent = self.zabbix()
        where = ("-p", str(agent.port))
        told = self.evaluated(*where, "agent.ping", "no.such", "exit 0", code=3)
        self.assertTrue(told.startswith("UNKNOWN: "), told)
        self.assertIn("no.such: not supported: Unsupported item key.\n", told)
        self.assertIn("expected KEY... EXPRESSION", self.evaluated("agent.ping", code=3))
        self.assertIn("-p: expected a value", self.evaluated("-p", code=3))
        self.assertIn("exit status", self.evaluated("--help", code=0))

    def test_ends_with_3_when_a_call_fails_without_a_word(self):
        for act, code in (("exit 1", 1), ("kill -9 $$", 137)):
            with self.subTest(act=act):
                silent = self.write("silent", f"#!/bin/sh\necho 1\n{act}\n")
                silent.chmod(0o755)
                self.assertEqual(self.evaluated("a", "b[c]", "exit 0", code=3, shoal=silent),
                                 f"UNKNOWN: a: shoal zabbix-get ended with exit code {code}; b[c]: "
                                 f"shoal zabbix-get ended with exit code {code}\n")

    def test_ends_with_3_when_its_words_went_nowhere(self):
        one = self.write("one", "#!/bin/sh\necho 1\n")
        one.chmod(0o755)
        with open("/dev/full", "w", encoding="utf-8") as full:
            answer = subprocess.run([TOP / "scripts/zabbix-get-eval", "a", "exit 0"], stdout=full,
                                    stderr=subprocess.PIPE, timeout=60,
                                    env=dict(os.environ, SHOAL=str(one)))
        self.assertEqual(answer.returncode, 3, answer.stderr)


if __name__ == "__main__":
    unittest.main()
