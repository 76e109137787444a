"""check/mysql on real servers that are filled, paused and stopped, on a replica, and over TLS."""

import subprocess
import unittest

from check_case import CheckCase, check, samples
from mysql_peer import PASSWORD, Mysql
from real_peers import Sayer, free_port


class MysqlTest(CheckCase):
    def server(self, name, *flags):
        peer = Mysql(self.folder / name, *flags)
        self.addCleanup(peer.stop)
        return peer.start()

    def sessions(self, server, count):
        for _ in range(count):
            self.addCleanup(server.session().close)

    def test_has_four_states(self):
        server = self.server("mysql")
        where = {"host": "127.0.0.1", "port": server.port, "user": "monitor",
                 "password": PASSWORD, "timeout": "900ms"}
        self.run_checks(
            check("used", "mysql", warning=8, critical=100, **where),
            check("many", "mysql", warning=1, critical=8, **where),
            check("mild", "mysql", error_status="warning", **where),
            check("young", "mysql", mode="uptime", warning=100_000, **where),
            check("writable", "mysql", mode="readonly", expected="off", **where),
            check("replica", "mysql", mode="replication", **where | {"user": "watcher"}),
            check("master", "mysql", mode="replication", skip_master=True,
                  **where | {"user": "watcher"}),
            check("forbidden", "mysql", mode="replication", **where),
            check("stranger", "mysql", **where | {"password": "wrong"}),
            check("unix", "mysql", socket=str(server.socket), user="monitor", password=PASSWORD))

        fine = self.becomes("used", "OK", " connections")
        self.assertGreaterEqual(samples(fine)["mysql.used.connections"], 1)
        self.assertGreaterEqual(samples(self.becomes("young", "WARNING"))["mysql.young.uptime"], 0)
        self.becomes("writable", "OK", "read_only is OFF")
        self.becomes("replica", "UNKNOWN", "it is no replica")
        self.becomes("master", "OK", "it is no replica")
        self.becomes("forbidden", "UNKNOWN", "Access denied; you need")
        self.becomes("stranger", "CRITICAL", "Access denied for user 'monitor'@'127.0.0.1'")
        self.becomes("unix", "OK", f"{server.socket}: ")

        with server.session() as root:
            root.run("SET GLOBAL read_only = 1")
        self.becomes("writable", "CRITICAL", "expected read_only OFF, found ON")

        self.sessions(server, 8)
        self.becomes("used", "WARNING", " connections")
        self.becomes("many", "CRITICAL", " connections")

        server.pause()
        self.becomes("mild", "WARNING", "no answer in time")
        self.becomes("used", "CRITICAL", f"127.0.0.1 port {server.port}: no answer in time")
        server.go_on()

        server.stop()
        self.becomes("used", "CRITICAL", f"127.0.0.1 port {server.port}: Connection refused")
        other = Sayer(server.port, b"\x00\xffwhat?\r\n" + b"x" * 100_000)
        self.addCleanup(other.stop)
        self.becomes("used", "CRITICAL", f"127.0.0.1 port {server.port}: ")
        self.assertNotIn(PASSWORD, self.running.log_text())

    def test_follows_a_replica(self):
        source = self.server("source", "--server-id=1", "--log-bin=bin")
        replica = self.server("replica", "--server-id=2")
        with replica.session() as root:
            root.run(f"CHANGE MASTER TO MASTER_HOST='127.0.0.1', MASTER_PORT={source.port},"
                     f" MASTER_USER='copier', MASTER_PASSWORD='x', MASTER_CONNECT_RETRY=1")
        with source.session() as root:
            root.run("CREATE USER copier IDENTIFIED BY 'x'")
            root.run("GRANT REPLICATION SLAVE ON *.* TO copier")
            root.run("RESET MASTER")
        self.run_checks(check("replica", "mysql", mode="replication", host="127.0.0.1",
                              port=replica.port, user="watcher", password=PASSWORD))
        self.becomes("replica", "CRITICAL", 'replication stands: IO thread "No", SQL thread "No"')

        with replica.session() as root:
            root.run("START SLAVE")
        fine = self.becomes("replica", "OK", " s behind its source")
        self.assertEqual(samples(fine)["mysql.replica.seconds_behind"], 0)

        source.stop()
        self.becomes("replica", "CRITICAL", 'IO thread "Connecting", SQL thread "Yes"')

    def test_sees_each_of_several_sources(self):
        source = self.server("source", "--server-id=1", "--log-bin=bin")
        replica = self.server("replica", "--server-id=2")
        with source.session() as root:
            root.run("CREATE USER copier IDENTIFIED BY 'x'")
            root.run("GRANT REPLICATION SLAVE ON *.* TO copier")
            root.run("RESET MASTER")
        with replica.session() as root:
            for name, port in (("", source.port), ("east", free_port())):
                root.run(f"CHANGE MASTER '{name}' TO MASTER_HOST='127.0.0.1', MASTER_PORT={port},"
                         f" MASTER_USER='copier', MASTER_PASSWORD='x', MASTER_CONNECT_RETRY=1")
                root.run(f"START SLAVE '{name}'")
        self.run_checks(check("replica", "mysql", mode="replication", host="127.0.0.1",
                              port=replica.port, user="watcher", password=PASSWORD))
        self.becomes("replica", "CRITICAL",
                     'replication stands: connection "east": IO thread "Connecting"')

        with replica.session() as root:
            root.run("STOP SLAVE 'east'")
            root.run("RESET SLAVE 'east' ALL")
        self.becomes("replica", "OK", " s behind its source")

    def test_verifies_tls(self):
        key, cert = self.folder / "key.pem", self.folder / "cert.pem"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out",
             cert, "-subj", "/CN=localhost", "-days", "2", "-addext",
             "subjectAltName=DNS:localhost"], check=True, capture_output=True)
        key.chmod(0o644)
        cert.chmod(0o644)
        server = self.server("tls", f"--ssl-cert={cert}", f"--ssl-key={key}")
        where = {"port": server.port, "user": "monitor", "password": PASSWORD}
        self.run_checks(
            check("verified", "mysql", host="localhost", tls="on", ca_file=str(cert), **where),
            check("stranger", "mysql", host="localhost", tls="on", **where),
            check("other", "mysql", host="127.0.0.1", tls="on", ca_file=str(cert), **where),
            check("careless", "mysql", host="127.0.0.1", tls="on", check_certificate=False, **where))
        self.becomes("verified", "OK")
        self.becomes("stranger", "CRITICAL", "certificate")
        self.becomes("other", "CRITICAL", "certificate")
        self.becomes("careless", "OK")

    def test_is_refused_with_what_cannot_be_read(self):
        self.assert_refused(check("bad", "mysql", tls="yes"), 'options.tls: expected one of "auto"')
        self.assert_refused(check("bad", "mysql", mode="slave"), "options.mode: expected one of")
        self.assert_refused(check("bad", "mysql", host=""), "options.host")


if __name__ == "__main__":
    unittest.main()
