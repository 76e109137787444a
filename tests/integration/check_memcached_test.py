"""check/memcached on a real memcached that is started, paused and stopped."""

import unittest

from check_case import CheckCase, check, is_root, samples
from memcached_peer import Memcached, MemcachedOnSocket


class MemcachedCheck(CheckCase):
    def start(self, peer):
        self.addCleanup(peer.stop)
        return peer.start()

    def test_has_four_states(self):
        peer = self.start(Memcached(self.folder / "memcached"))
        other = self.start(MemcachedOnSocket(self.folder / "other"))
        (self.folder / "plain").write_text("")
        where = {"key": "shoal", "host": "127.0.0.1", "port": peer.port, "timeout": "900ms"}
        self.run_checks(
            check("cache", "memcached", **where),
            check("slow", "memcached", warning=0, critical=9, **{**where, "key": "shoal-slow"}),
            check("mild", "memcached", error_status="warning", **{**where, "key": "shoal-mild"}),
            check("unix", "memcached", key="x" * 250, socket=str(other.socket)),
            check("below", "memcached", key="k", socket=str(self.folder / "plain/memcached.sock")))

        fine = self.becomes("cache", "OK", 'set and got "shoal" in 0.')
        self.assertLess(samples(fine)["memcached.cache.seconds"], 0.9)
        self.becomes("slow", "WARNING")
        self.becomes("mild", "OK")
        self.becomes("unix", "OK", f"{other.socket}: set and got")
        self.becomes("below", "UNKNOWN", "Not a directory")
        if not is_root():
            other.socket.chmod(0)
            self.becomes("unix", "UNKNOWN", "Permission denied")

        peer.pause()
        self.becomes("cache", "CRITICAL", "no more came in time")
        self.becomes("mild", "WARNING")
        peer.go_on()
        self.becomes("cache", "OK")
        peer.stop()
        self.becomes("cache", "CRITICAL", f"127.0.0.1 port {peer.port}: Connection refused")

    def test_is_refused_with_what_cannot_be_read(self):
        self.assert_refused(check("bad", "memcached", host="", key="k"), "options.host: ")
        self.assert_refused(check("bad", "memcached"), "options.key")
        self.assert_refused(check("bad", "memcached", key="two words"), "options.key: ")
        self.assert_refused(check("bad", "memcached", key="x" * 251), "options.key: ")


if __name__ == "__main__":
    unittest.main()
