#include "question.h"

#include <array>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <unistd.h>

#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "bounded_sockets.h"

using shoal::dns::BoundedSockets;
using shoal::dns::system_server;

namespace {

// A resolv.conf of the test's own.
class ResolvConf {
 public:
  explicit ResolvConf(const std::string& text) { std::ofstream(path) << text; }
  ResolvConf(const ResolvConf&) = delete;
  ResolvConf& operator=(const ResolvConf&) = delete;
  ~ResolvConf() { std::filesystem::remove(path); }

  const std::string path =
      std::filesystem::temp_directory_path() / ("resolv.conf." + std::to_string(::getpid()));
};

// Two ends of a socket; what is sent into one waits in the other.
class Pair {
 public:
  Pair() { REQUIRE(::socketpair(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0, ends_.data()) == 0); }
  Pair(const Pair&) = delete;
  Pair& operator=(const Pair&) = delete;
  ~Pair() {
    for (const int fd : ends_) ::close(fd);
  }
  int near() const { return ends_[0]; }
  int far() const { return ends_[1]; }

 private:
  std::array<int, 2> ends_{};
};

}  // namespace

TEST_SUITE("dns question") {
  TEST_CASE("finds the first name server of resolv.conf") {
    const ResolvConf conf("nameserver 192.0.2.53\nnameserver 192.0.2.54\n");
    std::string fault;

    const auto server = system_server(53, fault, conf.path);

    CHECK(fault.empty());
    REQUIRE(server);
    CHECK(shoal::common::numeric_host(*server) == "192.0.2.53");
  }

  TEST_CASE("finds none, and says why, when resolv.conf cannot be read") {
    std::string fault;

    CHECK_FALSE(system_server(53, fault, "/none/resolv.conf"));
    CHECK(fault == "No such file or directory");
    CHECK_FALSE(system_server(53, fault, "/"));
    CHECK(fault == "Is a directory");
  }

  TEST_CASE("stops reading what does not end") {
    const Pair pair;
    BoundedSockets sockets;
    const auto read_all = [&] {
      std::array<char, 16> data{};
      int reads = 0;
      // There is always one more.
      while (::send(pair.far(), "x", 1, 0) == 1 &&
             BoundedSockets::receive(pair.near(), data.data(), data.size(), 0, nullptr, nullptr,
                                     &sockets) == 1) {
        ++reads;
      }
      CHECK(errno == EAGAIN);
      return reads;
    };

    CHECK(read_all() == BoundedSockets::most_reads);
    CHECK(read_all() == 0);
    sockets.begin_step();
    CHECK(read_all() == BoundedSockets::most_reads);
  }
}
