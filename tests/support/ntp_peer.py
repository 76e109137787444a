"""chronyd on ports of its own, which keeps no clock: with `knows` it says that its own is right."""

import socket

from real_peers import Peer, free_port, program

CONF = """
{source}
port {port}
cmdport {chrony_port}
bindaddress 127.0.0.1
bindcmdaddress 127.0.0.1
bindcmdaddress /
allow 127.0.0.1
pidfile {folder}/pid
"""


class Chronyd(Peer):
    def __init__(self, folder, knows=True):
        self.knows = knows
        self.chrony_port = free_port()
        super().__init__(folder)

    def prepare(self):
        self.configure(self.knows)

    def configure(self, knows):
        (self.folder / "conf").write_text(CONF.format(
            source="local stratum 8" if knows else "", port=self.port,
            chrony_port=self.chrony_port, folder=self.folder))

    def command(self):
        return [program("chronyd"), "-x", "-U", "-d", "-f", self.folder / "conf"]

    def listens(self):
        """It answers as it answers chronyc ("tracking")."""
        if self.process.poll() is not None:
            raise RuntimeError(f"it ended: {(self.folder / 'log').read_text()}")
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.settimeout(0.2)
            probe.connect(("127.0.0.1", self.chrony_port))
            try:
                probe.send(bytes([6, 1, 0, 0, 0, 33]) + bytes(98))
                return len(probe.recv(1000)) >= 28
            except OSError:
                return False
