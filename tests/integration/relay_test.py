"""The relay in the real agent: what slackboard's clients ask is answered as slackboard answers, and
arrives at the webhook as it would; what was answered with 200 survives kill -9."""

import http.client
import json
import os
import random
import signal
import socket
import subprocess
import threading
import time
import unittest

from agent_case import PATIENCE, SHOAL, TOP, AgentCase, without_host_metrics
from real_peers import free_port
from slack_stub import PATH, SlackStub

RECORDED = TOP / "tests/relay/testdata"
TAGS = '[relay.tags.ops]\n[relay.tags.general]\nchannel = "#general"\n'


def recorded(name):
    return json.loads((RECORDED / f"{name}.json").read_text())


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost", timeout=30)
        self.path = str(path)

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


class RelayCase(AgentCase):
    def setUp(self):
        super().setUp()
        self.slack = SlackStub()
        self.slack.__enter__()
        self.addCleanup(self.slack.__exit__)
        self.port = free_port()

    def conf(self, relay="", rate=1000, tags=TAGS, more=""):
        return (f'{without_host_metrics()}[plugin.outputs.slack]\nplugin = "slack"\n{more}'
                f'options = {{ webhook = "{self.slack.url}", rate = {rate} }}\n'
                f'[relay]\nlisten = "127.0.0.1:{self.port}"\n{relay}\n{tags}')

    def ask(self, method, path, body=None, connection=None):
        """The status and the answer, JSON where it is."""
        connection = connection or http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        raw = body if isinstance(body, (str, bytes, type(None))) else json.dumps(body)
        connection.request(method, path, raw)
        answer = connection.getresponse()
        text = answer.read().decode()
        self.headers = answer.headers
        connection.close()
        is_json = answer.headers["Content-Type"].startswith("application/json")
        return answer.status, json.loads(text) if is_json else text

    def post(self, path="/notify", **body):
        return self.ask("POST", path, body)

    def reload(self, agent, conf, code=0):
        """With another configuration; what it says on stderr."""
        (agent.folder / "shoal.conf").write_text(conf)
        answer = agent.cli("reload")
        self.assertEqual(answer.returncode, code, answer.stderr)
        return answer.stderr

    def arrives(self, payload):
        self.wait(lambda: payload in self.slack.messages(),
                  lambda: f"{payload} arrives, not {self.slack.messages()}")

    def command(self, *words, text="", env=None, code=0):
        answer = subprocess.run([SHOAL, *map(str, words)], input=text, capture_output=True,
                                text=True, timeout=60, env={**os.environ, **(env or {})})
        self.assertEqual(answer.returncode, code, f"{words}: {answer.stdout}{answer.stderr}")
        return answer


class Answers(RelayCase):
    def test_each_recorded_kind_of_request_reaches_the_webhook_as_from_slackboard(self):
        self.agent(self.conf())
        ok = 200, {"message": "ok"}

        for is_sync in (True, False):
            self.assertEqual(self.post(tag="ops", text="notification text!", sync=is_sync), ok)
            self.arrives(recorded("plain"))
            self.assertEqual(self.post(tag="ops", text="notification text!", level="warn",
                                       host="web1", sync=is_sync), ok)
            self.arrives(recorded("warn"))
        self.assertEqual(self.headers["Content-Type"], "application/json; charset=utf8")
        self.assertEqual(
            self.post(tag="general", text="crit text", level="crit", title="a title"), ok)
        self.arrives(recorded("crit_with_title"))
        self.assertEqual(self.post("/notify-directly", payload={
            "channel": "random", "username": "bot", "icon_emoji": ":x:", "parse": "full",
            "text": "direct text"}), ok)
        self.arrives(recorded("directly"))
        self.assertEqual(len(self.slack.messages()), 6)

    def test_what_is_wrong_is_told_and_costs_nothing_else(self):
        agent = self.agent(self.conf())
        malformed = "Request-body is malformed: "

        self.assertEqual(self.post(tag="x", text="hi", sync=True),
                         (400, {"message": "tag:x is not found"}))
        self.assertEqual(self.post(tag="x", text="hi"), (400, {"message": "tag:x is not found"}))
        self.assertEqual(self.ask("POST", "/notify", "{"),
                         (400, {"message": malformed + "expected one JSON object in UTF-8"}))
        self.assertEqual(self.post(tag="ops"), (400, {"message": malformed + "text is missing"}))
        self.assertEqual(self.post(tag="ops", text="x" * 300_000),
                         (400, {"message": malformed + "expected at most 256 KiB, found more"}))
        self.assertEqual(self.ask("GET", "/notify"),
                         (400, {"message": "invalid method: expected POST"}))
        self.assertEqual(self.ask("GET", "/nothing")[0], 404)
        with socket.create_connection(("127.0.0.1", self.port)) as raw:
            raw.sendall(b"\x00\xff what?\r\n\r\n")
            self.assertIn(b"HTTP/1.1 400 Bad Request", raw.recv(4096))
        self.assertEqual(self.post(tag="ops", text="hi")[0], 200)

        self.wait(lambda: len(self.slack.messages()) == 1, "the one good message")
        relay = agent.status()["relay"]
        self.assertEqual((relay["taken"], relay["malformed"], relay["unknown_tags"]), (1, 4, 2))
        self.assertIn("1 messages taken, 6 requests refused (4 malformed, 2 of unknown tags",
                      agent.cli("status").stdout)

    def test_it_tells_of_itself(self):
        self.agent(self.conf())

        status, text = self.ask("GET", "/config/app")
        self.assertEqual(status, 200)
        self.assertIn('[[tags]]\ntag = "general"\nchannel = "#general"\n', text)
        self.assertNotIn(PATH, text)
        status, stats = self.ask("GET", "/stat/go")
        self.assertEqual(status, 200)
        self.assertGreaterEqual(stats["memory_sys"], stats["memory_alloc"])
        self.assertGreater(stats["goroutine_num"], 1)

    def test_its_rate_holds_however_many_ask(self):
        agent = self.agent(self.conf("rate = 5"))
        answers = []

        def ask():
            for _ in range(10):
                connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
                connection.request("POST", "/notify", json.dumps({"tag": "ops", "text": "hi"}))
                answer = connection.getresponse()
                answers.append((answer.status, answer.headers["Retry-After"]))
                connection.close()

        began = time.monotonic()
        in_parallel(8, ask)
        seconds = time.monotonic() - began

        taken = answers.count((200, None))
        self.assertEqual(answers.count((429, "1")), 80 - taken)
        self.assertGreaterEqual(taken, 5)
        self.assertLessEqual(taken, 5 + 5 * seconds)
        self.wait(lambda: len(self.slack.messages()) == taken, f"{taken} messages")
        self.assertEqual(agent.status()["relay"]["over_rate"], 80 - taken)

    def test_a_tag_that_no_output_takes_is_refused(self):
        agent = self.agent(self.conf(more='match = ["event:check:*", "event:notify:general"]\n'))

        status, answer = self.post(tag="ops", text="hi")
        self.assertEqual(status, 503)
        self.assertIn("no durable output takes event:notify:ops", answer["message"])
        self.assertEqual(self.post(tag="general", text="hi")[0], 200)
        self.assertIn("relay: no durable output takes event:notify:ops;", agent.log_text())
        self.assertIn("relay: no durable output takes event:notify-directly;", agent.log_text())

    def test_a_person_sees_messages_in_other_outputs_too(self):
        agent = self.agent(self.conf(tags=TAGS + '[plugin.outputs.tell]\nplugin = "stdout"\n'
                                     'isolation = "inline"\noptions = { format = "json" }\n'))
        self.post(tag="ops", text="it burns", level="crit", title="web")
        self.wait(lambda: "web\\nit burns" in agent.log_text(), "the text on stdout")


class Listening(RelayCase):
    def test_on_a_unix_socket_that_only_its_group_may_use(self):
        path = self.folder / "relay.sock"
        self.agent(self.conf().replace(f"127.0.0.1:{self.port}", f"unix:{path}"))

        self.assertEqual(path.stat().st_mode & 0o777, 0o660)
        self.assertEqual(self.ask("POST", "/notify", {"tag": "ops", "text": "hi"},
                                  UnixConnection(path))[0], 200)
        self.command("notify", "-s", f"unix:{path}", "-t", "ops", text="by socket")
        self.wait(lambda: "by socket" in [one["text"] for one in self.slack.messages()], "both")

    def test_a_reload_moves_it_and_changes_its_tags(self):
        agent = self.agent(self.conf())
        old, self.port = self.port, free_port()
        self.reload(agent, self.conf(tags="[relay.tags.dev]\n"))

        self.assertEqual(self.post(tag="dev", text="hi")[0], 200)
        self.assertEqual(self.post(tag="ops", text="hi")[0], 400)
        with self.assertRaises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", old))

        self.reload(agent, self.conf().split("[relay]")[0])
        with self.assertRaises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", self.port))

    def test_a_port_that_is_taken_refuses_a_reload_and_a_start(self):
        agent = self.agent(self.conf())
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            conf = self.conf().replace(f":{self.port}", f":{port}")
            refusal = self.reload(agent, conf, code=1)
            self.assertRegex(refusal, rf"shoal\.conf:\d+: relay\.listen: socket 127\.0\.0\.1:"
                                            rf"{port}: cannot listen: .*already in use")
            self.assertEqual(self.post(tag="ops", text="still here")[0], 200)
            other = self.agent(conf, starts=False)
            other.start()
            self.assertEqual(other.process.wait(PATIENCE), 1)
            self.assertIn("relay.listen: socket", other.log_text())


class Durability(RelayCase):
    def test_nothing_that_was_answered_is_lost_by_kills_under_load(self):
        agent = self.agent(self.conf(), starts=False)
        answered = []
        dice = random.Random(7)
        for life in range(4):
            agent.start()
            agent.wait_until_ready(PATIENCE)
            before = len(answered)
            posters = [threading.Thread(target=self.post_until_refused, args=(life, n, answered))
                       for n in range(8)]
            for poster in posters:
                poster.start()
            self.wait(lambda: len(answered) >= before + dice.randint(50, 400), "answers")
            agent.kill()
            for poster in posters:
                poster.join()
        agent.start()
        agent.wait_until_ready(PATIENCE)
        self.wait(lambda: agent.output("slack")["pending"] == 0,
                  lambda: f"all of {len(answered)} is told\n{agent.output('slack')}")

        told = {message["text"] for message in self.slack.messages()}
        self.assertEqual([text for text in answered if text not in told], [])
        self.assertGreater(len(answered), 200)
        self.assert_accounted(agent)

    def post_until_refused(self, life, poster, answered):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        for number in range(100_000):
            text = f"{life}.{poster}.{number}"
            try:
                connection.request("POST", "/notify", json.dumps({"tag": "ops", "text": text}))
                answer = connection.getresponse()
                answer.read()
            except (OSError, http.client.HTTPException):
                return connection.close()
            if answer.status == 200:
                answered.append(text)

    def test_messages_wait_for_a_slack_that_has_no_time(self):
        self.slack.answer(503, "later")
        agent = self.agent(self.conf())
        self.assertEqual(self.post(tag="ops", text="patience", sync=True)[0], 200)
        self.wait(lambda: self.slack.requests(), "a try")
        agent.stop()
        with self.assertRaises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", self.port))
        self.slack.clear()
        agent.start()
        self.wait(lambda: [one["text"] for one in self.slack.messages()] == ["patience"], "it")

    def test_a_message_that_slack_refuses_is_shown_and_blocks_nobody(self):
        self.slack.answer(400, "invalid_payload", count=1)
        agent = self.agent(self.conf())
        self.post(tag="ops", text="first")
        self.wait(lambda: agent.output("slack")["rejected"] == 1, "a rejection")
        self.post(tag="ops", text="second")
        self.wait(lambda: [one["text"] for one in self.slack.messages()] == ["second"], "it")


class Commands(RelayCase):
    def server(self):
        return f"127.0.0.1:{self.port}"

    def test_notify_says_what_is_on_standard_input(self):
        self.agent(self.conf())
        self.command("notify", "-s", self.server(), "-t", "ops", "-l", "crit", "-title", "T",
                     "-sync", text="hello from cli\n")
        self.arrives(recorded("cli_crit_with_title"))

        self.command("notify", "-c", "random", "-u", "bot", "-i", ":x:", text="to a channel",
                     env={"SLACKBOARD_SERVER": f"http://{self.server()}/"})
        self.wait(lambda: self.slack.messages()[-1]["text"] == "to a channel", "it")
        self.assertEqual(self.slack.messages()[-1]["channel"], "#random")

        self.command("notify", "-c", "@me", "-C", "#123456", "-s", self.server(), text="coloured")
        self.wait(lambda: self.slack.messages()[-1]["channel"] == "@me", "it")
        self.assertEqual(self.slack.messages()[-1]["attachments"][0]["color"], "#123456")

    def test_notify_finds_the_relay_of_the_configuration(self):
        agent = self.agent(self.conf())
        self.command("notify", "--conf", agent.folder / "shoal.conf", "-t", "ops", text="found")
        self.wait(lambda: self.slack.messages(), "it")

    def test_notify_says_what_is_wrong(self):
        answer = self.command("notify", "-t", "ops", text="x", code=2,
                              env={"SLACKBOARD_SERVER": ""})
        self.assertIn("expected --server, SLACKBOARD_SERVER or a section [relay]", answer.stderr)
        self.assertIn("expected --tag or --channel, got neither",
                      self.command("notify", "-s", self.server(), code=2).stderr)
        self.assertIn("expected message, info, warn or crit, got \"loud\"",
                      self.command("notify", "-t", "x", "-l", "loud", code=2).stderr)
        answer = self.command("notify", "-s", self.server(), "-t", "ops", "-retry-max", "1",
                              "-retry-wait-min", "1ms", text="x", code=1)
        self.assertIn(f"{self.server()}: 127.0.0.1:{self.port}: cannot connect", answer.stderr)
        self.assertEqual(answer.stderr.count("next try in 0.0 s"), 1)
        self.agent(self.conf())
        answer = self.command("notify", "-s", self.server(), "-t", "nobody", text="x", code=1)
        self.assertIn("HTTP 400: tag:nobody is not found", answer.stderr)
        answer = self.command("notify", "-s", self.server(), "-t", "ops", code=1)
        self.assertIn("standard input: expected a text, found nothing", answer.stderr)

    def log_exec(self, *words, code=0, flags=(), **more):
        return self.command("log-exec", "-s", self.server(), "-t", "ops", "-retry-max", "0",
                            *flags, "--", *words, code=code, **more)

    def test_log_exec_is_not_there_while_all_is_well(self):
        self.agent(self.conf())
        answer = self.log_exec("sh", "-c", "cat; echo err >&2", text="through\n")
        self.assertEqual((answer.stdout, answer.stderr), ("through\n", "err\n"))
        self.assertEqual(self.slack.requests(), [])

    def test_log_exec_tells_of_a_failure_and_keeps_the_exit_code(self):
        self.agent(self.conf())
        self.log_exec("sh", "-c", "echo failing; exit 3", code=3)

        self.wait(lambda: self.slack.messages(), "the report")
        report, = self.slack.messages()
        host = os.uname().nodename
        expected = recorded("log_crit")
        text = expected["attachments"][0]["text"].replace("vm", host, 1)
        expected["attachments"][0]["text"] = text
        self.assertEqual(report, expected)

    def test_log_exec_knows_how_commands_end(self):
        self.agent(self.conf())
        answer = self.log_exec("/no/such/program", code=127)
        self.assertIn("/no/such/program: No such file or directory", answer.stderr)
        self.log_exec("sh", "-c", "kill -9 $$", code=128 + signal.SIGKILL)
        self.log_exec("sleep", "1000", code=128 + signal.SIGTERM, flags=("--timeout", "1ms"))
        self.wait(lambda: len(self.slack.messages()) == 3, "three reports")
        errors = [one["attachments"][0]["text"].split("Error  : ")[1].strip()
                  for one in self.slack.messages()]
        self.assertEqual(errors, ["/no/such/program: No such file or directory", "signal: Killed",
                                  "timed out after 0.001s, signal: Terminated"])

    def test_log_exec_writes_its_log_and_ends_as_the_command_though_nobody_can_be_told(self):
        log = self.folder / "log"
        answer = self.log_exec("sh", "-c", "echo out; echo err >&2; exit 7", code=7,
                               flags=("-log", log))
        self.assertIn("nobody was told", answer.stderr)
        self.assertEqual(sorted(log.read_text().splitlines()), ["err", "out"])

    def test_log_exec_keeps_the_end_of_much_output(self):
        self.agent(self.conf())
        answer = self.log_exec("sh", "-c", "seq 1 200000; exit 1", code=1)
        self.assertEqual(answer.stdout.count("\n"), 200_000)
        # The webhook here takes texts as long as Slack shows them.
        self.wait(lambda: self.slack.requests(), "the report")

    def test_log_exec_does_not_wait_for_what_stays_behind(self):
        self.agent(self.conf())
        child = self.folder / "child"
        answer = self.log_exec("sh", "-c", f"sleep 1000 & echo $! > {child}; echo done")
        os.kill(int(child.read_text()), signal.SIGKILL)
        self.assertEqual(answer.stdout, "done\n")

    def test_log_exec_ends_a_command_that_never_stops_printing(self):
        answer = self.log_exec("yes", code=128 + signal.SIGTERM, flags=("--timeout", "100ms"))
        self.assertIn("y\ny\n", answer.stdout)
        child = self.folder / "child"
        self.log_exec("sh", "-c", f"yes & echo $! > {child}")
        os.kill(int(child.read_text()), signal.SIGKILL)

    def test_log_exec_passes_a_closed_pipe_on(self):
        log_exec = subprocess.Popen(
            [SHOAL, "log-exec", "-s", self.server(), "-t", "ops", "-retry-max", "0", "--", "yes"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        log_exec.stdout.read(4)
        log_exec.stdout.close()
        self.assertEqual(log_exec.wait(PATIENCE), 128 + signal.SIGPIPE)

    def test_log_exec_runs_the_command_though_the_configuration_is_broken(self):
        conf = self.write("broken.conf", "[relay\n")
        answer = self.command("log-exec", "-t", "ops", "--conf", conf, "-log", "/nonexistent/log",
                              "--", "sh", "-c", "echo ran; exit 4", code=4,
                              env={"SLACKBOARD_SERVER": ""})
        self.assertEqual(answer.stdout, "ran\n")
        self.assertRegex(answer.stderr, r"nobody was told: .*broken\.conf:1: ")
        self.assertIn("--log /nonexistent/log: No such file or directory", answer.stderr)

    def test_log_exec_hands_signals_on(self):
        ready = self.folder / "ready"
        script = f"trap 'echo caught; exit 5' TERM; touch {ready}; while :; do sleep 0.01; done"
        process = subprocess.Popen(
            [SHOAL, "log-exec", "-s", self.server(), "-t", "ops", "-retry-max", "0", "--", "sh",
             "-c", script], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True)
        self.wait(ready.exists, "the command")
        process.terminate()
        output, _ = process.communicate(timeout=PATIENCE)
        self.assertEqual((output, process.returncode), ("caught\n", 5))


def in_parallel(count, act):
    threads = [threading.Thread(target=act) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    unittest.main()
