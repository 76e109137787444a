#include "common/zabbix/agent.h"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <thread>

#include <shoal/plugin.hpp>

#include "common/net/connection.h"

namespace shoal::zabbix {
namespace {

using common::Address;
using common::Connection;
using common::Deadline;
using common::Result;
using Kind = Answer::Kind;

// An agent starts three processes for requests unless it is told otherwise.
constexpr std::size_t most_at_once = 4;
// Of a value in a plugin.
constexpr std::size_t most_in_plugin = std::size_t{64} * 1024;

// One request on a connection of its own: the reply, or why there is none.
struct Exchange {
  Reply reply;
  std::string fault;
};

Exchange exchange(const std::vector<Address>& addresses, const std::string& request,
                  std::size_t most, const Deadline& deadline) {
  Connection connection;
  if (connection.open(addresses, deadline) != Result::good) return {{}, connection.fault()};
  auto result = connection.send(framed(request), deadline);
  const auto is_enough = [most](std::string_view received) { return is_whole(received, most); };
  if (result == Result::good) {
    result = connection.receive(is_enough, most + longest_header, deadline);
  }
  const auto& received = connection.received();
  // Whoever closes without having read resets the connection.
  const bool is_closed = result == Result::broken && received.empty();
  if (result == Result::good || is_closed) return {read_reply(received, most), {}};
  return {{}, received.empty() ? "no answer in time" : connection.fault()};
}

std::int64_t seconds_of(const Deadline& deadline) {
  constexpr std::int64_t most = 600;
  const auto left = std::chrono::duration_cast<std::chrono::seconds>(deadline.left()).count();
  return std::clamp<std::int64_t>(left, 1, most);
}

// All keys of one call, taken one after another by several threads.
class Questions {
 public:
  Questions(const std::vector<Address>& addresses, const std::vector<std::string>& keys,
            Protocol protocol, std::size_t most_value, const Deadline& deadline)
      : addresses_(addresses),
        keys_(keys),
        protocol_(protocol),
        most_value_(most_value),
        deadline_(deadline),
        answers_(keys.size()),
        failures_(std::min(keys.size(), most_at_once)) {}

  std::vector<Answer> ask() {
    {
      std::vector<std::jthread> others;
      for (std::size_t i = 1; i < failures_.size(); ++i) {
        others.emplace_back([this, i] { work(i); });
      }
      work(0);
    }
    for (const auto& failure : failures_) {
      if (failure) std::rethrow_exception(failure);
    }
    return std::move(answers_);
  }

 private:
  void work(std::size_t worker) noexcept {
    try {
      for (std::size_t i = next_++; i < keys_.size(); i = next_++) {
        answers_[i] = bounded(ask_once(keys_[i], protocol_));
      }
    } catch (...) {
      failures_[worker] = std::current_exception();
    }
  }

  Answer ask_once(const std::string& key, Protocol protocol) const {
    // JSON may take six bytes for one of the value, and has some words around it.
    const auto most = std::min(most_payload, 8 * most_value_);
    const bool is_automatic = protocol == Protocol::automatic;
    const auto first = is_automatic ? Protocol::json : protocol;
    const auto [reply, fault] =
        exchange(addresses_, request_of(key, first, seconds_of(deadline_)), most, deadline_);
    if (!fault.empty()) return {Kind::unreachable, fault};
    if (is_automatic && knows_no_json(reply)) return ask_once(key, Protocol::plain);
    return answer_of(reply, first);
  }

  Answer bounded(Answer answer) const {
    const auto size = answer.text.size();
    if (!answer.is_value() || size <= most_value_) return answer;
    return {Kind::damaged, "expected at most " + std::to_string(most_value_) +
                               " bytes of value, found " + std::to_string(size)};
  }

  const std::vector<Address>& addresses_;
  const std::vector<std::string>& keys_;
  Protocol protocol_;
  std::size_t most_value_;
  const Deadline& deadline_;
  std::atomic<std::size_t> next_ = 0;
  std::vector<Answer> answers_;
  std::vector<std::exception_ptr> failures_;
};

bool is_of_connection(const Answer& answer) {
  return answer.kind == Kind::denied || answer.kind == Kind::tls_only ||
         answer.kind == Kind::unreachable;
}

}  // namespace

Agent::Agent(std::string host, std::int64_t port, Protocol protocol, std::size_t most_value)
    : endpoint_(std::move(host), port), protocol_(protocol), most_value_(most_value) {}

Agent::Agent(const Options& options)
    : Agent(options.text("/host", "127.0.0.1"), options.integer("/port", default_port),
            protocol_of(options.text("/protocol")).value_or(Protocol::plain), most_in_plugin) {}

std::vector<Answer> Agent::ask(const std::vector<std::string>& keys, const Deadline& deadline) {
  const auto addresses = endpoint_.addresses(deadline);
  if (!addresses.empty()) return Questions(addresses, keys, protocol_, most_value_, deadline).ask();
  return std::vector<Answer>(keys.size(), {Kind::unreachable, endpoint_.fault()});
}

std::string faults_of(const std::vector<std::string>& keys, const std::vector<Answer>& answers) {
  constexpr std::size_t most_told = 3;
  const bool is_the_same = std::all_of(answers.begin(), answers.end(), [&](const Answer& answer) {
    return is_of_connection(answer) && answer.text == answers.front().text;
  });
  if (is_the_same && !answers.empty()) return answers.front().reason();

  std::string words;
  std::size_t count = 0;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    if (answers[i].is_value() || count++ >= most_told) continue;
    words += (words.empty() ? "" : "; ") + keys[i] + ": " + answers[i].reason();
  }
  if (count > most_told) words += "; and " + std::to_string(count - most_told) + " more";
  return words;
}

}  // namespace shoal::zabbix
