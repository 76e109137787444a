"""One agent, several organizations of Mackerel: each has its key, its host id and its records."""

import unittest

from agent_case import AgentCase, shell_metric, without_host_metrics

TSDB = "/api/v0/tsdb"


class SeveralOutputs(AgentCase):
    def test_each_gets_what_is_its_own_under_its_own_key(self):
        own, customers = self.stub(), self.stub()
        customers.api.first_host_id = "2Customers"
        key = self.write("customer.key", "secret\n")
        key.chmod(0o600)
        agent = self.agent(f"""
apikey = "own"
apibase = "{own.url}"
[plugin.outputs.customer]
plugin = "mackerel"
match = ["sample:orders.*", "check:shop*"]
options = {{ apikey_file = "{key}", apibase = "{customers.url}" }}
[plugin.checks.shop]
command = "echo closed; exit 2"
[plugin.checks.other]
command = "echo broken; exit 2"
{without_host_metrics()}""" + shell_metric("orders", r"printf 'orders.new\t3\t0\n'")
                           + shell_metric("load", r"printf 'load\t1\t0\n'")
                           + shell_metric("sold", r"printf 'sold\t9\t0\n'", more='service = "Shop"'))
        self.wait(lambda: self.checks(own) == {"shop", "other"} and self.checks(customers) == {"shop"}
                  and own.points() and customers.points(), "reports and samples at both")
        self.assertEqual(agent.stop(), 0)

        self.assertEqual((agent.root / "id").read_text(), own.api.first_host_id)
        self.assertEqual((agent.root / "id.customer").read_text(), "2Customers")
        self.assertEqual(self.names(own), {"custom.orders.new", "custom.load"})
        self.assertEqual(self.names(customers), {"custom.orders.new"})
        self.assertEqual({r["headers"]["x-api-key"] for r in own.requests()}, {"own"})
        self.assertEqual({r["headers"]["x-api-key"] for r in customers.requests()}, {"secret"})
        services = own.requests("/api/v0/services/Shop/tsdb")
        self.assertEqual({(p["name"], p["value"]) for r in services for p in r["body"]}, {("sold", 9)})

    def checks(self, stub):
        return {report["name"] for r in stub.requests("/checks/report") for report in r["body"]["reports"]}

    def names(self, stub):
        return {point["name"] for point in stub.points()}


if __name__ == "__main__":
    unittest.main()
