"""check/dns on a real dnsmasq that is started, paused and stopped."""

import unittest

from check_case import CheckCase, check, samples
from dns_peer import BIG, Dnsmasq

WWW = ["192.0.2.1", "192.0.2.2"]


class Dns(CheckCase):
    def dnsmasq(self):
        peer = Dnsmasq(self.folder / "dnsmasq")
        self.addCleanup(peer.stop)
        return peer.start()

    def test_has_four_states(self):
        dnsmasq = self.dnsmasq()
        where = {"host": "www.shoal.test", "server": "127.0.0.1", "port": dnsmasq.port,
                 "timeout": "900ms"}
        self.run_checks(
            check("web", "dns", expected=WWW, **where),
            check("mild", "dns", error_status="warning", **where),
            check("slow", "dns", warning=0, critical=9, **where),
            check("part", "dns", expected=WWW[:1], **where),
            check("other", "dns", expected=["192.0.2.9"], **where),
            check("gone", "dns", **{**where, "host": "none.shoal.test"}),
            check("foreign", "dns", **{**where, "host": "example.com"}),
            check("lost", "dns", **{**where, "server": "name.invalid"}))

        fine = self.becomes("web", "OK", f"www.shoal.test A from 127.0.0.1 port {dnsmasq.port} in ")
        self.assertLess(samples(fine)["dns.web.seconds"], 0.9)
        self.becomes("mild", "OK")
        self.becomes("slow", "WARNING")
        self.becomes("part", "WARNING", "expected 192.0.2.1, got 192.0.2.")
        self.becomes("other", "CRITICAL", "expected 192.0.2.9, got 192.0.2.")
        self.becomes("gone", "CRITICAL", ": NXDOMAIN")
        self.becomes("foreign", "CRITICAL", ": REFUSED")
        self.becomes("lost", "CRITICAL", "cannot resolve the name")

        dnsmasq.pause()
        silent = self.becomes("web", "CRITICAL", "no answer in time")
        self.assertEqual(samples(silent), {})
        self.becomes("mild", "WARNING", "no answer in time")
        dnsmasq.go_on()
        self.becomes("web", "OK")

        dnsmasq.stop()
        self.becomes("web", "CRITICAL", "nobody takes questions there")

    def test_asks_for_every_type(self):
        dnsmasq = self.dnsmasq()

        def asks(name, host, query_type, *expected):
            return check(name, "dns", host=host, query_type=query_type, expected=expected,
                         server="localhost", port=dnsmasq.port)

        self.run_checks(
            asks("aaaa", "six.shoal.test", "AAAA", "2001:DB8::1"),
            asks("caa", "shoal.test", "CAA", '0 issue "ca.example"'),
            asks("cname", "alias.shoal.test", "CNAME", "www.shoal.test."),
            asks("alias", "alias.shoal.test", "A", *WWW),
            asks("mx", "shoal.test", "MX", "10 mail.shoal.test"),
            asks("ns", "shoal.test", "NS", "ns.shoal.test"),
            asks("ptr", "192.0.2.1", "PTR", "www.shoal.test"),
            asks("soa", "shoal.test", "SOA",
                 "ns.shoal.test admin.shoal.test 7 7200 3600 1209600 300"),
            asks("srv", "_sip._tcp.shoal.test", "SRV", "10 5 5060 sip.shoal.test"),
            asks("big", "big.shoal.test", "TXT", *BIG))
        for name in ("aaaa", "caa", "cname", "alias", "mx", "ns", "ptr", "soa", "srv", "big"):
            self.becomes(name, "OK")

    def test_is_refused_with_what_cannot_be_read(self):
        self.assert_refused(check("bad", "dns"), "options.host: is required and missing")
        self.assert_refused(check("bad", "dns", host="a", query_type="ANY"), "options.query_type: ")
        self.assert_refused(check("bad", "dns", host="a", port=0), "options.port: expected at least 1")


if __name__ == "__main__":
    unittest.main()
