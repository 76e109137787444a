"""A receiver that misbehaves in every way: what is lost is nothing, what is shown is the reason."""

import random
import re
import socket
import unittest

from agent_case import AgentCase, shell_metric, without_host_metrics
from kills import BEAT, Kills
from mackerel_stub import MackerelStub

TSDB = "/api/v0/tsdb"
HOST_ID = "3AAAAAAAAAA"
POST = "POST /api/v0/tsdb"

# What the receiver does to the first two offers of samples, and what the agent says about it.
TRANSIENT = {
    "close": "closed without an answer",
    "reset": "reset by peer",
    "drip": r"gave up after \d+ ms while waiting for the answer",
    "garbage": "the answer is not HTTP",
    "wrong_length": "the connection was closed 49 bytes before the end of the answer",
    "html": f"{POST}: HTTP 200, but the answer is not JSON; check apibase and proxy",
    408: f"{POST}: HTTP 408: as ordered",
    429: f"{POST}: HTTP 429: as ordered",
    500: f"{POST}: HTTP 500: as ordered",
    503: f"{POST}: HTTP 503: as ordered",
}
# What only a person can cure.
PERSISTENT = {
    401: f"{POST}: HTTP 401: as ordered; check apikey",
    403: f"{POST}: HTTP 403: as ordered; check that apikey may read and write, and from this address",
    404: f"{POST}: HTTP 404: as ordered",
}


def conf(url):
    return (f'apikey = "k"\napibase = "{url}"\n[plugin.outputs.mackerel]\nplugin = "mackerel"\n'
            f"timeout_seconds = 4\n{without_host_metrics()}" + shell_metric("beat", BEAT))


def misbehave(stub, how, count):
    if isinstance(how, str):
        stub.misbehave(how, count=count, path=TSDB)
    else:
        stub.answer(how, count=count, path=TSDB)


class Case(AgentCase):
    def known_host(self, url):
        agent = self.agent(conf(url), starts=False)
        self.write("id", HOST_ID, agent.root)
        agent.start()
        return agent

    def arrived(self, stub):
        return {point["name"] for point in stub.points()}

    def assert_nothing_lost(self, agent, stub):
        output = self.assert_accounted(agent)["mackerel"]
        fates = {fate: output[fate] for fate in ("rejected", "expired", "dropped", "lost")}
        self.assertEqual(set(fates.values()), {0}, fates)
        beats = {f"custom.beat.r{value:.0f}" for _, value in agent.history("beat")}
        first = stub.points()[0]["name"] if stub.points() else None
        return beats, first


class Transient(Case):
    def test_each_is_named_and_got_over(self):
        """All at once, each with an agent of its own."""
        pairs = {}
        for how in TRANSIENT:
            stub = self.stub()
            misbehave(stub, how, 2)
            pairs[how] = (self.known_host(stub.url), stub)
        said = {how: set() for how in pairs}

        def is_over():
            for how, (agent, stub) in pairs.items():
                if agent.answers():
                    self.look(agent, said[how])
            return all(stub.points() for _, stub in pairs.values())

        self.wait(is_over, "samples through each", 120)
        for how, (agent, stub) in pairs.items():
            with self.subTest(how=how):
                # A look may come between two failures; the log has each.
                said[how].update(agent.log_text().splitlines())
                self.assertTrue(any(re.search(TRANSIENT[how], reason) for reason in said[how]),
                                said[how])
                self.assert_arrives(agent, stub)

    def look(self, agent, said):
        output = self.assert_accounted(agent)["mackerel"]
        if output["last_error"]:
            said.add(output["last_error"])

    # The first to come after trouble are fresh; the end of the agent brings the rest of them.
    def assert_arrives(self, agent, stub):
        beats, _ = self.assert_nothing_lost(agent, stub)
        self.assertEqual(agent.stop(), 0)
        self.assertGreater(len(beats), 1)
        pending = self.pending_after_stop(agent)
        missing = beats - self.arrived(stub)
        self.assertLessEqual(len(missing), pending)

    def pending_after_stop(self, agent):
        lines = [line for line in agent.log_text().splitlines() if "kept for the next start" in line]
        return int(re.search(r"(\d+) kept", lines[-1])[1])


class RetryAfter(Case):
    def test_is_waited_for(self):
        stub = self.stub()
        stub.answer(429, count=1, path=TSDB, retry_after=6)
        agent = self.known_host(stub.url)
        self.wait(lambda: len(stub.requests(TSDB)) >= 2, "a second try")

        first, second = stub.requests(TSDB)[:2]
        self.assertGreaterEqual(second["time"] - first["time"], 5.9)
        self.assert_accounted(agent)


class Refused(Case):
    def test_a_port_where_nobody_listens(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            port = taken.getsockname()[1]
        agent = self.known_host(f"http://127.0.0.1:{port}")
        agent.wait_until_ready()
        self.wait(lambda: "refused" in agent.output("mackerel")["last_error"], "the reason")
        self.assert_accounted(agent)
        with MackerelStub(port=port) as stub:
            self.wait(lambda: stub.points(), "samples", 120)
            self.assert_nothing_lost(agent, stub)


class TooLarge(Case):
    def test_a_batch_that_is_too_large_arrives_in_parts(self):
        stub = self.stub()
        stub.answer(503, count=2, path=TSDB)
        stub.answer(413, count=1, path=TSDB)
        agent = self.known_host(stub.url)
        self.wait(lambda: [r["status"] for r in stub.requests(TSDB)][2:5] == [413, 200, 200],
                  "two halves")

        sizes = [len(r["body"]) for r in stub.requests(TSDB)][2:5]
        self.assertLess(max(sizes[1:]), sizes[0])
        self.assert_nothing_lost(agent, stub)


class Persistent(Case):
    def test_is_shown_and_kept_and_not_hammered(self):
        for how, said in PERSISTENT.items():
            with self.subTest(how=how):
                stub = self.stub()
                misbehave(stub, how, None)
                agent = self.known_host(stub.url)
                agent.wait_until_ready()
                self.wait(lambda: agent.output("mackerel")["pending"] >= 6, "some rounds")
                self.wait(lambda: agent.output("mackerel")["last_error"], "the reason")

                output = self.assert_accounted(agent)["mackerel"]
                self.assertEqual(output["last_error"], said)
                self.assertIn(said, agent.cli("status").stdout)
                self.assertEqual(len(stub.requests(TSDB)), 1)
                stub.clear()
                self.assertEqual(agent.stop(), 0)
                agent.start()
                agent.wait_until_ready()
                self.wait(lambda: agent.output("mackerel")["last_success"], "the next start")
                self.assertEqual(agent.stop(), 0)


class LostHost(Case):
    def test_that_the_api_does_not_know_is_shown_and_not_registered_anew(self):
        stub = self.stub()
        stub.answer(404, path=f"/hosts/{HOST_ID}")
        self.assert_waits_for_a_person(
            stub, f"GET /api/v0/hosts/{HOST_ID}: HTTP 404: as ordered; host {HOST_ID} was retired or "
            "belongs to another organization")

    def test_that_was_retired_is_shown_and_not_registered_anew(self):
        stub = self.stub()
        stub.api.host(HOST_ID)["isRetired"] = True
        self.assert_waits_for_a_person(stub, f"host {HOST_ID} was retired")

    def assert_waits_for_a_person(self, stub, said):
        agent = self.known_host(stub.url)
        agent.wait_until_ready()
        self.wait(lambda: agent.output("mackerel")["pending"] >= 6, "some rounds")
        self.wait(lambda: agent.output("mackerel")["last_error"], "the reason")

        output = self.assert_accounted(agent)["mackerel"]
        self.assertIn(said, output["last_error"])
        self.assertIn('delete the file "id"', output["last_error"])
        self.assertEqual(output["state"], "failing")
        self.assertEqual(len(stub.requests()), 1)
        self.assertEqual((agent.root / "id").read_text(), HOST_ID)


class RandomKills(AgentCase):
    def test_lose_nothing_of_a_done_round(self):
        stub = self.stub()
        kills = Kills(self.agent(Kills.conf(stub), starts=False), stub, random.Random(4))
        for _ in range(5):
            kills.live_and_die(self.assert_accounted)
        kills.recover(self.wait)
        self.assertEqual(kills.missing(), [])
        self.assertEqual(kills.altered(), [])


if __name__ == "__main__":
    unittest.main()
