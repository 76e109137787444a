"""check/ping on the loopback: this host's own, and that of a network namespace in which the test says
who may ping and whether anybody answers.
"""

import pathlib
import subprocess
import unittest

from check_case import CheckCase, check, is_root, samples

# An agent in a namespace of its own, without the right to open raw sockets.
ENTER = """#!/bin/sh
[ "$1" = run ] || exec {shoal} "$@"
exec unshare {flags} sh -c 'python3 {up} && exec setpriv --bounding-set -net_raw {shoal} "$@"' \
  shoal "$@"
"""
FLAGS = "--net" if is_root() else "--net --map-root-user"
USER = "" if is_root() else "--user --preserve-credentials"
# The loopback of a new namespace is down.
UP = """
import fcntl, socket, struct
SIOCSIFFLAGS, IFF_UP = 0x8914, 1
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
    fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", IFF_UP))
"""


class ThisHost(CheckCase):
    def test_answers_itself_unless_pinging_is_forbidden(self):
        self.run_checks(
            check("self", "ping", host="127.0.0.1", count=3),
            check("slow", "ping", host="127.0.0.1", warning=0, critical=9),
            check("late", "ping", host="127.0.0.1", critical=0),
            check("lossy", "ping", host="127.0.0.1", critical_loss="1:"),
            check("named", "ping", host="name.invalid", timeout="1s"))

        self.becomes("named", "CRITICAL", "name.invalid: cannot resolve the name")
        first = self.result("self")
        if first["status"] == "UNKNOWN":
            self.assertIn("net.ipv4.ping_group_range", first["text"])
            self.skipTest(f"this user: {first['text']}")
        fine = self.becomes("self", "OK", "127.0.0.1 answers in 0.")
        self.assertTrue(fine["text"].endswith(", 0 of 3 lost"), fine["text"])
        self.assertLess(samples(fine)["ping.self.seconds"], 1)
        self.assertEqual(samples(fine)["ping.self.loss"], 0)
        self.becomes("slow", "WARNING")
        self.becomes("late", "CRITICAL")
        self.becomes("lossy", "CRITICAL")

    def test_is_refused_with_what_cannot_be_read(self):
        self.assert_refused(check("bad", "ping"), "options.host: is required and missing")
        self.assert_refused(check("bad", "ping", host="a", count=0),
                            "options.count: expected at least 1")
        self.assert_refused(check("bad", "ping", host="a", wait_time="soon"),
                            'options.wait_time: expected a duration like "30s", got "soon"')


class Namespace(CheckCase):
    def setUp(self):
        super().setUp()
        up = self.write("up.py", UP)
        answer = subprocess.run(
            ["unshare", *FLAGS.split(), "sh", "-c",
             f"python3 {up} && setpriv --bounding-set -net_raw true"
             " && echo 0 > /proc/sys/net/ipv4/icmp_echo_ignore_all"],
            capture_output=True, text=True)
        if answer.returncode != 0:
            self.skipTest(f"this host makes no network namespace: {answer.stderr}")

        enter = self.write("enter", "")
        agent = self.agent(starts=False)
        enter.write_text(ENTER.format(shoal=agent.shoal, flags=FLAGS, up=up))
        enter.chmod(0o755)
        self.enter = enter

    def set(self, name, value):
        """A setting of the namespace's network, for IPv4."""
        subprocess.run(
            ["nsenter", "--target", str(self.running.process.pid), "--net", *USER.split(), "sh",
             "-c", f'echo "{value}" > /proc/sys/net/ipv4/{name}'], check=True)

    def test_has_four_states(self):
        self.run_checks(
            check("self", "ping", host="127.0.0.1", wait_time="300ms"),
            check("mild", "ping", host="127.0.0.1", wait_time="300ms", count=2,
                  error_status="warning"),
            check("six", "ping", host="::1"),
            check("slow", "ping", host="localhost", warning=0),
            check("far", "ping", host="192.0.2.1"),
            program=self.enter)

        forbidden = self.becomes("self", "UNKNOWN", "127.0.0.1: may not send ICMP: expected its "
                                 "group in net.ipv4.ping_group_range, or CAP_NET_RAW")
        self.assertEqual(samples(forbidden), {})

        self.set("ping_group_range", "0 0")
        self.becomes("self", "OK", "127.0.0.1 answers in 0.")
        self.becomes("mild", "OK", ", 0 of 2 lost")
        if pathlib.Path("/proc/net/if_inet6").exists():
            self.becomes("six", "OK", "::1 answers in 0.")
        self.becomes("slow", "WARNING", "localhost (")
        self.becomes("far", "CRITICAL", "192.0.2.1: Network is unreachable")

        self.set("icmp_echo_ignore_all", 1)
        silent = self.becomes("self", "CRITICAL", "127.0.0.1: no reply")
        self.assertEqual(samples(silent), {"ping.self.loss": 100})
        self.becomes("mild", "WARNING", "127.0.0.1: no reply")
        self.set("icmp_echo_ignore_all", 0)
        self.becomes("self", "OK")


if __name__ == "__main__":
    unittest.main()
