"""check/smtp on a real mail server that is started, paused and stopped."""

import unittest

from check_case import CheckCase, check, samples
from smtp_peer import MailServer


class Smtp(CheckCase):
    def test_has_four_states(self):
        mail = MailServer(self.folder / "mail")
        self.addCleanup(mail.stop)
        mail.start()
        where = {"host": "127.0.0.1", "port": mail.port, "timeout": "2s"}
        secure = {"starttls": True, "ca_file": mail.ca_file, **where}
        me = {"user": "me", "password": "right"}
        self.run_checks(
            check("mail", "smtp", **where),
            check("mild", "smtp", error_status="warning", **where),
            check("slow", "smtp", warning=0, critical=9, **where),
            check("secure", "smtp", **secure, **me, **{"from": "probe@example.test"},
                  commands=["NOOP", "RSET"]),
            check("login", "smtp", auth="login", allow_cleartext=True, **where, **me),
            check("stranger", "smtp", **secure, user="me", password="falsch"),
            check("doubtful", "smtp", starttls=True, **where),
            check("tls", "smtp", tls=True, **where),
            check("odd", "smtp", commands=["NONSENSE"], **where),
            # An address of a link, which names none.
            check("lost", "smtp", host="fe80::1", timeout="2s"))

        fine = self.becomes("mail", "OK", '"220 mail.example.test Python SMTP')
        self.assertLess(samples(fine)["smtp.mail.seconds"], 2)
        self.becomes("mild", "OK")
        self.becomes("slow", "WARNING", "all said in ")
        self.becomes("secure", "OK")
        self.becomes("login", "OK")
        refused = self.becomes("stranger", "CRITICAL", 'expected 235, got "535')
        self.assertNotIn("falsch", refused["text"])
        self.becomes("doubtful", "CRITICAL", "certificate not accepted: ")
        self.becomes("tls", "CRITICAL", "TLS: wrong version number")
        self.becomes("odd", "CRITICAL", "NONSENSE: expected 2xx, got")
        self.becomes("lost", "UNKNOWN", "fe80::1 port 25: ")

        mail.pause()
        self.becomes("mail", "CRITICAL", "greeting: no more came in time")
        self.becomes("mild", "WARNING")
        mail.go_on()
        self.becomes("mail", "OK")
        mail.stop()
        self.becomes("mail", "CRITICAL", f"127.0.0.1 port {mail.port}: Connection refused")

    def test_is_refused_with_what_cannot_be_read(self):
        self.assert_refused(check("bad", "smtp", **{"from": "a b"}), "options.from: ")
        self.assert_refused(check("bad", "smtp", auth="cram-md5"), "options.auth: ")
        self.assert_refused(check("bad", "smtp", commands=["RSET\r\nDATA"]), "options.commands")


if __name__ == "__main__":
    unittest.main()
