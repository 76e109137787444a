"""A MariaDB server of the test's own, on the loopback and a unix socket in its folder. The user
"monitor" logs in with PASSWORD and has no rights; "watcher" may also ask for the replication.
"""

import ctypes
import os
import pathlib
import subprocess

from real_peers import NOBODY, Peer, give_away, program

PASSWORD = "it's a secret"
SQL_FOLDER = pathlib.Path("/usr/share/mysql")
SYSTEM_TABLES = ("mysql_system_tables.sql", "mysql_performance_tables.sql",
                 "mysql_system_tables_data.sql")
SMALL = ["--innodb-buffer-pool-size=8M", "--innodb-log-file-size=4M",
         "--innodb-flush-log-at-trx-commit=0"]


class Mysql(Peer):
    """`flags` are of mariadbd."""

    def __init__(self, folder, *flags):
        self.flags = flags
        super().__init__(folder)

    def prepare(self):
        (self.folder / "data").mkdir()
        if os.geteuid() == 0:
            give_away(self.folder)
        tables = [(SQL_FOLDER / name).read_text() for name in SYSTEM_TABLES]
        as_nobody = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
        done = subprocess.run([*self.server(), "--bootstrap"], text=True, capture_output=True,
                              input="\n".join(["CREATE DATABASE mysql;", "USE mysql;", *tables]),
                              cwd=self.folder, **as_nobody)
        if done.returncode != 0:
            raise RuntimeError(done.stderr)

    def server(self):
        return [program("mariadbd"), "--no-defaults", f"--datadir={self.folder}/data",
                f"--lc-messages-dir={SQL_FOLDER}", *SMALL]

    def command(self):
        return [*self.server(), f"--port={self.port}", "--bind-address=127.0.0.1",
                f"--socket={self.socket}", f"--pid-file={self.folder}/pid", "--skip-name-resolve",
                "--max-connections=10", *self.flags]

    @property
    def socket(self):
        return self.folder / "my.sock"

    def start(self):
        super().start()
        with self.session() as root:
            for user in ("monitor", "watcher"):
                root.run(f"CREATE USER IF NOT EXISTS {user} IDENTIFIED BY \"{PASSWORD}\"")
            root.run("GRANT REPLICA MONITOR ON *.* TO watcher")
        return self

    def session(self):
        return Session(self.socket)


class Session:
    """The superuser's connection, through the library that the check uses too."""

    def __init__(self, path):
        self.library = ctypes.CDLL("libmariadb.so.3")
        self.library.mysql_init.restype = ctypes.c_void_p
        self.library.mysql_real_connect.restype = ctypes.c_void_p
        self.library.mysql_error.restype = ctypes.c_char_p
        self.handle = ctypes.c_void_p(self.library.mysql_init(None))
        if not self.library.mysql_real_connect(self.handle, None, b"root", b"", None, 0,
                                               str(path).encode(), ctypes.c_ulong(0)):
            raise RuntimeError(self.fault())

    def fault(self):
        return self.library.mysql_error(self.handle).decode()

    def run(self, statement):
        """A statement that gives no rows."""
        if self.library.mysql_query(self.handle, statement.encode()):
            raise RuntimeError(f"{statement}: {self.fault()}")

    def close(self):
        if self.handle:
            self.library.mysql_close(self.handle)
        self.handle = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
