"""What checks say, as people are told of it: by a real agent with commands as checks, whose exit code
and text stand in files.
"""

import getpass
import json
import unittest

from agent_case import AgentCase, without_host_metrics

TELL = """
[plugin.outputs.tell]
plugin = "stdout"
isolation = "inline"
match = ["check:*", "event:*"]
options = { format = "json" }
"""


class Alert(AgentCase):
    def check(self, name, more=""):
        """A section that runs a check each second; it is OK until says() is called."""
        self.says(name, 0, "fine")
        said = self.folder / name
        return (f"[plugin.checks.{name}]\ncommand = {json.dumps(f'. {said}')}\n"
                f'interval = "1s"\n{more}\n')

    def says(self, name, code, text):
        """From its next round on."""
        draft = self.write(name + ".draft", f"echo '{text}'\nexit {code}\n")
        draft.replace(self.folder / name)

    def run_checks(self, *sections):
        self.running = self.agent(without_host_metrics() + TELL + "".join(sections))
        return self.running

    def told(self, kind="event"):
        """All events, or check results, so far."""
        lines = (line for line in self.running.log_text().splitlines() if line.startswith("{"))
        return [record for record in map(json.loads, lines) if record["kind"] == kind]

    def changes(self, name):
        return [(event["from"], event["to"]) for event in self.told()
                if event["job"] == f"check:{name}" and event["from"] != event["to"]]

    def state(self, name):
        return self.running.job(f"check:{name}")["check"]

    def wait_for_changes(self, name, *changes):
        self.wait(lambda: self.changes(name) == list(changes),
                  lambda: f"{changes}, but {self.changes(name)}")

    def wait_for_rounds(self, count):
        """So many results of any check from now on."""
        seen = len(self.told("check_result"))
        self.wait(lambda: len(self.told("check_result")) >= seen + count, f"{count} results")

    def test_tells_a_change_once_and_a_recovery_once(self):
        self.run_checks(self.check("web", "max_check_attempts = 2"))
        self.wait_for_rounds(2)
        self.assertEqual(self.told(), [])

        self.says("web", 2, "refused")
        self.wait_for_changes("web", ("OK", "CRITICAL"))
        self.wait_for_rounds(3)
        self.says("web", 0, "fine again")
        self.wait_for_changes("web", ("OK", "CRITICAL"), ("CRITICAL", "OK"))
        self.wait_for_rounds(3)

        problem, recovery = self.told()
        self.assertEqual(problem["text"], "refused\n")
        self.assertEqual(recovery["text"], "fine again\n")
        self.assertEqual(problem["dedupe_key"], recovery["dedupe_key"])
        self.assertNotEqual(problem["id"], recovery["id"])
        results = [result for result in self.told("check_result") if result["status"] == "CRITICAL"]
        self.assertEqual(problem["since_ms"], results[0]["time_ms"])
        self.assertEqual(problem["time_ms"], results[1]["time_ms"])

    def test_goes_on_after_a_kill_where_it_was(self):
        self.run_checks(self.check("web"))
        self.says("web", 2, "refused")
        self.wait_for_changes("web", ("OK", "CRITICAL"))
        self.running.kill()
        self.running.start()
        self.running.wait_until_ready(60)
        self.wait_for_rounds(3)
        self.assertEqual(self.changes("web"), [("OK", "CRITICAL")])
        self.assertEqual(self.state("web")["hard_status"], "CRITICAL")

        self.says("web", 0, "fine")
        self.wait_for_changes("web", ("OK", "CRITICAL"), ("CRITICAL", "OK"))
        self.assertEqual(len({event["dedupe_key"] for event in self.told()}), 1)

    def test_keeps_states_over_a_reload(self):
        agent = self.run_checks(self.check("web"), self.check("db"))
        self.says("web", 1, "slow")
        self.wait_for_changes("web", ("OK", "WARNING"))

        conf = (agent.folder / "shoal.conf").read_text()
        (agent.folder / "shoal.conf").write_text(conf + 'memo = "new"\n')
        self.shoal("reload", "--root", agent.root)
        self.wait_for_rounds(4)
        self.assertEqual(self.changes("web"), [("OK", "WARNING")])
        self.assertEqual(self.state("web")["hard_status"], "WARNING")

    def test_holds_back_what_happens_in_a_silence_and_tells_it_when_that_ends(self):
        silence = '[silences.works]\nmatch = ["check:web"]\nfrom = "2020-01-01T00:00:00Z"\n'
        agent = self.run_checks(self.check("web"), silence)
        self.says("web", 2, "refused")
        self.wait(lambda: self.state("web")["held_back"] == 1, "a change that is held back")
        self.assertEqual(self.told(), [])
        self.assertEqual(self.state("web")["silence"], "works")
        self.assertIn("works", agent.cli("status").stdout)

        conf = (agent.folder / "shoal.conf").read_text()
        (agent.folder / "shoal.conf").write_text(conf.replace(silence, ""))
        self.shoal("reload", "--root", agent.root)
        self.wait_for_changes("web", ("OK", "CRITICAL"))

    def test_waits_for_a_check_that_it_depends_on(self):
        self.run_checks(self.check("db"), self.check("web", 'depends_on = ["check:db"]'))
        self.says("db", 2, "down")
        self.wait_for_changes("db", ("OK", "CRITICAL"))
        self.says("web", 2, "no database")
        self.wait(lambda: self.state("web")["held_back"] == 1, "a change that is held back")
        self.assertEqual(self.state("web")["waits_for"], "check:db")
        self.says("web", 0, "fine")
        self.wait(lambda: self.state("web")["hard_status"] == "OK", "web is well again")
        self.says("db", 0, "up")
        self.wait_for_changes("db", ("OK", "CRITICAL"), ("CRITICAL", "OK"))
        self.wait_for_rounds(4)
        self.assertEqual(self.changes("web"), [])

    def test_takes_an_acknowledgement_and_keeps_it_over_a_kill(self):
        agent = self.run_checks(self.check("web"))
        self.says("web", 2, "refused")
        self.wait_for_changes("web", ("OK", "CRITICAL"))

        self.shoal("ack", "check:web", "--for", "2h", "--comment", "on it", "--root", agent.root)
        notice = f"acknowledged by {getpass.getuser()} for 2h: on it\nrefused\n"
        self.wait(lambda: notice in [event["text"] for event in self.told()], notice)
        agent.kill()
        agent.start()
        agent.wait_until_ready(60)
        self.assertTrue(self.state("web")["acknowledged"])
        self.assertEqual(self.state("web")["comment"], "on it")
        self.assertIn("on it", agent.cli("status").stdout)
        self.shoal("ack", "check:web", "--remove", "--root", agent.root)
        self.assertFalse(self.state("web")["acknowledged"])

        answer = self.shoal("ack", "check:wbe", "--root", agent.root, code=1)
        self.assertEqual(answer.stderr, "shoal: check:wbe: there is no such check\n")
        answer = self.shoal("ack", "check:web", "--for", "soon", "--root", agent.root, code=2)
        self.assertEqual(answer.stderr, 'shoal: --for: expected a duration like 30m, 2h or 1d, got "soon"\n')

    def test_shows_events_in_the_history(self):
        agent = self.run_checks(self.check("web"))
        self.says("web", 2, "refused")
        self.wait_for_changes("web", ("OK", "CRITICAL"))
        self.says("web", 0, "fine again")
        self.wait_for_changes("web", ("OK", "CRITICAL"), ("CRITICAL", "OK"))

        self.wait(lambda: "CRITICAL -> OK" in agent.cli("history", "check:web").stdout, "the recovery")
        text = agent.cli("history", "check:web").stdout
        self.assertRegex(text, r"OK -> CRITICAL +since \d\d:\d\d:\d\d +refused")
        events = json.loads(agent.cli("history", "check:web", "--json").stdout)["events"]
        self.assertEqual([(event["from"], event["to"]) for event in events],
                         [("OK", "CRITICAL"), ("CRITICAL", "OK")])


if __name__ == "__main__":
    unittest.main()
