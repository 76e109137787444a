"""check/ntp on real chronyds that are started, paused and stopped, and keep nobody's clock."""

import unittest

from check_case import CheckCase, check, samples
from ntp_peer import Chronyd, WrongServer
from real_peers import free_port


class Ntp(CheckCase):
    def chronyd(self, name, **more):
        peer = Chronyd(self.folder / name, **more)
        self.addCleanup(peer.stop)
        return peer.start()

    def test_has_four_states_by_the_daemon(self):
        chronyd = self.chronyd("chronyd")
        lost = self.chronyd("lost", knows=False)
        where = {"chrony_port": chronyd.chrony_port, "port": free_port(), "timeout": "900ms"}
        self.run_checks(
            check("clock", "ntp", **where),
            check("mild", "ntp", error_status="warning", **where),
            check("off", "ntp", warning="1000:", critical=9000, **where),
            check("far", "ntp", critical="1000:", **where),
            check("lost", "ntp", **{**where, "chrony_port": lost.chrony_port}),
            check("strict", "ntp", unsynchronized_status="critical",
                  **{**where, "chrony_port": lost.chrony_port}))

        fine = self.becomes("clock", "OK", "offset ")
        self.assertIn(f" by chronyd at 127.0.0.1 port {chronyd.chrony_port}, stratum 8",
                      fine["text"])
        self.assertAlmostEqual(samples(fine)["ntp.clock.offset"], 0, places=3)
        self.assertEqual(samples(fine)["ntp.clock.stratum"], 8)
        self.becomes("off", "WARNING")
        self.becomes("far", "CRITICAL")
        self.becomes("lost", "UNKNOWN", "it is not synchronized")
        self.becomes("strict", "CRITICAL", "it is not synchronized")

        chronyd.pause()
        silent = self.becomes("clock", "UNKNOWN", f"{chronyd.chrony_port}: no answer in time")
        self.assertEqual(samples(silent), {})
        self.becomes("mild", "WARNING")
        chronyd.go_on()
        self.becomes("clock", "OK")

        chronyd.stop()
        self.becomes("clock", "UNKNOWN", f"{chronyd.chrony_port}: Connection refused; ntpd at ")

    def test_judges_what_chronyd_still_has_to_correct(self):
        server = WrongServer(ahead=8)
        self.addCleanup(server.stop)
        chronyd = self.chronyd("chronyd", server=server.port)
        self.run_checks(check("clock", "ntp", chrony_port=chronyd.chrony_port, port=free_port()))

        resumed = self.becomes("clock", "CRITICAL", "(still to be corrected) by chronyd at ")
        self.assertAlmostEqual(samples(resumed)["ntp.clock.offset"], 8, places=1)

    def test_has_four_states_by_servers(self):
        chronyd = self.chronyd("chronyd")
        lost = self.chronyd("lost", knows=False)
        where = {"servers": ["name.invalid", "127.0.0.1"], "port": chronyd.port, "timeout": "2s"}
        # What the machine is busy with goes into the offset.
        wide = {"warning": 1000, "critical": 2000}
        self.run_checks(
            check("clock", "ntp", **wide, **where),
            check("off", "ntp", warning="1000:", critical=9000, **where),
            check("far", "ntp", critical="1000:", **where),
            check("lost", "ntp", **{**where, "port": lost.port}))

        fine = self.becomes("clock", "OK", f" by 127.0.0.1 port {chronyd.port}, stratum 8")
        self.assertLess(abs(samples(fine)["ntp.clock.offset"]), 1)
        self.becomes("off", "WARNING")
        self.becomes("far", "CRITICAL")
        self.becomes("lost", "UNKNOWN", f"127.0.0.1 port {lost.port}: it is not synchronized")

        chronyd.pause()
        self.becomes("clock", "UNKNOWN", "no answer in time")
        chronyd.go_on()
        self.becomes("clock", "OK")
        chronyd.stop()
        self.becomes("clock", "UNKNOWN", f"127.0.0.1 port {chronyd.port}: Connection refused")

    def test_is_refused_with_what_cannot_be_read(self):
        self.assert_refused(check("bad", "ntp", warning="50ms"), "options.warning: ")
        self.assert_refused(check("bad", "ntp", chrony_port=0),
                            "options.chrony_port: expected at least 1")
        self.assert_refused(check("bad", "ntp", unsynchronized_status="ok"),
                            "options.unsynchronized_status: ")


if __name__ == "__main__":
    unittest.main()
