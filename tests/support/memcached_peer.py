"""memcached as Debian has it, on a port or on a unix socket as well."""

from real_peers import Peer, program


class Memcached(Peer):
    def prepare(self):
        self.socket = self.folder / "memcached.sock"

    def command(self):
        return [program("memcached"), "-l", "127.0.0.1", "-p", str(self.port), "-U", "0", "-m", "16"]


class MemcachedOnSocket(Memcached):
    def command(self):
        return [program("memcached"), "-s", self.socket, "-a", "777", "-m", "16"]

    def listens(self):
        if self.process.poll() is not None:
            raise RuntimeError(f"it ended: {(self.folder / 'log').read_text()}")
        return self.socket.exists()
