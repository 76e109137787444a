"""redis-server as Debian has it; with a master it is that one's replica."""

from real_peers import Peer, program


class Redis(Peer):
    def __init__(self, folder, password="", master=None):
        self.password = password
        self.master = master
        super().__init__(folder)

    def prepare(self):
        self.socket = self.folder / "redis.sock"
        lines = ["bind 127.0.0.1", f"port {self.port}", f"unixsocket {self.socket}",
                 f"dir {self.folder}", 'save ""', "appendonly no", "repl-diskless-sync-delay 0"]
        if self.password:
            lines += [f"requirepass {self.password}", f"masterauth {self.password}"]
        if self.master:
            lines += [f"replicaof 127.0.0.1 {self.master.port}"]
        (self.folder / "conf").write_text("".join(line + "\n" for line in lines))

    def command(self):
        return [program("redis-server"), self.folder / "conf"]
