"""check/cert_file on certificates as openssl makes them, renewed and damaged in place."""

import subprocess
import unittest

from check_case import CheckCase, check, is_root, samples


class CertFile(CheckCase):
    def setUp(self):
        super().setUp()
        self.openssl("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
                     "-nodes", "-subj", "/CN=shop.example", "-keyout", "key", "-out", "request")

    def openssl(self, *words):
        answer = subprocess.run(["openssl", *words], cwd=self.folder, capture_output=True, text=True)
        self.assertEqual(answer.returncode, 0, answer.stderr)
        return answer.stdout

    def certificate(self, days):
        return self.openssl("x509", "-req", "-in", "request", "-signkey", "key", "-days", str(days))

    def replace(self, path, text):
        """In one step: no round sees half of it."""
        self.write("new", text).rename(path)

    def test_has_four_states(self):
        path = self.folder / "shop.pem"
        self.run_checks(check("cert", "cert_file", file=str(path)),
                        check("patient", "cert_file", file=str(path), warning=1, critical=0))
        self.becomes("cert", "UNKNOWN", f"{path}: No such file or directory")

        self.replace(path, self.certificate(365))
        fine = self.becomes("cert", "OK", f"{path}: CN=shop.example expires in 364 days, on ")
        self.assertEqual(samples(fine), {"cert_file.cert.days": 364})
        self.replace(path, self.certificate(20))
        self.becomes("cert", "WARNING", "expires in 19 days")
        self.becomes("patient", "OK", "expires in 19 days")
        self.replace(path, self.certificate(10))
        self.becomes("cert", "CRITICAL", "expires in 9 days")
        self.replace(path, self.certificate(-1))
        self.becomes("cert", "CRITICAL", "CN=shop.example expired on ")
        self.becomes("patient", "CRITICAL", "expired on ")

        key = (self.folder / "key").read_text()
        self.replace(path, key + self.certificate(365) + self.certificate(20))
        self.becomes("cert", "WARNING", "expires in 19 days")
        self.becomes("cert", "WARNING", " (2 certificates)")
        self.replace(path, key)
        told = self.becomes("cert", "CRITICAL", f"{path}: holds no certificate in PEM form")
        self.assertEqual(samples(told), {})
        self.replace(path, self.certificate(365)[:300])
        self.becomes("cert", "CRITICAL", "certificate 1 is damaged: ")
        path.unlink()
        path.mkdir()
        self.becomes("cert", "UNKNOWN", "expected a file, found something else")

    @unittest.skipIf(is_root(), "root may read everything")
    def test_is_unknown_of_what_it_may_not_read(self):
        path = self.write("shop.pem", self.certificate(365))
        path.chmod(0)
        self.run_checks(check("cert", "cert_file", file=str(path)))
        self.becomes("cert", "UNKNOWN", f"{path}: Permission denied")

    def test_is_refused_with_what_cannot_be_read(self):
        self.assert_refused(check("bad", "cert_file", file="/x", warning="a month"),
                            'options.warning: expected a number or a range like "10:20"')
        self.assert_refused(check("bad", "cert_file", file="shop.pem"),
                            "options.file: expected text that matches ^/")
        self.assert_refused(check("bad", "cert_file"), "options.file: is required")


if __name__ == "__main__":
    unittest.main()
