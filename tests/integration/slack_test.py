"""Changes of checks reach Slack: each of them, once, in few messages, whatever Slack answers."""

import json
import unittest
from collections import Counter

from agent_case import AgentCase, without_host_metrics
from slack_stub import PATH, SlackStub

CROWD = 1000


class SlackCase(AgentCase):
    def setUp(self):
        super().setUp()
        self.slack = SlackStub()
        self.slack.__enter__()
        self.addCleanup(self.slack.__exit__)
        self.trouble = self.folder / "trouble"

    def output(self, url=None, more=""):
        self.webhook = self.write("webhook", url or self.slack.url)
        self.webhook.chmod(0o600)
        return (f'{without_host_metrics()}[plugin.outputs.slack]\nplugin = "slack"\n'
                f'[plugin.outputs.slack.options]\nwebhook_file = "{self.webhook}"\n{more}\n')

    def check(self, name):
        """A check that fails as long as there is trouble."""
        script = f"if [ -e {self.trouble} ]; then echo '{name} <down> & out'; exit 2; fi; echo up"
        return (f"[plugin.checks.{name}]\ncommand = {json.dumps(['sh', '-c', script])}\n"
                f'interval = "1s"\nmemo = "about {name}"\n')

    def begin_trouble(self):
        self.trouble.touch()

    def end_trouble(self):
        self.trouble.unlink()

    def wait_for_events(self, agent, count):
        """Until so many events are in the queue for Slack, told or not."""
        self.wait(lambda: agent.output("slack")["accepted"] >= count, f"{count} events")

    def wait_until_told(self, agent):
        self.wait(lambda: agent.output("slack")["pending"] == 0,
                  lambda: f"all is told\n{agent.output('slack')}")
        return self.assert_accounted(agent)["slack"]

    def assert_pace(self):
        times = [request["time"] for request in self.slack.requests()]
        pauses = [later - earlier for earlier, later in zip(times, times[1:])]
        self.assertGreaterEqual(min(pauses, default=1), 0.99, "one message a second")


class OneCheck(SlackCase):
    def test_its_failure_and_its_recovery_arrive(self):
        agent = self.agent(self.output() + self.check("web"))
        self.begin_trouble()
        self.wait(lambda: self.slack.messages(), "a message of the failure")
        self.end_trouble()
        self.wait(lambda: len(self.slack.messages()) == 2, "a message of the recovery")

        problem, recovery = self.slack.messages()
        self.assertRegex(problem["text"], r"^CRITICAL: web on \S+$")
        attachment, = problem["attachments"]
        self.assertEqual(attachment["color"], "danger")
        self.assertEqual(attachment["text"].strip(), "web &lt;down&gt; &amp; out")
        fields = {field["title"]: field["value"] for field in attachment["fields"]}
        self.assertEqual(fields["Memo"], "about web")
        self.assertRegex(fields["Since"], r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC")
        self.assertRegex(recovery["text"], r"^OK: web on \S+, recovered after \d")
        self.assertEqual(recovery["attachments"][0]["color"], "good")
        self.assertEqual(agent.output("slack")["delivered"], 2)
        self.assert_pace()
        self.assert_secret(agent)

    def assert_secret(self, agent):
        shown = agent.log_text() + json.dumps(agent.status()) + agent.cli("status").stdout
        self.assertNotIn(PATH, shown)


class Crowd(SlackCase):
    def test_a_thousand_that_fail_together_are_all_named_in_few_messages(self):
        self.begin_trouble()
        # They come round once: what is measured is the messages.
        checks = "".join(self.check(f"server-{n:04}") for n in range(CROWD)).replace('"1s"', '"1h"')
        agent = self.agent(self.output() + checks)
        self.wait_for_events(agent, CROWD)
        output = self.wait_until_told(agent)

        self.assertEqual(Counter(self.slack.events()),
                         Counter({("CRITICAL", f"server-{n:04}"): 1 for n in range(CROWD)}))
        self.assertEqual(output["delivered"], CROWD)
        times = [request["time"] for request in self.slack.requests()]
        # One at once, two for so many names, and one more for each ten seconds that a busy host
        # takes to run them all.
        self.assertLessEqual(len(times), 5 + (times[-1] - times[0]) / 5)
        self.assert_pace()


class Outage(SlackCase):
    def test_each_change_is_told_in_the_end_and_once(self):
        names = [f"flip{n}" for n in range(8)]
        agent = self.agent(self.output() + "".join(map(self.check, names)))
        self.slack.answer(429, "rate_limited", count=2, retry_after=1)
        self.slack.answer(500, "rollup_error", count=3)
        for changes in (0, 2):
            self.begin_trouble()
            self.wait_for_events(agent, (changes + 1) * len(names))
            self.end_trouble()
            self.wait_for_events(agent, (changes + 2) * len(names))
        output = self.wait_until_told(agent)

        told = Counter(self.slack.events())
        self.assertEqual(told, Counter({(status, name): 2
                                        for status in ("CRITICAL", "OK") for name in names}))
        self.assertEqual((output["delivered"], output["rejected"]), (4 * len(names), 0))
        statuses = Counter(request["status"] for request in self.slack.requests())
        self.assertEqual((statuses[429], statuses[500]), (2, 3))
        self.assert_pace()


class Removed(SlackCase):
    def test_a_webhook_that_is_gone_is_left_alone_until_it_is_put_right(self):
        agent = self.agent(self.output(self.slack.url + "gone") + self.check("web"))
        self.begin_trouble()
        self.wait(lambda: agent.output("slack")["last_error"], "an error in the status")
        self.end_trouble()
        self.wait_for_events(agent, 2)
        self.begin_trouble()
        self.wait_for_events(agent, 3)

        output = self.assert_accounted(agent)["slack"]
        self.assertEqual(output["last_error"],
                         "Slack answers HTTP 404 no_service: the webhook was removed: put a new one "
                         "into the option webhook")
        self.assertEqual((output["pending"], output["rejected"]), (3, 0))
        self.assertEqual(len(self.slack.requests()), 1, "no hammering")
        self.assertIn("! output slack failing since", agent.cli("status").stdout)

        self.webhook.write_text(self.slack.url)
        self.assertEqual(agent.cli("reload").stdout, "reloaded\n")
        self.wait_until_told(agent)
        self.assertEqual(Counter(self.slack.events()),
                         Counter({("CRITICAL", "web"): 2, ("OK", "web"): 1}))


if __name__ == "__main__":
    unittest.main()
