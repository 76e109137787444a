"""The receiver fails and the agent is killed: every sample of a done round arrives all the same."""

import unittest
from collections import defaultdict

from agent_case import AgentCase, shell_metric, without_host_metrics

TSDB = "/api/v0/tsdb"
# Mackerel keeps one sample of a name and minute, so each round also says a name that no other has.
BEAT = r'at=$(date +%s%3N); printf "beat\t$at\t0\nbeat.r$at\t$at\t0\n"'


def let_backlog_follow_each_second(plugin):
    """In the manifest of a copy of output/mackerel: the API asks for more patience than a test has."""
    content = plugin.read_bytes()
    assert content.count(b'"backlog_interval_ms": 30000') == 1
    plugin.write_bytes(content.replace(b'_ms": 30000', b'_ms":  1000'))


class Outage(AgentCase):
    def test_loses_nothing_and_repeats_at_most_what_was_in_flight(self):
        stub = self.stub()
        stub.answer(500, path=TSDB)
        agent = self.agent(f'apikey = "k"\napibase = "{stub.url}"\n{without_host_metrics()}'
                           + shell_metric("beat", BEAT), starts=False)
        let_backlog_follow_each_second(agent.plugin_dir / "output/mackerel.so")
        agent.start()
        agent.wait_until_ready(60)

        self.wait(lambda: self.failures(agent, stub) >= 3, "three answers of 500")
        in_flight = self.kill_in_flight(agent, stub)
        agent.start()
        agent.wait_until_ready(60)
        self.wait(lambda: self.failures(agent, stub) >= 5, "two more answers of 500")
        self.assertGreater(self.assert_accounted(agent)["mackerel"]["pending"], 0)
        self.wait(lambda: len(agent.history("beat")) > 5, "a backlog worth the name")
        stub.clear()
        self.wait(lambda: self.is_backlog_through(agent, stub), "the backlog")
        self.assertEqual(agent.stop(), 0)

        self.assert_all_arrived(agent, stub)
        self.assert_repeats(stub, in_flight)

    def failures(self, agent, stub):
        self.assert_accounted(agent)
        return sum(request["status"] == 500 for request in stub.requests(TSDB))

    def kill_in_flight(self, agent, stub):
        """Kills the agent while the receiver takes a batch; the batch."""
        stub.clear()
        stub.answer(200, count=1, path=TSDB, delay=2)
        stub.answer(500, path=TSDB)
        self.wait(lambda: stub.in_flight(TSDB), "a batch in flight")
        agent.kill()
        self.wait(lambda: not stub.in_flight(TSDB), "the end of the answer")
        return stub.requests(TSDB)[-1]

    # Rounds that came meanwhile wait for the receiver's next minute; the stop will flush them.
    def is_backlog_through(self, agent, stub):
        self.assert_accounted(agent)
        arrived = {point["name"] for point in stub.points()}
        known = [f"custom.beat.r{value:.0f}" for _, value in self.beats_before_recovery(agent, stub)]
        return known and arrived.issuperset(known)

    def beats_before_recovery(self, agent, stub):
        recovered = max(r["time"] for r in stub.requests(TSDB) if r["status"] == 500)
        return [beat for beat in agent.history("beat") if beat[0] < recovered]

    def assert_all_arrived(self, agent, stub):
        arrived = {point["name"] for point in stub.points()}
        beats = [f"custom.beat.r{value:.0f}" for _, value in agent.history("beat")]
        self.assertEqual([name for name in beats if name not in arrived], [])

    def assert_repeats(self, stub, in_flight):
        values = defaultdict(list)
        for point in stub.points():
            if point["name"] != "custom.beat":
                values[point["name"], point["time"]].append(point["value"])
        repeated = {key: seen for key, seen in values.items() if len(seen) > 1}
        batch = {(point["name"], point["time"]) for point in in_flight["body"]}
        self.assertEqual(in_flight["status"], 200)
        self.assertLessEqual(set(repeated), batch)
        for key, seen in repeated.items():
            self.assertEqual((len(seen), len(set(seen))), (2, 1), key)


class RefusedRecord(AgentCase):
    def test_a_record_that_the_receiver_refuses_costs_only_itself(self):
        stub = self.stub()
        stub.api.refuses = lambda point: point["name"] == "custom.bad"
        script = r"printf 'bad\t1\t0\ngood\t1\t0\n'"
        agent = self.agent(f'apikey = "k"\napibase = "{stub.url}"\n{without_host_metrics()}'
                           + shell_metric("both", script, "1m"))
        self.wait(lambda: agent.output("mackerel")["rejected"] >= 1, "the rejected record")

        output = self.assert_accounted(agent)["mackerel"]
        self.wait(lambda: stub.points(), "the good one")
        self.assertEqual({point["name"] for point in stub.points()}, {"custom.good"})
        self.assertEqual(output["rejected"], 1)


if __name__ == "__main__":
    unittest.main()
