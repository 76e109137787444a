"""The life of a host at Mackerel beyond its minutes: a key put in, statuses, a retirement."""

import os
import shutil
import stat
import subprocess
import time
import unittest

from agent_case import SHOAL, AgentCase, shell_metric, without_host_metrics

HOST_ID = "3AAAAAAAAAA"


class Init(AgentCase):
    def test_writes_a_key_that_only_its_owner_reads(self):
        file = self.folder / "new/shoal.conf"
        self.shoal("init", "-apikey", 'k"1', "-apibase", "http://x", "-conf", file)
        self.assertEqual(file.read_text(), 'apikey = "k\\"1"\napibase = "http://x"\n')
        self.assertEqual(stat.S_IMODE(file.stat().st_mode), 0o600)

    def test_keeps_what_stands_there_and_its_mode(self):
        file = self.write("shoal.conf", 'roles = ["a:b"]\n')
        file.chmod(0o640)
        self.shoal("init", "--apikey", "k", "--conf", file)
        self.assertEqual(file.read_text(), 'apikey = "k"\nroles = ["a:b"]\n')
        self.assertEqual(stat.S_IMODE(file.stat().st_mode), 0o640)

    def test_leaves_a_file_alone_that_has_a_key(self):
        file = self.write("shoal.conf", 'APIKEY = "old"\n')
        answer = self.shoal("init", "--apikey", "k", "--conf", file)
        self.assertIn("has an apikey already; left as it is", answer.stderr)
        self.assertEqual(file.read_text(), 'APIKEY = "old"\n')

    def test_refuses_what_it_would_break(self):
        for text, said in [("roles = [\n", ":1: not valid TOML"),
                           ('apikey = ""\n', ":1: apikey: stands there without a key")]:
            with self.subTest(text=text):
                file = self.write("shoal.conf", text)
                self.assertIn(f"{file}{said}", self.shoal("init", "--apikey", "k", "--conf", file,
                                                          code=1).stderr)
                self.assertEqual(file.read_text(), text)
        self.assertIn("expected --apikey KEY", self.shoal("init", "--conf", file, code=2).stderr)


class Retire(AgentCase):
    def setUp(self):
        super().setUp()
        self.api = self.stub()
        self.host = self.agent(f'apikey = "k"\napibase = "{self.api.url}/x"\n', starts=False)
        self.id_file = self.write("id", HOST_ID, self.host.root)

    def retire(self, *flags, code=0):
        return self.shoal("retire", "--conf", self.host.folder / "shoal.conf", "--root",
                          self.host.root, "--plugin-dir", self.host.plugin_dir, *flags, code=code)

    def test_retires_and_forgets_the_id(self):
        self.assertEqual(self.retire("-force").stdout, f"retired host {HOST_ID}\n")

        request = self.api.requests("/retire")[0]
        self.assertEqual((request["method"], request["path"], request["body"]),
                         ("POST", f"/api/v0/hosts/{HOST_ID}/retire", {}))
        self.assertEqual(request["headers"]["x-api-key"], "k")
        self.assertFalse(self.id_file.exists())
        self.assertIn("this host is not registered", self.retire("-force", code=1).stderr)

    def test_does_nothing_without_a_terminal_to_ask_on(self):
        answer = subprocess.run(
            [SHOAL, "retire", "--conf", self.host.folder / "shoal.conf", "--root", self.host.root,
             "--plugin-dir", self.host.plugin_dir], stdin=subprocess.DEVNULL, capture_output=True,
            text=True, timeout=60)
        self.assertEqual(answer.returncode, 1)
        self.assertIn("--force retires without asking", answer.stderr)
        self.assertTrue(self.id_file.exists())
        self.assertEqual(self.api.requests(), [])

    def test_tries_again_when_the_api_is_away_and_not_when_it_refuses(self):
        self.api.answer(503, count=1)
        self.retire("-force")
        self.assertEqual([r["status"] for r in self.api.requests()], [503, 200])

        self.write("id", HOST_ID, self.host.root)
        self.api.answer(403)
        self.assertIn(f"host {HOST_ID} cannot be retired: HTTP 403", self.retire("-force", code=1).stderr)
        self.assertEqual(len(self.api.requests()), 3)
        self.assertTrue(self.id_file.exists())


class Reload(AgentCase):
    def test_tells_the_api_of_the_host_anew_and_changes_nothing_else(self):
        stub = self.stub()
        agent = self.agent(f'apikey = "k"\napibase = "{stub.url}"\n[host_status]\non_start = "working"\n'
                           'on_stop = "poweroff"\n' + without_host_metrics()
                           + '[plugin.checks.beat]\ncommand = "date; exit 1"\ninterval = "1s"\n')
        updates = lambda: [r for r in stub.requests("/hosts/") if r["method"] == "PUT"]
        self.wait(lambda: stub.requests("/checks/report"), "a report")
        self.assertEqual(len(updates()), 1)
        self.assertEqual(agent.cli("reload").stdout, "reloaded\n")
        # The next batch may be a minute away.
        self.wait(lambda: len(updates()) == 2, "an update after the reload", 90)

        self.assertEqual(updates()[1]["body"]["checks"], [{"name": "beat"}])
        self.assertEqual(stub.requests("/status"), [])
        self.assertEqual(len([r for r in stub.requests("/hosts") if r["method"] == "POST"]), 1)


class Replaced(AgentCase):
    def test_stops_when_its_own_file_is_replaced(self):
        agent = self.agent(without_host_metrics() + shell_metric("a", "true"), starts=False)
        program = self.folder / "shoal"
        shutil.copy2(SHOAL, program)
        agent.shoal = program
        agent.start("-private-autoshutdown", "-child", "-pidfile", self.folder / "pid")
        agent.wait_until_ready()
        self.assertFalse((self.folder / "pid").exists())
        fresh = self.folder / "fresh"
        shutil.copy2(SHOAL, fresh)
        os.utime(fresh, (time.time() + 10,) * 2)
        fresh.rename(program)

        self.assertEqual(agent.process.wait(60), 0)
        self.assertIn("was replaced or removed: stopping", agent.log_text())


if __name__ == "__main__":
    unittest.main()
