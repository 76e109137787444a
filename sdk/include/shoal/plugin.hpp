// SPDX-License-Identifier: MIT
//
// The C++ comfort over the C ABI: derive from Metric, Check or Output, override one function, end
// with one macro. Header-only, C++17; exceptions stop here. Nothing of C++ crosses the border, so a
// plugin may be built with another compiler and library than its host.
//
//   class Uptime : public shoal::Metric {
//    public:
//     explicit Uptime(shoal::Context& context) : series_(context.gauge("uptime", "seconds")) {}
//     void collect(shoal::Round& round) override { round.emit(series_, read_uptime()); }
//
//    private:
//     shoal::Series series_;
//   };
//   SHOAL_PLUGIN(Uptime)
//   SHOAL_MANIFEST(R"({"id": "uptime", "version": "1.0.0", "abi": ")" SHOAL_ABI_TEXT
//                  R"(", "kind": "metric", ...})");
//
// Throw shoal::Failure to say why a call fails; any other exception counts as SHOAL_FAILED with its
// what(). The references handed to you outlive your object.
#pragma once

#include <atomic>
#include <cmath>
#include <cstdint>
#include <exception>
#include <functional>
#include <new>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "shoal.h"

namespace shoal {

inline shoal_text text(std::string_view view) {
  return {view.data() == nullptr ? "" : view.data(), view.size()};
}
inline std::string_view view(shoal_text text) {
  return {text.data, text.size};
}

// Why a call fails, and what the host shall do about it (SHOAL_RETRY, SHOAL_CONFIG, ...).
class Failure : public std::runtime_error {
 public:
  explicit Failure(const std::string& reason, shoal_status status = SHOAL_FAILED)
      : std::runtime_error(reason), status_(status) {}
  shoal_status status() const { return status_; }

 private:
  shoal_status status_;
};

namespace detail {

// Reads what the C types call an optional.
template <class T>
std::optional<T> optional_of(shoal_status status, T value, const char* what) {
  if (status == SHOAL_OK) return value;
  if (status == SHOAL_NOTHING) return std::nullopt;
  throw Failure(what, status);
}

inline void assign_text(void* user, shoal_text text) {
  static_cast<std::string*>(user)->assign(text.data, text.size);
}

}  // namespace detail

// The instance's options, by JSON pointer. A missing one gives the fallback; the host has already
// checked types and filled in the manifest's defaults.
class Options {
 public:
  Options(const shoal_host& host, shoal_context* context)
      : table_(static_cast<const shoal_options*>(host.service(&host, SHOAL_SERVICE_OPTIONS))),
        context_(context) {}

  std::optional<std::string> find_text(const std::string& pointer) const {
    shoal_text value{"", 0};
    const auto status = table().text(context_, pointer.c_str(), &value);
    const auto found = detail::optional_of(status, value, "option is not a string");
    return found ? std::optional<std::string>(view(*found)) : std::nullopt;
  }
  std::string text(const std::string& pointer, std::string_view fallback = {}) const {
    return find_text(pointer).value_or(std::string(fallback));
  }
  std::int64_t integer(const std::string& pointer, std::int64_t fallback = 0) const {
    std::int64_t value = 0;
    const auto status = table().integer(context_, pointer.c_str(), &value);
    return detail::optional_of(status, value, "option is not an integer").value_or(fallback);
  }
  std::optional<double> find_number(const std::string& pointer) const {
    double value = 0;
    const auto status = table().number(context_, pointer.c_str(), &value);
    return detail::optional_of(status, value, "option is not a number");
  }
  double number(const std::string& pointer, double fallback = 0) const {
    return find_number(pointer).value_or(fallback);
  }
  bool boolean(const std::string& pointer, bool fallback = false) const {
    std::uint32_t value = 0;
    const auto status = table().boolean(context_, pointer.c_str(), &value);
    return detail::optional_of(status, value, "option is not a boolean").value_or(fallback) != 0;
  }
  // The elements of an array of strings; empty if absent.
  std::vector<std::string> texts(const std::string& pointer) const {
    std::uint32_t count = 0;
    std::vector<std::string> all;
    if (table().count(context_, pointer.c_str(), &count) != SHOAL_OK) return all;
    for (std::uint32_t i = 0; i < count; ++i)
      all.push_back(text(pointer + "/" + std::to_string(i)));
    return all;
  }

 private:
  const shoal_options& table() const {
    if (table_ == nullptr) throw Failure("this host has no options service", SHOAL_UNSUPPORTED);
    return *table_;
  }

  const shoal_options* table_;
  shoal_context* context_;
};

// A declared series. Cheap to copy; belongs to the context that declared it.
class Series {
 public:
  Series() = default;
  explicit Series(std::uint32_t handle) : handle_(handle) {}
  std::uint32_t handle() const { return handle_; }

 private:
  std::uint32_t handle_ = UINT32_MAX;
};

struct HttpRequest {
  std::string method = "GET";
  std::string url;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  std::uint32_t flags = 0;
  std::uint32_t timeout_ms = 0;
  std::uint32_t max_response_bytes = 0;
  std::string proxy;
  std::string ca_file;
};

struct HttpResponse {
  int status = 0;
  std::uint32_t retry_after_ms = 0;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
};

// The host, as one instance sees it. Its functions may be called from any thread.
class Context {
 public:
  explicit Context(const shoal_create& create)
      : host_(*create.host),
        context_(create.context),
        job_(view(create.job)),
        options_(host_, context_) {}

  const std::string& job() const { return job_; }
  const Options& options() const { return options_; }

  void log(std::uint32_t level, std::string_view message) const {
    host_.log(context_, level, shoal::text(message));
  }

  // Declares a series; declaring it again gives the same one. Throws Failure for a bad name.
  Series declare(std::uint32_t kind, std::string_view name, std::string_view unit,
                 const std::vector<std::pair<std::string, std::string>>& labels = {},
                 double per_seconds = 1) const {
    std::vector<shoal_label> raw;
    raw.reserve(labels.size());
    for (const auto& [key, value] : labels) raw.push_back({shoal::text(key), shoal::text(value)});
    const shoal_series series{
        sizeof(shoal_series),
        kind,
        shoal::text(name),
        shoal::text(unit),
        {raw.data(), static_cast<std::uint32_t>(raw.size()), sizeof(shoal_label)},
        per_seconds};
    std::uint32_t handle = 0;
    const auto status = host_.declare(context_, &series, &handle);
    if (status != SHOAL_OK) throw Failure("cannot declare series " + std::string(name), status);
    return Series(handle);
  }
  Series gauge(std::string_view name, std::string_view unit) const {
    return declare(SHOAL_GAUGE, name, unit);
  }
  Series counter(std::string_view name, std::string_view unit) const {
    return declare(SHOAL_COUNTER, name, unit);
  }
  Series interval(std::string_view name, std::string_view unit) const {
    return declare(SHOAL_INTERVAL, name, unit);
  }

  // Sends a request and waits for the answer, whatever its status. Throws Failure if there is none.
  HttpResponse http(const shoal_call& call, const HttpRequest& request) const {
    const auto* table = static_cast<const shoal_http*>(host_.service(&host_, SHOAL_SERVICE_HTTP));
    if (table == nullptr) throw Failure("this host has no http service", SHOAL_UNSUPPORTED);
    std::vector<shoal_label> headers;
    headers.reserve(request.headers.size());
    for (const auto& [key, value] : request.headers) {
      headers.push_back({shoal::text(key), shoal::text(value)});
    }
    const shoal_http_request raw{
        sizeof(shoal_http_request),
        request.flags,
        shoal::text(request.method),
        shoal::text(request.url),
        {headers.data(), static_cast<std::uint32_t>(headers.size()), sizeof(shoal_label)},
        shoal::text(request.body),
        request.timeout_ms,
        request.max_response_bytes,
        shoal::text(request.proxy),
        shoal::text(request.ca_file)};
    HttpResponse response;
    const auto status =
        table->request(context_, &call, &raw, &Context::receive_response, &response);
    if (status != SHOAL_OK) throw Failure(response.body, status);
    return response;
  }

  // The job's durable state.
  std::optional<std::string> state(std::string_view key) const {
    const auto* table = state_table();
    std::string value;
    const auto status = table->get(context_, shoal::text(key), &detail::assign_text, &value);
    return detail::optional_of(status, value, "cannot read state");
  }
  void set_state(std::string_view key, std::string_view value) const {
    const auto status = state_table()->put(context_, shoal::text(key), shoal::text(value));
    if (status != SHOAL_OK) throw Failure({}, status);
  }

  // The tables themselves, for what has no comfort here. NULL if this host has none.
  const void* service(const char* id) const { return host_.service(&host_, id); }
  const shoal_host& host() const { return host_; }
  shoal_context* raw() const { return context_; }

 private:
  static void SHOAL_CALL receive_response(void* user, const shoal_http_response* raw) {
    auto& response = *static_cast<HttpResponse*>(user);
    response.status = raw->status;
    response.retry_after_ms = raw->retry_after_ms;
    for (std::uint32_t i = 0; i < raw->headers.count; ++i) {
      const auto* header = SHOAL_AT(shoal_label, raw->headers, i);
      response.headers.emplace_back(view(header->key), view(header->value));
    }
    response.body.assign(raw->body.data, raw->body.size);
  }
  const shoal_state* state_table() const {
    const auto* table = static_cast<const shoal_state*>(host_.service(&host_, SHOAL_SERVICE_STATE));
    if (table == nullptr) throw Failure("this host keeps no state", SHOAL_UNSUPPORTED);
    return table;
  }

  const shoal_host& host_;
  shoal_context* context_;
  std::string job_;
  Options options_;
};

// One call of collect(), check() or deliver().
class Call {
 public:
  Call(const Context& context, const shoal_call& call) : context_(context), call_(call) {}

  std::int64_t scheduled_ns() const { return call_.scheduled_ns; }
  std::uint32_t attempt() const { return call_.attempt; }
  bool is_cancelled() const {
    return call_.cancel != nullptr && __atomic_load_n(call_.cancel, __ATOMIC_RELAXED) != 0;
  }
  HttpResponse http(const HttpRequest& request) const { return context_.http(call_, request); }
  const shoal_call& raw() const { return call_; }
  const Context& context() const { return context_; }

 private:
  const Context& context_;
  const shoal_call& call_;
};

// A round of a metric. Points are gathered and handed over together when the round ends, also when
// it ends in a Failure: what was read before it is kept.
class Round : public Call {
 public:
  using Call::Call;
  // `time_ns` 0: the round's scheduled time, or the start of the interval for counters and
  // intervals.
  void emit(Series series, double value, std::int64_t time_ns = 0) {
    points_.push_back({series.handle(), 0, time_ns, value});
  }
  const std::vector<shoal_point>& points() const { return points_; }

 private:
  std::vector<shoal_point> points_;
};

struct CheckVerdict {
  std::uint32_t status = SHOAL_CHECK_UNKNOWN;
  std::string text;
};

// One batch on its way out. Records not mentioned stay for a later try.
class Batch : public Call {
 public:
  Batch(const Context& context, const shoal_call& call, const shoal_batch& batch,
        shoal_delivery& delivery)
      : Call(context, call), batch_(batch), delivery_(delivery) {}

  std::uint32_t size() const { return batch_.records.count; }
  const shoal_record& operator[](std::uint32_t index) const {
    return *SHOAL_AT(shoal_record, batch_.records, index);
  }
  void deliver(std::uint32_t index) { delivery_.verdicts[index] = SHOAL_VERDICT_DELIVERED; }
  void reject(std::uint32_t index) { delivery_.verdicts[index] = SHOAL_VERDICT_REJECTED; }
  void deliver_all() {
    for (std::uint32_t i = 0; i < size(); ++i) deliver(i);
  }
  // The receiver's own wish before the next try.
  void retry_after_ms(std::uint32_t wait) { delivery_.retry_after_ms = wait; }
  // When the host should offer the next regular batch, Unix time in nanoseconds.
  void next_offer_ns(std::int64_t time) { delivery_.next_offer_ns = time; }

 private:
  const shoal_batch& batch_;
  shoal_delivery& delivery_;
};

// What all kinds share. Override what you need.
class Plugin {
 public:
  virtual ~Plugin() = default;
  virtual void start(const Call&) {}
  virtual void stop(const Call&) {}
};

class Metric : public Plugin {
 public:
  virtual void collect(Round& round) = 0;
};

class Check : public Plugin {
 public:
  virtual CheckVerdict check(Round& round) = 0;
};

class Output : public Plugin {
 public:
  virtual void deliver(Batch& batch) = 0;
};

namespace detail {

// The only place where exceptions end.
template <class Body>
shoal_status guarded(const shoal_host& host, shoal_context* context, Body&& body) noexcept {
  const auto explain = [&](std::string_view reason) {
    if (!reason.empty()) host.explain(context, text(reason));
  };
  try {
    body();
    return SHOAL_OK;
  } catch (const Failure& failure) {
    explain(failure.what());
    return failure.status();
  } catch (const std::bad_alloc&) {
    explain("out of memory");
  } catch (const std::exception& error) {
    explain(error.what());
  } catch (...) {
    explain("unknown exception");
  }
  return SHOAL_FAILED;
}

template <class T>
struct Adapter {
  struct Instance {
    explicit Instance(const shoal_create& create) : context(create), plugin(context) {}
    Context context;
    T plugin;
  };

  static Instance& self(shoal_instance* instance) { return *reinterpret_cast<Instance*>(instance); }

  template <class Body>
  static shoal_status guarded_call(shoal_instance* instance, Body&& body) noexcept {
    Context& context = self(instance).context;
    return guarded(context.host(), context.raw(), [&] { body(self(instance)); });
  }

  static shoal_status SHOAL_CALL create(const shoal_create* create, shoal_instance** instance) {
    return guarded(*create->host, create->context,
                   [&] { *instance = reinterpret_cast<shoal_instance*>(new Instance(*create)); });
  }
  static shoal_status SHOAL_CALL start(shoal_instance* instance, const shoal_call* call) {
    return guarded_call(instance,
                        [&](Instance& own) { own.plugin.start(Call(own.context, *call)); });
  }
  static shoal_status SHOAL_CALL stop(shoal_instance* instance, const shoal_call* call) {
    return guarded_call(instance,
                        [&](Instance& own) { own.plugin.stop(Call(own.context, *call)); });
  }
  static void SHOAL_CALL destroy(shoal_instance* instance) { delete &self(instance); }

  static shoal_status SHOAL_CALL collect(shoal_instance* instance, const shoal_call* call) {
    Instance& own = self(instance);
    Round round(own.context, *call);
    const auto status = guarded_call(instance, [&](Instance& it) { it.plugin.collect(round); });
    const auto emitted = emit(own, round);
    return status == SHOAL_OK ? emitted : status;
  }
  static shoal_status SHOAL_CALL check(shoal_instance* instance, const shoal_call* call) {
    return guarded_call(instance, [&](Instance& own) {
      Round round(own.context, *call);
      const CheckVerdict verdict = own.plugin.check(round);
      const shoal_check_report report{
          sizeof(shoal_check_report),
          verdict.status,
          text(verdict.text),
          {round.points().data(), static_cast<std::uint32_t>(round.points().size()),
           sizeof(shoal_point)}};
      const auto status = own.context.host().report(own.context.raw(), call, &report);
      if (status != SHOAL_OK) throw Failure({}, status);
    });
  }
  static shoal_status SHOAL_CALL deliver(shoal_instance* instance, const shoal_call* call,
                                         const shoal_batch* batch, shoal_delivery* delivery) {
    return guarded_call(instance, [&](Instance& own) {
      Batch offered(own.context, *call, *batch, *delivery);
      own.plugin.deliver(offered);
    });
  }

 private:
  static shoal_status emit(Instance& own, const Round& round) {
    if (round.points().empty()) return SHOAL_OK;
    return own.context.host().emit(own.context.raw(), &round.raw(), round.points().data(),
                                   round.points().size());
  }
};

template <class T>
const shoal_module* module() {
  using A = Adapter<T>;
  static const shoal_plugin plugin = [] {
    shoal_plugin made{sizeof(shoal_plugin), 0,       &A::create, &A::start, &A::stop,
                      &A::destroy,          nullptr, nullptr,    nullptr};
    if constexpr (std::is_base_of_v<Metric, T>) {
      static const shoal_metric metric{sizeof(shoal_metric), 0, &A::collect};
      made.metric = &metric;
    } else if constexpr (std::is_base_of_v<Check, T>) {
      static const shoal_check check{sizeof(shoal_check), 0, &A::check};
      made.check = &check;
    } else {
      static_assert(std::is_base_of_v<Output, T>,
                    "a plugin derives from shoal::Metric, shoal::Check or shoal::Output");
      static const shoal_output output{sizeof(shoal_output), 0, &A::deliver};
      made.output = &output;
    }
    return made;
  }();
  static const shoal_module module{sizeof(shoal_module), SHOAL_ABI_MAJOR, SHOAL_ABI_MINOR, 0,
                                   &plugin};
  return &module;
}

}  // namespace detail
}  // namespace shoal

// The one exported function. T is constructed from a shoal::Context&; throw from the constructor to
// refuse the options.
#define SHOAL_PLUGIN(T)                                                      \
  extern "C" SHOAL_EXPORT const shoal_module* SHOAL_CALL shoal_module_v1() { \
    return ::shoal::detail::module<T>();                                     \
  }
