"""check/ssl_cert on a real nginx whose certificate is renewed."""

import unittest

from check_case import CheckCase, check, samples
from nginx_tls_peer import NginxTls


class SslCert(CheckCase):
    def test_has_four_states(self):
        nginx = NginxTls(self.folder / "nginx", days=60.5)
        self.addCleanup(nginx.stop)
        nginx.start()
        where = {"host": "127.0.0.1", "port": nginx.tls_port, "timeout": "2s"}
        self.run_checks(
            check("web", "ssl_cert", ca_file=nginx.ca_file, **where),
            check("named", "ssl_cert", ca_file=nginx.ca_file, server_name="www.example.test", **where),
            check("stranger", "ssl_cert", **where),
            check("blind", "ssl_cert", check_certificate=False, **where),
            check("plain", "ssl_cert", host="127.0.0.1", port=nginx.port, timeout="2s"),
            # An address of a link, which names none.
            check("lost", "ssl_cert", host="fe80::1", timeout="2s"))

        fine = self.becomes("web", "OK", "CN=Test Server expires in 60 days, on ")
        self.assertEqual(samples(fine)["ssl_cert.web.days"], 60)
        self.becomes("named", "CRITICAL", "certificate not accepted: hostname mismatch")
        self.becomes("stranger", "CRITICAL", "unable to get local issuer certificate")
        self.becomes("blind", "OK")
        self.becomes("plain", "CRITICAL", "TLS: wrong version number")
        self.becomes("lost", "UNKNOWN", "fe80::1 port 443: ")

        nginx.renew(days=20.5, names="DNS:www.example.test,IP:127.0.0.1")
        self.becomes("web", "WARNING", "expires in 20 days")
        self.becomes("named", "WARNING")
        nginx.renew(days=10.5)
        self.becomes("web", "CRITICAL", "expires in 10 days")
        nginx.renew(days=-1.5)
        over = self.becomes("web", "CRITICAL", "certificate has expired; CN=Test Server expired on ")
        self.assertEqual(samples(over)["ssl_cert.web.days"], -2)
        self.becomes("blind", "CRITICAL", "CN=Test Server expired on ")

        nginx.pause()
        self.becomes("web", "CRITICAL", "no handshake in time")
        nginx.go_on()
        nginx.stop()
        self.becomes("web", "CRITICAL", f"127.0.0.1 port {nginx.tls_port}: Connection refused")

    def test_is_refused_with_what_cannot_be_read(self):
        self.assert_refused(check("bad", "ssl_cert", host="localhost", starttls="ftp"),
                            "options.starttls: ")
        self.assert_refused(check("bad", "ssl_cert", host=""), "options.host: ")
        self.assert_refused(check("bad", "ssl_cert", warning=3), "options.host")


if __name__ == "__main__":
    unittest.main()
