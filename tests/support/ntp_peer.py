"""chronyd on ports of its own, which keeps no clock: with `knows` it says that its own is right, with
`server` it asks that one, and never corrects what it finds. And a server whose clock is wrong.
"""

import socket
import struct
import threading
import time

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
    def __init__(self, folder, knows=True, server=None):
        self.knows = knows
        self.server = server
        self.chrony_port = free_port()
        super().__init__(folder)

    def prepare(self):
        self.configure(self.knows)

    def configure(self, knows):
        (self.folder / "conf").write_text(CONF.format(
            source=self.source(knows), port=self.port,
            chrony_port=self.chrony_port, folder=self.folder))

    def source(self, knows):
        if self.server:
            return f"server 127.0.0.1 port {self.server} iburst minpoll -4 maxpoll -4"
        return "local stratum 8" if knows else ""

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


class WrongServer:
    """An NTP server whose clock is so many seconds ahead."""

    SINCE_1900 = 2_208_988_800

    def __init__(self, ahead):
        self.ahead = ahead
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def serve(self):
        while True:
            heard, asker = self.socket.recvfrom(1000)
            if not heard:
                return
            head = bytes([0x24, 1, heard[2], 0xEC]) + bytes(8) + b"GPS\0"
            mark = heard[40:48]
            self.socket.sendto(head + self.now() + mark + self.now() + self.now(), asker)

    def now(self):
        seconds = time.time() + self.ahead + self.SINCE_1900
        return struct.pack(">II", int(seconds), int(seconds % 1 * 2**32))

    def stop(self):
        self.socket.sendto(b"", self.socket.getsockname())
        self.thread.join()
        self.socket.close()
