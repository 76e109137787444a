"""check/http on a real nginx that is started, paused and stopped, and on one that answers garbage."""

import unittest

from agent_case import TOP
from check_case import CheckCase, check, samples
from real_peers import Nginx, Sayer, free_port

LOCATIONS = """
location = /old { return 302 /new/page?x=1; }
location = /new/page { return 200 "arrived $args\\n"; }
location = /loop { return 301 /loop; }
location = /away { return 302 http://localhost:PORT/told; }
location = /told { return 200 "auth=$http_authorization host=$host"; }
location = /broken { return 500; }
location = /echo { return 200 "$request_method $host $http_x_word $http_user_agent"; }
"""


class Http(CheckCase):
    def nginx(self, locations="", http=""):
        peer = Nginx(self.folder / "nginx", locations, http)
        self.addCleanup(peer.stop)
        return peer

    def test_has_four_states(self):
        nginx = self.nginx(LOCATIONS).start()
        url = nginx.url()
        self.run_checks(
            check("web", "http", url=url, pattern="It works", timeout="900ms"),
            check("slow", "http", url=url, warning=0, critical=9),
            check("missing", "http", url=nginx.url("/none")),
            check("expected", "http", url=nginx.url("/none"), status=["404=ok"]),
            check("broken", "http", url=nginx.url("/broken")),
            check("other", "http", url=url, pattern="Something else"),
            check("size", "http", url=url, bytes=18, min_bytes="18"),
            check("large", "http", url=url, max_bytes=5),
            check("proxy", "http", url="http://example.com/", proxy="nonsense://"))

        fine = self.becomes("web", "OK", f"{url}: HTTP 200, 18 bytes in 0.")
        self.assertEqual(samples(fine)["http.web.bytes"], 18)
        self.assertLess(samples(fine)["http.web.seconds"], 0.9)
        self.becomes("slow", "WARNING")
        self.becomes("missing", "WARNING", "HTTP 404")
        self.becomes("expected", "OK", "HTTP 404")
        self.becomes("broken", "CRITICAL", "HTTP 500")
        self.becomes("other", "CRITICAL", '"Something else" not found')
        self.becomes("size", "OK")
        self.becomes("large", "CRITICAL")
        self.becomes("proxy", "UNKNOWN", "proxy: ")

        nginx.pause()
        silent = self.becomes("web", "CRITICAL", "while waiting for the answer")
        self.assertEqual(samples(silent), {})
        nginx.go_on()
        self.becomes("web", "OK")
        nginx.stop()
        self.becomes("web", "CRITICAL", "Connection refused")

        garbage = Sayer(nginx.port, b"\x16\x03\x01 what?\r\n\r\n")
        self.becomes("web", "CRITICAL", f"127.0.0.1:{nginx.port}: ")
        self.assertNotIn("refused", self.result("web")["text"])
        garbage.stop()
        nginx.start()
        self.becomes("web", "OK")

    def test_follows_redirects_and_asks_as_told(self):
        nginx = self.nginx()
        nginx.configure(LOCATIONS.replace("PORT", str(nginx.port)))
        nginx.start()
        host = f"http://me:pass%21@127.0.0.1:{nginx.port}"
        self.run_checks(
            check("redirect", "http", url=nginx.url("/old?token=1"), pattern="arrived x=1"),
            check("loop", "http", url=nginx.url("/loop"), status=["301=warning"]),
            check("told", "http", url=f"{host}/told", pattern="auth=Basic bWU6cGFzcyE="),
            check("away", "http", url=f"{host}/away", pattern="auth= host=localhost"),
            check("echo", "http", url=nginx.url("/echo"), method="POST", body="x",
                  headers=["Host: site.example", "X-Word: hello"],
                  pattern="^POST site.example hello shoal-check-http$"))

        self.becomes("redirect", "OK", f"{nginx.url('/new/page')}: HTTP 200")
        self.becomes("loop", "WARNING", "HTTP 301")
        self.becomes("told", "OK")
        self.assertNotIn("pass", self.result("told")["text"])
        self.becomes("away", "OK", f"http://localhost:{nginx.port}/told")
        self.becomes("echo", "OK")

    def test_verifies_certificates(self):
        tls = TOP / "tests/plugin/testdata/tls"
        port = free_port()
        nginx = self.nginx(http=f"""server {{
            listen 127.0.0.1:{port} ssl;
            ssl_certificate {self.folder}/nginx/good.pem;
            ssl_certificate_key {self.folder}/nginx/good.pem;
            location / {{ return 200 "secret"; }} }}""")
        (nginx.folder / "good.pem").write_bytes((tls / "good.pem").read_bytes())
        (nginx.folder / "good.pem").chmod(0o644)
        nginx.start()
        url = f"https://localhost:{port}/"
        ca_file = str(tls / "root.pem")
        self.run_checks(
            check("trusted", "http", url=url, ca_file=ca_file),
            check("stranger", "http", url=url),
            check("careless", "http", url=url, check_certificate=False),
            check("unreadable", "http", url=url, ca_file="/nonexistent/root.pem"))

        self.becomes("trusted", "OK", f"{url}: HTTP 200, 6 bytes")
        self.becomes("stranger", "CRITICAL", "no TLS: ")
        self.becomes("careless", "OK")
        self.becomes("unreadable", "UNKNOWN", "/nonexistent/root.pem")

    def test_is_refused_with_what_cannot_be_read(self):
        self.assert_refused(check("bad", "http", url="web"), "options.url: expected text that matches")
        self.assert_refused(check("bad", "http", url="http://a/", pattern="[a"),
                            'options.pattern: pattern "[a" does not compile: missing ]')
        self.assert_refused(check("bad", "http", url="http://a/", status=["404=fine"]),
                            "options.status.0: expected text that matches")
        self.assert_refused(check("bad", "http", url="http://a/", critical="1s"),
                            "options.critical: expected a number or a range")


if __name__ == "__main__":
    unittest.main()
