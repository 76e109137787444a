"""check/tcp on a real sshd that is started, paused and stopped, and on one that says other things."""

import socket
import unittest

from check_case import CheckCase, check, is_root, samples
from real_peers import Echo, Sayer, Sshd, free_port


class Tcp(CheckCase):
    def sshd(self):
        peer = Sshd(self.folder / "sshd")
        self.addCleanup(peer.stop)
        return peer.start()

    def sayer(self, port, words):
        peer = Sayer(port, words)
        self.addCleanup(peer.stop)
        return peer

    def test_has_four_states(self):
        sshd = self.sshd()
        where = {"host": "127.0.0.1", "port": sshd.port, "timeout": "900ms"}
        self.run_checks(
            check("ssh", "tcp", service="ssh", **where),
            check("mild", "tcp", service="ssh", error_status="warning", **where),
            check("slow", "tcp", service="ssh", warning=0, critical=9, **where),
            check("closed", "tcp", expect_closed=True, **where),
            check("named", "tcp", expect_closed=True, host="name.invalid", port=1, timeout="1s"))

        fine = self.becomes("ssh", "OK", "SSH-2.0-OpenSSH")
        self.assertLess(samples(fine)["tcp.ssh.seconds"], 0.9)
        self.becomes("mild", "OK")
        self.becomes("slow", "WARNING", "answers in 0.")
        self.becomes("closed", "CRITICAL", "takes connections")
        self.becomes("named", "UNKNOWN", "cannot resolve the name")

        sshd.pause()
        silent = self.becomes("ssh", "CRITICAL", "got nothing; no more came in time")
        self.assertEqual(samples(silent), {})
        self.becomes("mild", "WARNING")
        sshd.go_on()
        self.becomes("ssh", "OK")

        sshd.stop()
        self.becomes("ssh", "CRITICAL", f"127.0.0.1 port {sshd.port}: Connection refused")
        self.becomes("closed", "OK", "is closed: Connection refused")

        other = self.sayer(sshd.port, b"\x00\xffwhat?\r\n" + b"x" * 100_000)
        self.becomes("ssh", "CRITICAL", 'expected "^SSH-", got "??what???xxx')
        other.stop()
        self.sayer(sshd.port, b"")
        self.becomes("ssh", "CRITICAL", "got nothing")

    def test_speaks_with_its_peer(self):
        echo = Echo(free_port())
        self.addCleanup(echo.stop)
        self.run_checks(
            check("lines", "tcp", host="127.0.0.1", port=echo.port, send="PING", quit="QUIT",
                  expect="^PING\r\n$"),
            check("raw", "tcp", host="localhost", port=echo.port, send="ping", append_crlf=False,
                  expect="^ping$"))
        self.becomes("lines", "OK", '"PING"')
        self.becomes("raw", "OK", f"localhost port {echo.port} answers in ")
        self.wait(lambda: b"PING\r\nQUIT\r\n" in echo.heard, "the goodbye")

    def test_opens_unix_sockets(self):
        path = self.folder / "peer.sock"
        with socket.socket(socket.AF_UNIX) as server:
            server.bind(str(path))
            server.listen(8)
            self.run_checks(check("unix", "tcp", socket=str(path)))
            self.becomes("unix", "OK", f"{path} answers in ")
            if not is_root():
                path.chmod(0)
                self.becomes("unix", "UNKNOWN", "Permission denied")
        path.unlink()
        self.becomes("unix", "CRITICAL", f"{path}: No such file or directory")

    def test_is_refused_with_what_cannot_be_read(self):
        self.assert_refused(check("bad", "tcp", host="", port=1), "options.host: ")
        self.assert_refused(check("bad", "tcp", port=70000), "options.port: expected at most 65535")
        self.assert_refused(check("bad", "tcp", port=1, expect="(220"),
                            'options.expect: pattern "(220" does not compile')


if __name__ == "__main__":
    unittest.main()
