#include "peer.h"

#include <fstream>
#include <map>

#include <doctest/doctest.h>

#include "support/temporary_directory.h"

using namespace shoal::consul;

namespace {

Environment environment(std::map<std::string, std::string> variables) {
  return [variables](const char* name) {
    const auto found = variables.find(name);
    return found == variables.end() ? "" : found->second;
  };
}

}  // namespace

TEST_SUITE("consul peer") {
  TEST_CASE("is where the address says") {
    CHECK(base_of("127.0.0.1:8500", false) == "http://127.0.0.1:8500");
    CHECK(base_of("consul.test:8501", true) == "https://consul.test:8501");
    CHECK(base_of("http://127.0.0.1:8500/", true) == "http://127.0.0.1:8500");
    CHECK(base_of("https://127.0.0.1:8501", false) == "https://127.0.0.1:8501");
    CHECK(base_of("unix:///run/consul.sock", false) == "unix:///run/consul.sock:");
    CHECK_THROWS_WITH(
        base_of("ftp://x", false),
        "address: expected HOST:PORT, http://, https:// or unix:///PATH, got \"ftp://x\"");
  }

  TEST_CASE("is Consul's usual place without options and environment") {
    const auto peer = find_peer({}, environment({}));

    CHECK(peer.base == "http://127.0.0.1:8500");
    CHECK(peer.token.empty());
    CHECK(peer.ca_file.empty());
    CHECK(peer.is_verified);
  }

  TEST_CASE("is what the environment of Consul's clients says") {
    const auto peer = find_peer({}, environment({{"CONSUL_HTTP_ADDR", "consul.test:8501"},
                                                 {"CONSUL_HTTP_SSL", "true"},
                                                 {"CONSUL_HTTP_SSL_VERIFY", "0"},
                                                 {"CONSUL_HTTP_TOKEN", "abc"},
                                                 {"CONSUL_HTTP_AUTH", "ann:p@ss"},
                                                 {"CONSUL_CACERT", "/ca.pem"}}));

    CHECK(peer.base == "https://ann:p%40ss@consul.test:8501");
    CHECK(peer.token == "abc");
    CHECK(peer.ca_file == "/ca.pem");
    CHECK_FALSE(peer.is_verified);
  }

  TEST_CASE("is what the options say before that") {
    const auto peer = find_peer({"unix:///run/consul.sock", "own", "/own.pem", true},
                                environment({{"CONSUL_HTTP_ADDR", "consul.test:8501"},
                                             {"CONSUL_HTTP_TOKEN", "abc"},
                                             {"CONSUL_HTTP_TOKEN_FILE", "/nowhere"},
                                             {"CONSUL_CACERT", "/ca.pem"}}));

    CHECK(peer.base == "unix:///run/consul.sock:");
    CHECK(peer.token == "own");
    CHECK(peer.ca_file == "/own.pem");
  }

  TEST_CASE("has the token of the file that the environment names") {
    const shoal::test::TemporaryDirectory directory;
    const auto file = directory.file("token");
    std::ofstream(file) << "from-file \n";

    CHECK(find_peer({}, environment({{"CONSUL_HTTP_TOKEN_FILE", file}})).token == "from-file");
    CHECK_THROWS_WITH(
        find_peer({}, environment({{"CONSUL_HTTP_TOKEN_FILE", directory.file("none")}})),
        ("CONSUL_HTTP_TOKEN_FILE: " + directory.file("none") + ": cannot be read, or is empty")
            .c_str());
  }

  TEST_CASE("is refused where a flag is none") {
    CHECK_THROWS_WITH(find_peer({}, environment({{"CONSUL_HTTP_SSL", "yes please"}})),
                      "CONSUL_HTTP_SSL: expected true or false, got \"yes please\"");
  }
}
