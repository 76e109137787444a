"""sshd that takes one key of the test's own: `key_file`, for `user`, who is the one it runs as."""

import os
import pwd
import shutil
import subprocess

from real_peers import NOBODY, Sshd


class SshdWithLogins(Sshd):
    def prepare(self):
        super().prepare()
        self.user = pwd.getpwuid(NOBODY if os.geteuid() == 0 else os.geteuid()).pw_name
        self.key_file = self.make_key("login")
        self.locked_key_file = self.make_key("locked", "geheim")
        self.other_key_file = self.make_key("other")
        known = self.folder / "authorized"
        known.write_text("".join(path.with_suffix(".pub").read_text()
                                 for path in (self.key_file, self.locked_key_file)))
        # Without PAM a user without a password, such as nobody, counts as locked.
        conf = self.folder / "conf"
        conf.write_text(conf.read_text().replace("UsePAM no", "UsePAM yes") +
                        f"AuthorizedKeysFile {known}\nPasswordAuthentication yes\nMaxStartups 100\n")

    def make_key(self, name, passphrase=""):
        path = self.folder / name
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", passphrase, "-f", path], check=True)
        return path

    def lend(self, folder):
        """Copies of the keys for whoever runs the agent."""
        folder.mkdir()
        return [shutil.copy(path, folder)
                for path in (self.key_file, self.locked_key_file, self.other_key_file)]

    def fingerprint(self):
        listed = subprocess.run(["ssh-keygen", "-l", "-f", self.folder / "key.pub"], check=True,
                                capture_output=True, text=True)
        return listed.stdout.split()[1]
