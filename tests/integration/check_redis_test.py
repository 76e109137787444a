"""check/redis on a real master and its replica, started, paused and stopped."""

import unittest

from check_case import CheckCase, check, is_root, samples
from redis_peer import Redis


class RedisCheck(CheckCase):
    def redis(self, name, **options):
        peer = Redis(self.folder / name, **options)
        self.addCleanup(peer.stop)
        return peer.start()

    def test_has_four_states(self):
        master = self.redis("master", password="geheim")
        replica = self.redis("replica", password="geheim", master=master)
        there = {"host": "127.0.0.1", "port": master.port, "timeout": "900ms"}
        follower = {"host": "127.0.0.1", "port": replica.port, "timeout": "900ms",
                    "password": "geheim", "mode": "replication"}
        (self.folder / "plain").write_text("")
        self.run_checks(
            check("up", "redis", password="geheim", **there),
            check("user", "redis", password="geheim", user="default", **there),
            check("mild", "redis", password="geheim", error_status="warning", **there),
            check("slow", "redis", password="geheim", warning=0, critical=9, **there),
            check("bare", "redis", **there),
            check("stranger", "redis", password="verraten", **there),
            check("unix", "redis", password="geheim", socket=str(master.socket)),
            check("below", "redis", socket=str(self.folder / "plain/redis.sock")),
            check("role", "redis", password="geheim", mode="replication", **there),
            check("roles", "redis", password="geheim", mode="replication", skip_master=True, **there),
            check("follows", "redis", **follower),
            check("quiet", "redis", warning="@0:3600", critical=7200, **follower))

        fine = self.becomes("up", "OK", "PONG in 0.")
        self.assertLess(samples(fine)["redis.up.seconds"], 0.9)
        self.becomes("user", "OK")
        self.becomes("mild", "OK")
        self.becomes("slow", "WARNING")
        self.becomes("bare", "CRITICAL", 'expected PONG, got "NOAUTH')
        refused = self.becomes("stranger", "CRITICAL", 'AUTH: expected OK, got "WRONGPASS')
        self.assertNotIn("verraten", refused["text"])
        self.becomes("unix", "OK", f"{master.socket}: PONG")
        self.becomes("below", "UNKNOWN", "Not a directory")
        self.becomes("role", "CRITICAL", "expected a replica, found a master")
        self.becomes("roles", "OK", "it is a master")
        follows = self.becomes("follows", "OK", f'replica of "127.0.0.1:{master.port}", link "up"')
        self.assertIn("redis.follows.silence", samples(follows))
        self.becomes("quiet", "WARNING")

        if not is_root():
            master.socket.chmod(0)
            self.becomes("unix", "UNKNOWN", "Permission denied")

        master.pause()
        self.becomes("up", "CRITICAL", "no more came in time")
        self.becomes("mild", "WARNING")
        master.go_on()
        self.becomes("up", "OK")
        master.stop()
        self.becomes("up", "CRITICAL", f"127.0.0.1 port {master.port}: Connection refused")
        self.becomes("follows", "CRITICAL", 'link "down" for ')
        master.start()
        self.becomes("follows", "OK", 'link "up"')

    def test_is_refused_with_what_cannot_be_read(self):
        self.assert_refused(check("bad", "redis", host=""), "options.host: ")
        self.assert_refused(check("bad", "redis", mode="slave"), "options.mode: ")
        self.assert_refused(check("bad", "redis", socket="redis.sock"), "options.socket: ")
        self.assert_refused(check("bad", "redis", warning="late"), "options.warning: ")


if __name__ == "__main__":
    unittest.main()
