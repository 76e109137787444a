"""docs/plugin-authors.md: the commands of its ten minutes work when they are pasted, one after another."""

import re
import unittest

from sdk_case import TOP, SdkCase

GUIDE = (TOP / "docs/plugin-authors.md").read_text()


def commands():
    walk = re.search(r"^## Ten minutes\n(.*?)^## ", GUIDE, re.MULTILINE | re.DOTALL)[1]
    return "".join(re.findall(r"^```sh\n(.*?)^```", walk, re.MULTILINE | re.DOTALL))


class Guide(SdkCase):
    def test_leads_from_nothing_to_a_plugin_in_an_agent(self):
        self.env["PATH"] = f"{self.prefix / 'bin'}:{self.env['PATH']}"
        # Installed elsewhere than under /usr, so the agent is told where its own plugins are.
        at_home = re.sub(r"^(shoal (?:configtest|once) .*)$",
                         rf"\1 --plugin-dir {self.prefix}/lib/shoal/plugins", commands(),
                         flags=re.MULTILINE)

        said = self.run_in(self.folder, "sh", "-ec", at_home)

        self.assertRegex(said, r"open_files\.open +1184 +integer")  # of the recorded data
        self.assertRegex(said, r"open_files\.so: \d+ passed, 0 failed")
        self.assertIn("SUCCESS (try.conf)", said)
        self.assertRegex(said, r"(?m)^open_files\.most +\d+$")  # of the agent
        self.assertRegex(said, r"(?m)^loadavg1 ")


if __name__ == "__main__":
    unittest.main()
