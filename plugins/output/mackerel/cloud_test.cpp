#include "cloud.h"

#include <map>
#include <memory>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "fake_api_test.h"
#include "support/temporary_directory.h"

using namespace shoal::mackerel;
using namespace shoal::mackerel::test;
using nlohmann::json;
using shoal::HttpRequest;
using shoal::HttpResponse;

namespace {

const auto* const by_identifier =
    "GET /api/v0/hosts?customIdentifier=i-0abc.ec2.amazonaws.com&status=working&status=standby"
    "&status=maintenance&status=poweroff";

// A machine of that cloud, with a metadata service that knows these paths.
struct Machine {
  FakeApi api;
  std::map<std::string, std::string> service;  // "/latest/meta-data/instance-id" and the like
  bool is_silent = false;
  std::vector<std::string> asked;
  std::unique_ptr<Output> output;

  explicit Machine(const std::string& platform) {
    api.options["cloud_platform"] = platform;
    output = std::make_unique<Output>(api);
    output->plugin.host_spec = R"({"name":"host.test","meta":{},"interfaces":null})";
    output->plugin.http = [this](const HttpRequest& request) {
      const auto host_end = request.url.find('/', 7);
      const auto host = request.url.substr(0, host_end);
      return host == "http://api.test" ? api.answer(request)
                                       : answer(request, request.url.substr(host_end));
    };
  }
  Machine(const Machine&) = delete;
  Machine& operator=(const Machine&) = delete;

  HttpResponse answer(const HttpRequest& request, const std::string& path) {
    asked.push_back(request.method + " " + path);
    if (is_silent) throw shoal::Failure("timed out", SHOAL_DEADLINE);
    const auto found = service.find(path);
    return found == service.end() ? HttpResponse{404, 0, {}, ""}
                                  : HttpResponse{200, 0, {}, found->second};
  }
  // Without an id, unless told otherwise.
  shoal_status start(const std::string& id = "") {
    output->plugin.host_id = id;
    return output->plugin.start();
  }
  json registered() const { return json::parse(api.last("POST /api/v0/hosts").body); }
};

struct Ec2 : Machine {
  Ec2() : Machine("ec2") {
    service = {{"/latest/api/token", "secret"},
               {"/latest/meta-data/services/partition", "aws"},
               {"/latest/meta-data/instance-id", "i-0abc"},
               {"/latest/meta-data/instance-type", "t3.small"},
               {"/latest/meta-data/placement/availability-zone", "ap-northeast-1a"}};
  }
};

}  // namespace

TEST_SUITE("mackerel cloud") {
  TEST_CASE("shows in the machine's own tables") {
    const auto platform = [](std::string_view file, std::string_view text) {
      const shoal::test::TemporaryDirectory sys;
      sys.write(file, text);
      return platform_of_machine(sys.path());
    };

    CHECK(platform("hypervisor/uuid", "ec2e1916-9099-7caf-fd21-012345abcdef\n") == Platform::ec2);
    CHECK(platform("devices/virtual/dmi/id/product_uuid",
                   "EC2E1916-9099-7CAF-FD21-012345ABCDEF\n") == Platform::ec2);
    CHECK(platform("devices/virtual/dmi/id/sys_vendor", "Amazon EC2\n") == Platform::ec2);
    CHECK(platform("devices/virtual/dmi/id/product_name", "Google Compute Engine\n") ==
          Platform::gce);
    CHECK(platform("devices/virtual/dmi/id/sys_vendor", "Microsoft Corporation\n") ==
          Platform::azure);
    CHECK(platform("devices/virtual/dmi/id/sys_vendor", "QEMU\n") == Platform::none);
    CHECK(platform("none", "") == Platform::none);
  }

  TEST_CASE("knows UUIDs of EC2, also with the bytes of the first field swapped") {
    CHECK(is_ec2_uuid("ec2e1916-9099-7caf-fd21-012345abcdef"));
    CHECK(is_ec2_uuid("45e12aec-dcd1-b213-94ed-012345abcdef"));
    CHECK_FALSE(is_ec2_uuid("35e12aed-dcd1-b213-94ed-012345abcdef"));
    CHECK_FALSE(is_ec2_uuid(""));
  }

  TEST_CASE("EC2 goes with the registration") {
    Ec2 machine;
    machine.api.exceptions.emplace_back(by_identifier, HttpResponse{200, 0, {}, R"({"hosts":[]})"});

    CHECK(machine.start() == SHOAL_OK);

    CHECK(machine.registered()["customIdentifier"] == "i-0abc.ec2.amazonaws.com");
    CHECK(machine.registered()["meta"]["cloud"] == json::parse(R"({"provider": "ec2", "metadata": {
      "instance-id": "i-0abc", "instance-type": "t3.small",
      "placement/availability-zone": "ap-northeast-1a"}})"));
    CHECK(machine.asked.front() == "PUT /latest/api/token");
  }

  TEST_CASE("Google's goes with the registration") {
    Machine machine("gce");
    machine.service["/computeMetadata/v1?recursive=true"] = R"({
      "instance": {"id": 18446744073709551615, "hostname": "h.internal",
                   "machineType": "projects/1/machineTypes/n1-standard-1",
                   "zone": "projects/1/zones/asia-northeast1-a"},
      "project": {"projectId": "shop"}})";

    CHECK(machine.start() == SHOAL_OK);

    CHECK(machine.registered()["customIdentifier"] == "18446744073709551615.gce.cloud.google.com");
    CHECK(machine.registered()["meta"]["cloud"]["metadata"] == json::parse(R"({
      "instance-id": "18446744073709551615", "hostname": "h.internal", "projectId": "shop",
      "instance-type": "n1-standard-1", "zone": "asia-northeast1-a"})"));
  }

  TEST_CASE("Azure goes with the registration") {
    Machine machine("azurevm");
    const std::string text = "?api-version=2017-04-02&format=text";
    machine.service = {{"/metadata/instance/compute/vmId" + text, "b0e6"},
                       {"/metadata/instance/compute/location" + text, "japaneast"}};

    CHECK(machine.start() == SHOAL_OK);

    CHECK(machine.registered()["customIdentifier"] == "b0e6.virtual_machine.azure.microsoft.com");
    CHECK(machine.registered()["meta"]["cloud"] ==
          json::parse(
              R"({"provider": "AzureVM", "metadata": {"vmID": "b0e6", "location": "japaneast"}})"));
  }

  TEST_CASE("finds a host that lost its id, and does not register it again") {
    Ec2 machine;
    machine.api.exceptions.emplace_back(
        by_identifier, HttpResponse{200, 0, {}, R"({"hosts":[{"id":"qTdrOJRBRY6"}]})"});

    CHECK(machine.start() == SHOAL_OK);

    CHECK(machine.api.count("POST /api/v0/hosts") == 0);
    CHECK(machine.output->plugin.host_id == "qTdrOJRBRY6");
  }

  TEST_CASE("that is silent puts off a registration twice, not for ever") {
    Ec2 machine;
    machine.is_silent = true;

    CHECK(machine.start() == SHOAL_RETRY);
    CHECK(machine.output->plugin.reason ==
          "this machine is one of a cloud, but its metadata service does not answer");
    CHECK(machine.start() == SHOAL_RETRY);
    CHECK(machine.start() == SHOAL_OK);

    CHECK_FALSE(machine.registered().contains("customIdentifier"));
  }

  TEST_CASE("that is silent does not make a known host another one, nor take its identifier") {
    Ec2 machine;
    machine.is_silent = true;
    machine.api.exceptions.emplace_back(
        "GET /api/v0/hosts/qTdrOJRBRY6",
        HttpResponse{200, 0, {}, R"({"host":{"id":"q","customIdentifier":"i-0abc.ec2"}})"});

    CHECK(machine.start("qTdrOJRBRY6") == SHOAL_OK);

    const auto sent = json::parse(machine.api.last("PUT /api/v0/hosts/qTdrOJRBRY6").body);
    CHECK(sent["customIdentifier"] == "i-0abc.ec2");
  }

  TEST_CASE("refuses an id that came from another machine") {
    Ec2 machine;
    machine.api.exceptions.emplace_back(
        "GET /api/v0/hosts/qTdrOJRBRY6",
        HttpResponse{200, 0, {}, R"({"host":{"id":"q","customIdentifier":"i-1"}})"});

    CHECK(machine.start("qTdrOJRBRY6") == SHOAL_AUTH);

    CHECK(machine.output->plugin.reason ==
          "host qTdrOJRBRY6 is registered as i-1, but this machine is i-0abc.ec2.amazonaws.com: "
          "the file \"id\" may have come from another machine; delete it to register this one");
    CHECK(machine.api.count("PUT /api/v0/hosts/qTdrOJRBRY6") == 0);
  }

  TEST_CASE("is asked anew with every update, and what was known stays when it is silent") {
    Ec2 machine;
    machine.start("qTdrOJRBRY6");
    machine.is_silent = true;
    machine.asked.clear();
    machine.output->plugin.unix_ns += 3600 * second;
    Records records;

    machine.output->plugin.deliver(records.sample("a", 1).all);

    CHECK_FALSE(machine.asked.empty());
    const auto sent = json::parse(machine.api.last("PUT /api/v0/hosts/qTdrOJRBRY6").body);
    CHECK(sent["meta"]["cloud"]["provider"] == "ec2");
  }

  TEST_CASE("none asks nobody") {
    Machine machine("none");

    machine.start("qTdrOJRBRY6");

    CHECK(machine.asked.empty());
  }
}
