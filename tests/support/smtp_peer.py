"""aiosmtpd with STARTTLS and logins, in a process of its own and in the Python of Debian, which has it."""

import pathlib
import shutil

from certificates import Authority
from real_peers import Peer

SERVER = pathlib.Path(__file__).with_name("smtp_server.py")


class MailServer(Peer):
    def prepare(self):
        authority = Authority(self.folder / "authority")
        self.ca_file = str(authority.ca_file)
        self.certificate = authority.issue(self.folder / "server.pem", days=30)
        # Who runs it may not be able to read this folder.
        self.program = shutil.copy(SERVER, self.folder)

    def command(self):
        return ["/usr/bin/python3", "-B", self.program, str(self.port), self.certificate]
