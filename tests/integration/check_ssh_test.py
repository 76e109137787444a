"""check/ssh on a real sshd that is started, paused and stopped, with logins by key and password."""

import unittest

from check_case import CheckCase, check, samples
from real_peers import Sayer, free_port
from ssh_peer import SshdWithLogins

STRANGE = "SHA256:" + "A" * 43


class Ssh(CheckCase):
    def test_has_four_states(self):
        sshd = SshdWithLogins(self.folder / "sshd")
        self.addCleanup(sshd.stop)
        key, locked, other = sshd.lend(self.folder / "keys")
        sshd.start()
        where = {"host": "127.0.0.1", "port": sshd.port, "timeout": "5s"}
        me = {"user": sshd.user, **where}
        self.run_checks(
            check("ssh", "ssh", host_key_fingerprint=sshd.fingerprint(), **where),
            check("short", "ssh", **{**where, "timeout": "900ms"}),
            check("slow", "ssh", warning=0, critical=9, **where),
            check("other", "ssh", host_key_fingerprint=STRANGE, error_status="warning", **where),
            check("key", "ssh", key_file=key, **me),
            check("locked", "ssh", key_file=locked, passphrase="geheim", **me),
            check("unlocked", "ssh", key_file=locked, passphrase="falsch", **me),
            check("stranger", "ssh", key_file=other, **me),
            check("absent", "ssh", key_file=str(self.folder / "none"), **me),
            check("password", "ssh", password="verraten", **me))

        fine = self.becomes("ssh", "OK", f"host key {sshd.fingerprint()}")
        self.assertIn("keys exchanged in 0.", fine["text"])
        self.assertIn('"SSH-2.0-OpenSSH', fine["text"])
        self.assertLess(samples(fine)["ssh.ssh.seconds"], 5)
        self.becomes("slow", "WARNING")
        self.becomes("other", "CRITICAL", f"expected the host key {STRANGE}, found SHA256:")
        self.becomes("key", "OK", f"logged in as {sshd.user} in ")
        self.becomes("locked", "OK", "logged in as ")
        self.becomes("unlocked", "UNKNOWN")
        self.becomes("stranger", "CRITICAL", f"login as {sshd.user} with {other}: ")
        self.becomes("absent", "UNKNOWN", "none: ")
        refused = self.becomes("password", "CRITICAL", f"login as {sshd.user}: ")
        self.assertNotIn("verraten", refused["text"])

        sshd.pause()
        self.becomes("short", "CRITICAL", "handshake: no more came in time")
        sshd.go_on()
        self.becomes("short", "OK")
        sshd.stop()
        self.becomes("ssh", "CRITICAL", f"127.0.0.1 port {sshd.port}: Connection refused")

    def test_stands_who_speaks_something_else(self):
        endless = Sayer(free_port(), b"220 hello\r\n" * 200_000)
        self.addCleanup(endless.stop)
        self.run_checks(check("endless", "ssh", host="127.0.0.1", port=endless.port))
        self.becomes("endless", "CRITICAL", "handshake: ")

    def test_is_refused_with_what_cannot_be_read(self):
        self.assert_refused(check("bad", "ssh", host=""), "options.host: ")
        self.assert_refused(check("bad", "ssh", host_key_fingerprint="MD5:aa"),
                            "options.host_key_fingerprint: ")
        self.assert_refused(check("bad", "ssh", port=0), "options.port: ")


if __name__ == "__main__":
    unittest.main()
