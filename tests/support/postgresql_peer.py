"""A PostgreSQL server of the test's own, on the loopback and a unix socket in its folder. The role
"monitor" logs in with PASSWORD and may read nothing but the table "jobs".
"""

import os
import pathlib
import shutil
import subprocess

from real_peers import NOBODY, Peer, give_away

PASSWORD = "it's \\ secret"
DEBIAN = "/usr/lib/postgresql"

CONF = """
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = '{folder}'
max_connections = 12
superuser_reserved_connections = 3
fsync = off
autovacuum = off
{more}
"""

HBA = """
local all postgres trust
host all postgres 127.0.0.1/32 trust
host all monitor 127.0.0.1/32 scram-sha-256
local all monitor scram-sha-256
"""

ROLE = r"CREATE ROLE monitor LOGIN PASSWORD E'it''s \\ secret'"


class Postgresql(Peer):
    """`more` goes into postgresql.conf."""

    def __init__(self, folder, more=""):
        self.more = more
        super().__init__(folder)

    def prepare(self):
        if os.geteuid() == 0:
            give_away(self.folder)
        self.run("initdb", "-D", self.folder / "data", "-U", "postgres", "--no-sync", "-A", "trust",
                 "-E", "UTF8", "--locale=C")
        (self.folder / "data/postgresql.conf").write_text(
            CONF.format(port=self.port, folder=self.folder, more=self.more))
        (self.folder / "data/pg_hba.conf").write_text(HBA)

    def start(self):
        super().start()
        if not self.sql("SELECT 1 FROM pg_roles WHERE rolname = 'monitor'"):
            self.sql(ROLE)
            self.sql("CREATE TABLE jobs (waiting int); GRANT SELECT ON jobs TO monitor")
            self.sql("CREATE TABLE secrets (word text)")
        return self

    def command(self):
        return [server_program("postgres"), "-D", self.folder / "data"]

    def put(self, name, content):
        """A file of the data folder, for the server's eyes only."""
        path = self.folder / "data" / name
        path.write_bytes(content)
        path.chmod(0o600)
        if os.geteuid() == 0:
            os.chown(path, NOBODY, NOBODY)

    def sql(self, text):
        """What psql prints as the superuser, without titles."""
        return self.run("psql", *self.client_flags(), "-c", text).strip()

    def session(self):
        """A connection that stays open until it is killed."""
        client = subprocess.Popen(
            [server_program("psql"), *self.client_flags()], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        client.stdin.write("SELECT 1;\n")
        client.stdin.flush()
        if client.stdout.readline().strip() != "1":
            raise RuntimeError("there is no session")
        return client

    def client_flags(self):
        return ["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-U", "postgres", "-h", "127.0.0.1", "-p",
                str(self.port), "postgres"]

    def run(self, name, *words):
        as_nobody = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
        done = subprocess.run([server_program(name), *words], capture_output=True, text=True,
                              cwd=self.folder, **as_nobody)
        if done.returncode != 0:
            raise RuntimeError(f"{name}: {done.stdout}{done.stderr}")
        return done.stdout


def server_program(name):
    """Debian keeps the programs of each version in a folder of its own."""
    newest = sorted(pathlib.Path(DEBIAN).glob(f"*/bin/{name}"))
    found = newest[-1] if newest else shutil.which(name)
    if not found:
        raise RuntimeError(f"{name} is not installed: scripts/install-dependencies tests")
    return found
