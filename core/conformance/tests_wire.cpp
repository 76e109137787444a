// Group wire: a program that speaks docs/wire-protocol.md, driven as the agent drives it.

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <poll.h>
#include <thread>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "base/child_process.h"
#include "base/error.h"
#include "conformance/tests.h"
#include "conformance/wire_world.h"
#include "plugin/wire/channel.h"

namespace shoal::conformance {
namespace {

using namespace std::chrono_literals;
using plugin::CallStatus;
using plugin::HttpOutcome;

const std::vector<HttpOutcome> plain_answers{{CallStatus::ok, "", {.status = 200, .body = "{}"}}};

const std::vector<HttpOutcome> strange_answers{
    {CallStatus::ok, "", {.status = 200}},
    {CallStatus::ok, "", {.status = 200, .body = "\xff\xfe{\"a\":"}},
    {CallStatus::ok, "", {.status = 200, .body = std::string(1 << 20, '[')}},
    {CallStatus::ok, "", {.status = 204, .headers = {{"", ""}, {"A", "\xff"}}}},
    {CallStatus::ok, "", {.status = 301, .headers = {{"Location", "http://x.test/"}}}},
    {CallStatus::ok, "", {.status = 401}},
    {CallStatus::ok, "", {.status = 404, .body = "<html>"}},
    {CallStatus::ok, "", {.status = 429, .retry_after = 1h}},
    {CallStatus::ok, "", {.status = 503}},
    {CallStatus::retry, "connection refused", {}},
    {CallStatus::deadline, "no answer in time", {}},
    {CallStatus::config, "not a URL", {}}};

void life(Trial& trial, WireWorld& world, std::size_t rounds) {
  if (!world.create()) return trial.give_up();
  world.start();
  for (std::size_t i = 0; i < rounds; ++i) world.round(20s, some_records(trial.subject(), 5));
  world.stop();
}

std::size_t descriptors_of(int pid) {
  const std::filesystem::directory_iterator all("/proc/" + std::to_string(pid) + "/fd");
  return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

long resident_kb_of(int pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/statm");
  long pages = 0;
  file >> pages >> pages;
  return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

// The program alone at the other end of a socket, without the agent's patience.
class Bare {
 public:
  explicit Bare(const Subject& subject) : Bare(plugin::wire::open_socket_pair(), subject) {}

  void send(const nlohmann::json& message) {
    channel_->send(message.dump());
    channel_->flush();
  }
  // The next message, or nothing if none comes.
  std::optional<std::string> next(std::chrono::milliseconds patience) {
    const auto until = std::chrono::steady_clock::now() + patience;
    for (;;) {
      if (auto json = channel_->take()) return json;
      if (!wait(channel_->fd(), until) || !channel_->receive()) return channel_->take();
    }
  }
  void leave() { channel_.reset(); }
  bool ends_within(std::chrono::milliseconds patience) {
    return wait(child_.exit_fd(), std::chrono::steady_clock::now() + patience);
  }

 private:
  Bare(std::pair<UniqueFd, UniqueFd> socket, const Subject& subject)
      : channel_(std::in_place, std::move(socket.first)), child_(start(subject, socket.second)) {}

  static ChildProcess start(const Subject& subject, const UniqueFd& theirs) {
    auto started = ChildProcess::start({.words = {subject.copy},
                                        .env = {{"SHOAL_WIRE", "1"}},
                                        .unset = {},
                                        .descriptors = {theirs.get()}});
    if (const auto* failure = std::get_if<StartFailure>(&started)) throw Error(failure->text);
    return std::get<ChildProcess>(std::move(started));
  }

  static bool wait(int fd, std::chrono::steady_clock::time_point until) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
    pollfd ready{fd, POLLIN, 0};
    return left > 0ms && poll(&ready, 1, static_cast<int>(left.count())) == 1;
  }

  std::optional<plugin::wire::Channel> channel_;
  ChildProcess child_;
};

}  // namespace

void test_wire_life(Trial& trial) {
  ScriptedHttp http(plain_answers);
  WireWorld world(trial, &http);
  life(trial, world, 3);
}

void test_wire_services(Trial& trial) {
  WireWorld world(trial, nullptr, false);
  life(trial, world, 3);
}

void test_wire_answers(Trial& trial) {
  ScriptedHttp http(strange_answers);
  WireWorld world(trial, &http);
  life(trial, world, strange_answers.size());
}

void test_wire_batches(Trial& trial) {
  ScriptedHttp http(plain_answers);
  WireWorld world(trial, &http);
  if (!world.create()) return;
  world.start();
  for (const std::size_t size : {1, 2, 7, 100, 1000}) {
    world.round(20s, some_records(trial.subject(), size));
  }
  world.stop();
}

void test_wire_deadline(Trial& trial) {
  trial.under(Rule::time_deadline, "with a network that does not answer");
  ScriptedHttp http({});
  WireWorld world(trial, &http);
  if (!world.create()) return;
  world.round(2s, some_records(trial.subject(), 1));
}

void test_wire_cancel(Trial& trial) {
  trial.under(Rule::time_cancel, "with a network that does not answer");
  ScriptedHttp http({});
  WireWorld world(trial, &http);
  if (!world.create()) return;
  const auto began = std::chrono::steady_clock::now();
  std::thread canceller([&] {
    std::this_thread::sleep_for(200ms);
    world.cancel();
  });
  world.round(20s, some_records(trial.subject(), 1));
  canceller.join();
  const auto took = std::chrono::steady_clock::now() - began;
  if (took > 10s) {
    trial.find(Rule::time_cancel, "goes on for {} s after it was cancelled",
               std::chrono::duration_cast<std::chrono::seconds>(took).count());
  }
}

void test_wire_rounds(Trial& trial) {
  ScriptedHttp http(plain_answers);
  WireWorld world(trial, &http);
  if (!world.create()) return;
  world.start();
  const auto records = some_records(trial.subject(), 5);
  constexpr int most_rounds = 500;
  const auto until = std::chrono::steady_clock::now() + 20s;
  for (int i = 0; i < most_rounds / 5; ++i) world.round(20s, records);
  const int pid = world.pid();
  if (pid == 0) return;
  const auto descriptors = descriptors_of(pid);
  const auto memory = resident_kb_of(pid);
  int rounds = 0;
  while (rounds < most_rounds && std::chrono::steady_clock::now() < until) {
    world.round(20s, records);
    ++rounds;
  }
  if (world.pid() != pid) return;  // its death has been said
  if (const auto now = descriptors_of(pid);
      now > descriptors + static_cast<unsigned>(rounds) / 10) {
    trial.find(Rule::resources_descriptors, "{} more descriptors after {} rounds",
               now - descriptors, rounds);
  }
  // What collects garbage may let some of it lie.
  if (const auto grown = resident_kb_of(pid) - memory; grown > 16 * 1024L) {
    trial.find(Rule::resources_memory, "{} kB more after {} rounds", grown, rounds);
  }
}

void test_wire_later(Trial& trial) {
  const auto& subject = trial.subject();
  trial.begin_act("create with members of a later agent");
  Bare bare(subject);
  bare.send({{"type", "create"},
             {"id", 1},
             {"wire", 1},
             {"agent", "9.9.9"},
             {"job", std::string(plugin::kind_name(subject.kind())) + ":test"},
             {"kind", plugin::kind_name(subject.kind())},
             {"options", nlohmann::json::parse(subject.options_json)},
             {"later", {{"member", nlohmann::json::array({1, nullptr})}}}});
  for (;;) {
    const auto said = bare.next(10s);
    if (!said) return trial.find(Rule::wire_later, "gives no answer to create");
    const auto message = nlohmann::json::parse(*said);
    if (message.value("type", "") == "done") break;
    if (message.value("type", "") != "request") continue;
    bare.send({{"type", "answer"},
               {"request", message.at("request")},
               {"status", "unsupported"},
               {"later", nullptr}});
  }
  trial.end_act();
  bare.leave();
  if (!bare.ends_within(5s)) {
    trial.find(Rule::wire_end, "still runs 5 s after its socket has ended");
  }
}

}  // namespace shoal::conformance
