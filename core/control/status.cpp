#include "control/status.h"

#include <fstream>
#include <sstream>

#include <fmt/core.h>
#include <nlohmann/json.hpp>
#include <sys/resource.h>

#include "base/error.h"
#include "base/time_text.h"

namespace shoal::control {
namespace {

using Json = nlohmann::ordered_json;

double seconds_of(std::chrono::nanoseconds duration) {
  return std::chrono::duration<double>(duration).count();
}

std::chrono::nanoseconds from_seconds(double seconds) {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
      std::chrono::duration<double>(seconds));
}

WallTime parse_rfc3339(const std::string& text) {
  std::tm parts{};
  std::istringstream stream(text);
  stream >> std::get_time(&parts, "%Y-%m-%dT%H:%M:%SZ");
  if (stream.fail()) throw Error(fmt::format("status: expected a time, got \"{}\"", text));
  return WallTime{std::chrono::seconds{timegm(&parts)}};
}

// Members in both directions from one list each, so that the two cannot drift apart.
class Writer {
 public:
  void operator()(const char* name, const std::string& value) { json_[name] = value; }
  void operator()(const char* name, std::uint64_t value) { json_[name] = value; }
  void operator()(const char* name, int value) { json_[name] = value; }
  void operator()(const char* name, bool value) { json_[name] = value; }
  void operator()(const char* name, WallTime value) { json_[name] = rfc3339(value); }
  void operator()(const char* name, std::chrono::nanoseconds value) {
    json_[name] = seconds_of(value);
  }
  void operator()(const char* name, std::chrono::milliseconds value) {
    json_[name] = seconds_of(value);
  }
  void operator()(const char* name, const std::optional<WallTime>& value) {
    json_[name] = value ? Json(rfc3339(*value)) : Json();
  }
  void operator()(const char* name, const std::vector<std::string>& value) { json_[name] = value; }
  // What is not there is left out.
  template <class T>
  void operator()(const char* name, const std::optional<T>& value) {
    if (!value) return;
    Writer writer;
    describe(writer, *value);
    json_[name] = std::move(writer.json_);
  }
  template <class T>
  void operator()(const char* name, const std::vector<T>& values) {
    Json list = Json::array();
    for (const T& value : values) {
      Writer writer;
      describe(writer, value);
      list.push_back(std::move(writer.json_));
    }
    json_[name] = std::move(list);
  }
  Json json_;
};

class Reader {
 public:
  explicit Reader(const Json& json) : json_(json) {}

  void operator()(const char* name, std::string& value) { json_.at(name).get_to(value); }
  void operator()(const char* name, std::uint64_t& value) { json_.at(name).get_to(value); }
  void operator()(const char* name, int& value) { json_.at(name).get_to(value); }
  void operator()(const char* name, bool& value) { json_.at(name).get_to(value); }
  void operator()(const char* name, WallTime& value) {
    value = parse_rfc3339(json_.at(name).get<std::string>());
  }
  void operator()(const char* name, std::chrono::nanoseconds& value) {
    value = from_seconds(json_.at(name).get<double>());
  }
  void operator()(const char* name, std::chrono::milliseconds& value) {
    value =
        std::chrono::round<std::chrono::milliseconds>(from_seconds(json_.at(name).get<double>()));
  }
  void operator()(const char* name, std::optional<WallTime>& value) {
    const Json& found = json_.at(name);
    if (!found.is_null()) value = parse_rfc3339(found.get<std::string>());
  }
  void operator()(const char* name, std::vector<std::string>& value) {
    json_.at(name).get_to(value);
  }
  template <class T>
  void operator()(const char* name, std::optional<T>& value) {
    if (!json_.contains(name)) return;
    Reader reader(json_.at(name));
    describe(reader, value.emplace());
  }
  template <class T>
  void operator()(const char* name, std::vector<T>& values) {
    for (const Json& one : json_.at(name)) {
      Reader reader(one);
      describe(reader, values.emplace_back());
    }
  }

 private:
  const Json& json_;
};

template <class Visitor, class Check>
requires std::is_same_v<std::remove_const_t<Check>, CheckStatus>
void describe(Visitor& visit, Check& check) {
  visit("status", check.status);
  visit("hard_status", check.hard_status);
  visit("heard", check.is_heard);
  visit("attempts", check.attempts);
  visit("max_attempts", check.max_attempts);
  visit("since", check.since);
  visit("text", check.text);
  visit("acknowledged", check.is_acknowledged);
  visit("acknowledged_by", check.acknowledged_by);
  visit("acknowledged_until", check.acknowledged_until);
  visit("comment", check.comment);
  visit("silenced", check.is_silenced);
  visit("flapping", check.is_flapping);
  visit("stale", check.is_stale);
  visit("silence", check.silence);
  visit("waits_for", check.waits_for);
  visit("held_back", check.held_back);
}

template <class Visitor, class Job>
requires std::is_same_v<std::remove_const_t<Job>, JobStatus>
void describe(Visitor& visit, Job& job) {
  visit("id", job.id);
  visit("what", job.what);
  visit("interval_seconds", job.interval);
  visit("state", job.state);
  visit("last_scheduled", job.last_scheduled);
  visit("next", job.next);
  visit("last_duration_seconds", job.last_duration);
  visit("last_outcome", job.last_outcome);
  visit("last_reason", job.last_reason);
  visit("last_records", job.last_records);
  visit("rounds", job.rounds);
  visit("failures", job.failures);
  visit("missed", job.missed);
  visit("dropped", job.dropped);
  visit("version", job.version);
  visit("content", job.content);
  visit("isolation", job.isolation);
  visit("process_id", job.process_id);
  visit("deaths", job.deaths);
  visit("last_death", job.last_death);
  visit("check", job.check);
}

template <class Visitor, class Output>
requires std::is_same_v<std::remove_const_t<Output>, OutputStatus>
void describe(Visitor& visit, Output& output) {
  visit("name", output.name);
  visit("plugin", output.plugin);
  visit("state", output.state);
  visit("last_error", output.last_error);
  visit("failing_since", output.failing_since);
  visit("last_success", output.last_success);
  visit("next_try", output.next_try);
  visit("oldest_pending", output.oldest_pending);
  visit("pending_bytes", output.pending_bytes);
  visit("durable", output.is_durable);
  visit("accepted", output.accepted);
  visit("delivered", output.delivered);
  visit("rejected", output.rejected);
  visit("expired", output.expired);
  visit("dropped", output.dropped);
  visit("lost", output.lost);
  visit("pending", output.pending);
  visit("isolation", output.isolation);
  visit("process_id", output.process_id);
  visit("deaths", output.deaths);
  visit("last_death", output.last_death);
}

template <class Visitor, class Relay>
requires std::is_same_v<std::remove_const_t<Relay>, RelayStatus>
void describe(Visitor& visit, Relay& relay) {
  visit("address", relay.address);
  visit("taken", relay.taken);
  visit("malformed", relay.malformed);
  visit("unknown_tags", relay.unknown_tags);
  visit("over_rate", relay.over_rate);
  visit("not_kept", relay.not_kept);
}

template <class Visitor, class Agent>
requires std::is_same_v<std::remove_const_t<Agent>, Status>
void describe(Visitor& visit, Agent& status) {
  visit("version", status.version);
  visit("configuration", status.configuration);
  visit("pid", status.pid);
  visit("started", status.started);
  visit("now", status.now);
  visit("resident_bytes", status.resident_bytes);
  visit("anonymous_bytes", status.anonymous_bytes);
  visit("cpu_seconds", status.cpu_time);
  visit("displaced_rounds", status.displaced_rounds);
  visit("last_reload", status.last_reload);
  visit("last_reload_error", status.last_reload_error);
  visit("notices", status.notices);
  visit("jobs", status.jobs);
  visit("outputs", status.outputs);
  visit("relay", status.relay);
}

// "RssAnon:      1024 kB" of /proc/self/status, in bytes.
std::uint64_t kilobytes_after(const std::string& line) {
  return std::strtoull(line.c_str() + line.find(':') + 1, nullptr, 10) * 1024;
}

std::chrono::milliseconds of_timeval(const timeval& time) {
  return std::chrono::milliseconds{time.tv_sec * 1000 + time.tv_usec / 1000};
}

}  // namespace

std::string to_json(const Status& status) {
  Writer writer;
  describe(writer, status);
  return writer.json_.dump(2, ' ', false, Json::error_handler_t::replace);
}

Status from_json(const std::string& json) try {
  const Json parsed = Json::parse(json);
  Status status;
  Reader reader(parsed);
  describe(reader, status);
  return status;
} catch (const Json::exception& error) {
  throw Error(fmt::format("status: expected a status in JSON, got {}", error.what()));
}

void measure_self(Status& status) {
  std::ifstream file("/proc/self/status");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("VmRSS:")) status.resident_bytes = kilobytes_after(line);
    if (line.starts_with("RssAnon:")) status.anonymous_bytes = kilobytes_after(line);
  }
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  status.cpu_time = of_timeval(usage.ru_utime) + of_timeval(usage.ru_stime);
}

}  // namespace shoal::control
