"""Servers as Debian has them, on the loopback, on a port and in a folder of the test's own, and one
that says whatever a test wants. Root runs them as another user, as an installation does.

    peer = Sshd(folder)      # also Nginx(folder, locations)
    peer.start(); peer.pause(); peer.go_on(); peer.stop()
"""

import os
import pathlib
import shutil
import signal
import socket
import socketserver
import subprocess
import threading

from running_agent import wait_for

NOBODY = 65534


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


class Peer:
    """A program that listens on `port` while it runs."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True)
        self.port = free_port()
        self.process = None
        self.prepare()
        if os.geteuid() == 0:
            give_away(self.folder)

    def start(self):
        log = open(self.folder / "log", "ab")
        as_nobody = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
        self.process = subprocess.Popen(self.command(), stdin=subprocess.DEVNULL, stdout=log,
                                        stderr=log, cwd=self.folder, start_new_session=True,
                                        **as_nobody)
        log.close()
        wait_for(self.listens, 30, (self.folder / "log").read_text)
        return self

    def listens(self):
        if self.process.poll() is not None:
            raise RuntimeError(f"it ended: {(self.folder / 'log').read_text()}")
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def signal(self, number):
        os.killpg(self.process.pid, number)

    def pause(self):
        """It keeps its port and says nothing any more."""
        self.signal(signal.SIGSTOP)

    def go_on(self):
        self.signal(signal.SIGCONT)

    def stop(self):
        if self.process and self.process.poll() is None:
            self.signal(signal.SIGKILL)
            self.process.wait()


def give_away(folder):
    for path in (folder, *folder.rglob("*")):
        os.chown(path, NOBODY, NOBODY)
    # The folders above are the test's, made for its user alone.
    for above in folder.parents:
        if above.stat().st_uid != os.geteuid() or not above.name.startswith("shoal-"):
            break
        above.chmod(0o711)


class Sshd(Peer):
    def prepare(self):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", self.folder / "key"],
                       check=True)
        (self.folder / "conf").write_text(
            f"ListenAddress 127.0.0.1:{self.port}\nHostKey {self.folder}/key\nPidFile none\n"
            "UsePAM no\nStrictModes no\n")

    def command(self):
        return [program("sshd"), "-D", "-e", "-f", self.folder / "conf"]


NGINX = """
daemon off;
worker_processes 1;
pid {folder}/pid;
error_log stderr;
events {{ worker_connections 64; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  {http}
  server {{
    listen 127.0.0.1:{port};
    root {folder}/www;
    {locations}
  }}
}}
"""


class Nginx(Peer):
    """`locations` goes into the one server, `http` beside it; files of www are served as they are."""

    def __init__(self, folder, locations="", http=""):
        self.locations = locations
        self.http = http
        super().__init__(folder)

    def prepare(self):
        (self.folder / "www").mkdir()
        (self.folder / "www/index.html").write_text("<h1>It works</h1>\n")
        self.configure(self.locations)

    def configure(self, locations):
        (self.folder / "conf").write_text(
            NGINX.format(folder=self.folder, port=self.port, locations=locations, http=self.http))

    def command(self):
        return [program("nginx"), "-e", "stderr", "-p", self.folder, "-c", self.folder / "conf"]

    def url(self, path="/"):
        return f"http://127.0.0.1:{self.port}{path}"


def program(name):
    found = shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
    if not found:
        raise RuntimeError(f"{name} is not installed: scripts/install-dependencies tests")
    return found


class Server:
    """A server in the test itself; `handle` speaks with each connection in a thread of its own."""

    def __init__(self, port):
        self.port = port
        outer = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self):
                self.request.settimeout(5)
                try:
                    outer.handle(self.request)
                except OSError:
                    pass  # The check has heard enough.

        class Threads(socketserver.ThreadingTCPServer):
            allow_reuse_address = True
            daemon_threads = True

        self.server = Threads(("127.0.0.1", port), Handler)
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


class Sayer(Server):
    """Says the same bytes to whoever connects, and hangs up."""

    def __init__(self, port, words):
        self.words = words
        super().__init__(port)

    def handle(self, connection):
        connection.sendall(self.words)
        connection.shutdown(socket.SHUT_WR)
        connection.recv(65536)


class Echo(Server):
    """Says back what it hears; `heard` has it by connection."""

    def __init__(self, port):
        self.heard = []
        super().__init__(port)

    def handle(self, connection):
        text = b""
        while part := connection.recv(4096):
            text += part
            connection.sendall(part)
        self.heard.append(text)
