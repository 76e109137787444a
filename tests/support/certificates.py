"""Certificates as openssl makes them, with the ends a test wants."""

import datetime
import subprocess

CONF = """
[ca]
default_ca = ours
[ours]
new_certs_dir = {folder}
database = {folder}/index
serial = {folder}/serial
unique_subject = no
default_md = sha256
policy = any
[any]
commonName = supplied
[authority]
basicConstraints = critical, CA:TRUE
[req]
distinguished_name = empty
[empty]
"""


class Authority:
    """Issues certificates; `ca_file` is its own."""

    def __init__(self, folder):
        self.folder = folder
        folder.mkdir()
        (folder / "conf").write_text(CONF.format(folder=folder))
        (folder / "index").write_text("")
        (folder / "serial").write_text("01\n")
        self.ca_file = folder / "ca.pem"
        self.key_file = folder / "ca.key"
        self.request(self.key_file, "Test CA")
        self.sign(self.ca_file, 3650, "-selfsign", "-extensions", "authority")

    def issue(self, path, days, names="IP:127.0.0.1"):
        """A file with a certificate that ends in so many days, and its key."""
        key = path.with_suffix(".key")
        self.request(key, "Test Server")
        extension = self.folder / "extension"
        extension.write_text(f"subjectAltName = {names}\n")
        self.sign(path, days, "-cert", self.ca_file, "-extfile", extension)
        with open(path, "a", encoding="ascii") as both:
            both.write(key.read_text())
        return path

    def request(self, key, name):
        openssl("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                "-config", self.folder / "conf", "-subj", f"/CN={name}", "-keyout", key, "-out",
                self.folder / "request")

    def sign(self, path, days, *more):
        now = datetime.datetime.now(datetime.timezone.utc)
        begin, end = now - datetime.timedelta(days=100), now + datetime.timedelta(days=days)
        openssl("ca", "-batch", "-notext", "-config", self.folder / "conf", "-keyfile", self.key_file,
                "-startdate", f"{begin:%Y%m%d%H%M%SZ}", "-enddate", f"{end:%Y%m%d%H%M%SZ}", "-in",
                self.folder / "request", "-out", path, *more)


def openssl(*arguments):
    subprocess.run(["openssl", *arguments], check=True, stdin=subprocess.DEVNULL, capture_output=True)
