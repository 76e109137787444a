"""A real Zabbix agent, and one that says what a test wants.

    agent = ZabbixAgent(folder, "UserParameter=state,cat state"); agent.start(); agent.known_items()
"""

import os
import random
import re
import socket
import struct
import subprocess

from real_peers import NOBODY, Peer, Server, program

PSK = "4f" * 32
# KEY, blanks, [TYPE|VALUE], where the value may have lines of its own.
ITEM = re.compile(r"^([a-z][\w.]*(?:\[.*?\])?) +\[([a-z])\|", re.MULTILINE)
UNSUPPORTED = re.compile(r"ZBX_NOTSUPPORTED\] \[(.*)", re.DOTALL)


def free_low_port():
    """The agent refuses ports above 32767, from where the kernel takes those it gives away."""
    for port in random.sample(range(10_000, 32_000), 100):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue
    raise RuntimeError("found no free port in a hundred tries")


class ZabbixAgent(Peer):
    """`more` are lines of its configuration."""

    def __init__(self, folder, more="", server="127.0.0.1"):
        self.more = more
        self.server = server
        super().__init__(folder)

    def prepare(self):
        self.port = free_low_port()
        (self.folder / "psk").write_text(PSK)
        (self.folder / "conf").write_text(
            f"Server={self.server}\nListenIP=127.0.0.1\nListenPort={self.port}\n"
            f"LogType=console\nPidFile={self.folder}/pid\nHostname=shoal-test\n{self.more}\n")

    def command(self):
        return [program("zabbix_agentd"), "-f", "-c", self.folder / "conf"]

    def known_items(self):
        """What it prints of the items that it knows: key to ("value", text) or ("reason", text)."""
        as_nobody = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
        answer = subprocess.run([program("zabbix_agentd"), "-p", "-c", self.folder / "conf"],
                                capture_output=True, cwd=self.folder, timeout=120, **as_nobody)
        text = answer.stdout.decode(errors="replace")
        found = list(ITEM.finditer(text))
        ends = [match.start() for match in found[1:]] + [len(text)]
        return {match.group(1): told(text[match.end():end].rstrip("\n").removesuffix("]"))
                for match, end in zip(found, ends)}


def told(text):
    unsupported = UNSUPPORTED.match(text)
    return ("reason", unsupported.group(1)) if unsupported else ("value", text.rstrip("\r\n"))


def frame(payload, flags=1, size=None, reserved=0):
    numbers = struct.pack("<QQ" if flags & 4 else "<II",
                          len(payload) if size is None else size, reserved)
    return b"ZBXD" + bytes([flags]) + numbers + payload


class FakeAgent(Server):
    """Says the same bytes, one at a time, to each request."""

    def __init__(self, port, words):
        self.words = words
        super().__init__(port)

    def handle(self, connection):
        connection.recv(65536)
        for byte in self.words:
            connection.sendall(bytes([byte]))
