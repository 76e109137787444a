"""check/postgresql on a real server that is filled, paused and stopped, with passwords and TLS."""

import subprocess
import unittest

from check_case import CheckCase, check, samples
from postgresql_peer import PASSWORD, Postgresql
from real_peers import Sayer, free_port


class PostgresqlTest(CheckCase):
    def server(self, more=""):
        peer = Postgresql(self.folder / "postgresql", more)
        self.addCleanup(peer.stop)
        return peer.start()

    def sessions(self, server, count):
        clients = [server.session() for _ in range(count)]
        for client in clients:
            self.addCleanup(end, client)
        return clients

    def test_has_four_states(self):
        server = self.server()
        where = {"host": "127.0.0.1", "port": server.port, "user": "monitor",
                 "password": PASSWORD, "timeout": "900ms"}
        self.run_checks(
            check("used", "postgresql", warning=4, critical=7, **where),
            check("mild", "postgresql", error_status="warning", **where),
            check("waiting", "postgresql", mode="query", query="SELECT waiting FROM jobs",
                  warning=10, critical=20, **where),
            check("secret", "postgresql", mode="query", query="SELECT word FROM secrets", **where),
            check("writes", "postgresql", mode="query",
                  query="INSERT INTO jobs VALUES (1) RETURNING waiting",
                  **where | {"user": "postgres"}),
            check("stranger", "postgresql", **where | {"password": "wrong"}),
            check("slow", "postgresql", mode="query", query="SELECT pg_sleep(60)", **where))

        fine = self.becomes("used", "OK", " of 12 connections used")
        values = samples(fine)
        self.assertAlmostEqual(values["postgresql.used.connections_percentage"],
                               values["postgresql.used.connections"] / 12 * 100)
        self.becomes("waiting", "UNKNOWN", "expected one row, got none")
        self.becomes("secret", "UNKNOWN", "ERROR:  permission denied for table secrets")
        self.becomes("writes", "UNKNOWN",
                     "ERROR:  cannot execute INSERT in a read-only transaction")
        self.becomes("stranger", "CRITICAL",
                     'FATAL:  password authentication failed for user "monitor"')
        self.becomes("slow", "CRITICAL")

        server.sql("INSERT INTO jobs VALUES (10)")
        self.becomes("waiting", "OK", "the query gives 10")
        server.sql("UPDATE jobs SET waiting = 11")
        self.becomes("waiting", "WARNING", "the query gives 11")
        server.sql("UPDATE jobs SET waiting = 21")
        self.assertEqual(samples(self.becomes("waiting", "CRITICAL"))["postgresql.waiting.value"], 21)

        self.sessions(server, 4)
        self.becomes("used", "WARNING", " of 12 connections used")
        self.sessions(server, 4)
        self.becomes("used", "CRITICAL", " of 12 connections used")
        self.sessions(server, 4)
        full = self.becomes("used", "CRITICAL", "FATAL:  ")
        self.assertEqual(samples(full), {})

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

    def test_opens_the_unix_socket(self):
        server = self.server()
        self.run_checks(check("unix", "postgresql", socket=str(server.folder), port=server.port,
                              user="monitor", password=PASSWORD),
                        check("file", "postgresql", user="monitor", password=PASSWORD,
                              socket=f"{server.folder}/.s.PGSQL.{server.port}"))
        self.becomes("unix", "OK", f"{server.folder}/.s.PGSQL.{server.port}: ")
        self.becomes("file", "OK", f"{server.folder}/.s.PGSQL.{server.port}: ")
        server.stop()
        self.becomes("unix", "CRITICAL", ": Connection refused")

    def test_verifies_tls(self):
        key, cert = self.folder / "key.pem", self.folder / "cert.pem"
        other = self.folder / "other.pem"
        for file, subject in ((other, "/CN=other"), (cert, "/CN=localhost")):
            subprocess.run(
                ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                 "ec_paramgen_curve:P-256", "-nodes", "-keyout", key, "-out", file, "-subj",
                 subject, "-days", "2", "-addext", "subjectAltName=DNS:localhost"],
                check=True, capture_output=True)
        server = Postgresql(self.folder / "tls", "ssl = on")
        self.addCleanup(server.stop)
        for source, name in ((key, "server.key"), (cert, "server.crt")):
            server.put(name, source.read_bytes())
        server.start()
        where = {"port": server.port, "user": "monitor", "password": PASSWORD}
        used = 'SELECT count(*) FROM pg_stat_ssl WHERE ssl AND pid = pg_backend_pid()'
        self.run_checks(
            check("loopback", "postgresql", mode="query", query=used, critical="1:", **where),
            check("verified", "postgresql", host="localhost", sslmode="verify-full",
                  ca_file=str(cert), **where),
            check("stranger", "postgresql", host="localhost", sslmode="verify-full", **where),
            check("required", "postgresql", host="127.0.0.1", sslmode="require",
                  ca_file=str(cert), **where),
            check("deceived", "postgresql", host="127.0.0.1", sslmode="require",
                  ca_file=str(other), **where),
            check("other", "postgresql", host="127.0.0.1", sslmode="verify-full",
                  ca_file=str(cert), **where))
        self.becomes("loopback", "OK", "the query gives 1")
        self.becomes("verified", "OK")
        self.becomes("stranger", "CRITICAL", "certificate verify failed")
        self.becomes("required", "OK")
        self.becomes("deceived", "CRITICAL", "certificate verify failed")
        self.becomes("other", "CRITICAL", "does not match host name")

    def test_is_refused_with_what_cannot_be_read(self):
        self.assert_refused(check("bad", "postgresql", port=free_port()),
                            "options.user: is required and missing")
        self.assert_refused(check("bad", "postgresql", user="x", host=""), "options.host")
        self.assert_refused(check("bad", "postgresql", user="x", sslmode="yes"),
                            'options.sslmode: expected one of "auto", "disable"')


def end(client):
    client.kill()
    client.communicate()


if __name__ == "__main__":
    unittest.main()
