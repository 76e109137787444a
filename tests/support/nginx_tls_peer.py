"""nginx with a certificate of the test's own, at `tls_port`."""

import os

from certificates import Authority
from real_peers import Nginx, free_port, give_away

SERVER = """
server {{
  listen 127.0.0.1:{port} ssl;
  ssl_certificate {file};
  ssl_certificate_key {file};
  return 204;
}}
"""


class NginxTls(Nginx):
    def __init__(self, folder, days):
        self.days = days
        self.tls_port = free_port()
        super().__init__(folder)

    def prepare(self):
        self.authority = Authority(self.folder / "authority")
        self.ca_file = str(self.authority.ca_file)
        file = self.authority.issue(self.folder / "server.pem", self.days)
        self.http = SERVER.format(port=self.tls_port, file=file)
        super().prepare()

    def renew(self, days, names="IP:127.0.0.1"):
        """Starts again with another certificate."""
        self.stop()
        self.authority.issue(self.folder / "server.pem", days, names)
        if os.geteuid() == 0:
            give_away(self.folder)
        self.start()
