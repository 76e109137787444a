// A plugin linked into the test, run against the smallest host that can be: options from a map,
// what was emitted by series name, and services that do as the test says. Not thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <shoal/plugin.hpp>

namespace shoal::test {

class PluginFixture {
 public:
  using Value = std::variant<std::string, bool, std::vector<std::string>, std::int64_t, double>;
  using OptionMap = std::map<std::string, Value>;

  // `options_json` is for plugins that read their options whole.
  explicit PluginFixture(OptionMap options = {}, const std::string& options_json = "{}")
      : options_(flattened(options)) {
    host_.size = sizeof(host_);
    host_.service = &service;
    host_.log = [](shoal_context* self, uint32_t, shoal_text message) {
      of(self).logged.emplace_back(view(message));
    };
    host_.explain = [](shoal_context* self, shoal_text reason) { of(self).reason = view(reason); };
    host_.declare = &declare;
    host_.emit = &emit;
    host_.report = &report;
    const shoal_create create{sizeof(shoal_create), 0, &host_, context(), text("check:probe 1"),
                              text(options_json)};
    create_status = plugin().create(&create, &instance_);
  }
  PluginFixture(const PluginFixture&) = delete;
  PluginFixture& operator=(const PluginFixture&) = delete;
  ~PluginFixture() {
    if (instance_ != nullptr) plugin().destroy(instance_);
  }

  // One round; what it emitted is in `emitted`, which starts empty.
  shoal_status collect() {
    emitted.clear();
    reason.clear();
    const shoal_call call{sizeof(shoal_call), 1, 0, unix_ns + 30'000'000'000, nullptr};
    return plugin().metric->collect(instance_, &call);
  }

  // One round of a check; its verdict. A failing status makes it UNKNOWN with the reason.
  CheckVerdict check() {
    emitted.clear();
    reason.clear();
    verdict_ = {SHOAL_CHECK_UNKNOWN, "the check reported nothing"};
    const shoal_call call{sizeof(shoal_call), 1, unix_ns, unix_ns + 30'000'000'000, nullptr};
    if (plugin().check->check(instance_, &call) != SHOAL_OK) {
      verdict_ = {SHOAL_CHECK_UNKNOWN, reason};
    }
    return verdict_;
  }

  shoal_status start() {
    reason.clear();
    const shoal_call call{sizeof(shoal_call), 1, 0, 0, nullptr};
    return plugin().start(instance_, &call);
  }
  shoal_status stop() {
    reason.clear();
    const shoal_call call{sizeof(shoal_call), 1, 0, 0, nullptr};
    return plugin().stop(instance_, &call);
  }

  // One offer of records; the verdicts are as the plugin left them.
  std::pair<shoal_status, std::vector<std::uint8_t>> deliver(
      const std::vector<shoal_record>& records) {
    std::vector<std::uint8_t> verdicts(records.size(), SHOAL_VERDICT_RETRY);
    const shoal_call call{sizeof(shoal_call), 1, 0, 0, nullptr};
    const shoal_batch batch{
        sizeof(shoal_batch),
        0,
        {records.data(), static_cast<std::uint32_t>(records.size()), sizeof(shoal_record)}};
    reason.clear();
    delivery = {sizeof(shoal_delivery), 0, verdicts.data(), 0};
    const auto status = plugin().output->deliver(instance_, &call, &batch, &delivery);
    return {status, verdicts};
  }

  shoal_status create_status = SHOAL_FAILED;
  std::map<std::string, double> emitted;       // labels behind the name: count{pattern=x}
  std::map<std::string, std::uint32_t> kinds;  // of all series declared
  std::map<std::string, std::string> units;
  std::vector<std::string> logged;
  std::string reason;
  shoal_delivery delivery{};  // of the last offer

  // What the services answer. `http` may throw Failure: no answer.
  std::function<HttpResponse(const HttpRequest&)> http;
  std::map<std::string, std::string> state;
  std::int64_t unix_ns = 1'800'000'000'000'000'000;
  std::string host_name = "host.test";
  std::string host_id;  // empty: none yet
  std::string host_spec = "{}";
  std::string jobs = "[]";

 private:
  using Texts = std::map<std::string, Value>;

  static const shoal_plugin& plugin() { return *shoal_module_v1()->plugin; }
  static PluginFixture& of(shoal_context* self) { return *reinterpret_cast<PluginFixture*>(self); }
  shoal_context* context() { return reinterpret_cast<shoal_context*>(this); }

  static Texts flattened(const OptionMap& options) {
    Texts flat;
    for (const auto& [name, value] : options) {
      flat.emplace("/" + name, value);
      if (const auto* all = std::get_if<std::vector<std::string>>(&value)) {
        for (std::size_t i = 0; i < all->size(); ++i) {
          flat.emplace("/" + name + "/" + std::to_string(i), (*all)[i]);
        }
      }
    }
    return flat;
  }

  template <class T>
  static const T* find(shoal_context* self, const char* pointer) {
    const auto found = of(self).options_.find(pointer);
    return found == of(self).options_.end() ? nullptr : std::get_if<T>(&found->second);
  }

  static const void* service(const shoal_host*, const char* id) {
    static const shoal_options options{
        sizeof(shoal_options),
        0,
        [](shoal_context* self, const char* pointer, shoal_text* value) -> shoal_status {
          const auto* found = find<std::string>(self, pointer);
          if (found == nullptr) return SHOAL_NOTHING;
          *value = text(*found);
          return SHOAL_OK;
        },
        [](shoal_context* self, const char* pointer, int64_t* value) -> shoal_status {
          const auto* found = find<std::int64_t>(self, pointer);
          if (found == nullptr) return SHOAL_NOTHING;
          *value = *found;
          return SHOAL_OK;
        },
        [](shoal_context* self, const char* pointer, double* value) -> shoal_status {
          const auto* found = find<double>(self, pointer);
          if (found == nullptr) return SHOAL_NOTHING;
          *value = *found;
          return SHOAL_OK;
        },
        [](shoal_context* self, const char* pointer, uint32_t* value) -> shoal_status {
          const auto* found = find<bool>(self, pointer);
          if (found == nullptr) return SHOAL_NOTHING;
          *value = *found ? 1 : 0;
          return SHOAL_OK;
        },
        [](shoal_context* self, const char* pointer, uint32_t* count) -> shoal_status {
          const auto* found = find<std::vector<std::string>>(self, pointer);
          if (found == nullptr) return SHOAL_NOTHING;
          *count = static_cast<uint32_t>(found->size());
          return SHOAL_OK;
        }};
    const std::string_view name(id);
    if (name == SHOAL_SERVICE_OPTIONS) return &options;
    if (name == SHOAL_SERVICE_CLOCK) return clock_service();
    if (name == SHOAL_SERVICE_STATE) return state_service();
    if (name == SHOAL_SERVICE_HTTP) return http_service();
    if (name == SHOAL_SERVICE_IDENTITY) return identity_service();
    return nullptr;
  }

  static const void* clock_service() {
    static const shoal_clock clock{sizeof(shoal_clock), 0,
                                   [](shoal_context* self) { return of(self).unix_ns; },
                                   [](shoal_context* self) { return of(self).unix_ns; }};
    return &clock;
  }

  static const void* state_service() {
    static const shoal_state table{
        sizeof(shoal_state), 0,
        [](shoal_context* self, shoal_text key, shoal_receive_text receive,
           void* user) -> shoal_status {
          const auto found = of(self).state.find(std::string(view(key)));
          if (found == of(self).state.end()) return SHOAL_NOTHING;
          receive(user, text(found->second));
          return SHOAL_OK;
        },
        [](shoal_context* self, shoal_text key, shoal_text value) -> shoal_status {
          of(self).state[std::string(view(key))] = view(value);
          return SHOAL_OK;
        },
        [](shoal_context* self, shoal_text key) -> shoal_status {
          of(self).state.erase(std::string(view(key)));
          return SHOAL_OK;
        }};
    return &table;
  }

  static const void* http_service() {
    static const shoal_http table{
        sizeof(shoal_http), 0,
        [](shoal_context* self, const shoal_call*, const shoal_http_request* raw,
           shoal_receive_response receive, void* user) -> shoal_status {
          HttpRequest request{std::string(view(raw->method)),
                              std::string(view(raw->url)),
                              {},
                              std::string(view(raw->body)),
                              raw->flags};
          for (std::uint32_t i = 0; i < raw->headers.count; ++i) {
            const auto* header = SHOAL_AT(shoal_label, raw->headers, i);
            request.headers.emplace_back(view(header->key), view(header->value));
          }
          try {
            hand_over(of(self).http(request), receive, user);
            return SHOAL_OK;
          } catch (const Failure& failure) {
            of(self).reason = failure.what();
            hand_over({0, 0, {}, failure.what()}, receive, user);
            return failure.status();
          }
        }};
    return &table;
  }

  static void hand_over(const HttpResponse& response, shoal_receive_response receive, void* user) {
    std::vector<shoal_label> headers;
    for (const auto& [key, value] : response.headers) headers.push_back({text(key), text(value)});
    const shoal_http_response answer{
        sizeof(shoal_http_response),
        response.status,
        response.retry_after_ms,
        0,
        {headers.data(), static_cast<std::uint32_t>(headers.size()), sizeof(shoal_label)},
        text(response.body)};
    receive(user, &answer);
  }

  template <std::string PluginFixture::*member>
  static shoal_status tell(shoal_context* self, shoal_receive_text receive, void* user) {
    const auto& value = of(self).*member;
    if (value.empty()) return SHOAL_NOTHING;
    receive(user, text(value));
    return SHOAL_OK;
  }

  static const void* identity_service() {
    static const shoal_identity identity{sizeof(shoal_identity),
                                         0,
                                         &tell<&PluginFixture::host_name>,
                                         &tell<&PluginFixture::host_id>,
                                         [](shoal_context* self, shoal_text id) -> shoal_status {
                                           of(self).host_id = view(id);
                                           return SHOAL_OK;
                                         },
                                         &tell<&PluginFixture::host_spec>,
                                         &tell<&PluginFixture::jobs>};
    return &identity;
  }

  static shoal_status declare(shoal_context* self, const shoal_series* series, uint32_t* handle) {
    auto& own = of(self);
    std::string name(view(series->name));
    for (std::uint32_t i = 0; i < series->labels.count; ++i) {
      const auto* label = SHOAL_AT(shoal_label, series->labels, i);
      name += "{" + std::string(view(label->key)) + "=" + std::string(view(label->value)) + "}";
    }
    const auto known = own.handles_.emplace(name, static_cast<uint32_t>(own.names_.size()));
    if (known.second) own.names_.push_back(name);
    own.kinds[name] = series->kind;
    own.units[name] = view(series->unit);
    *handle = known.first->second;
    return SHOAL_OK;
  }

  static shoal_status emit(shoal_context* self, const shoal_call*, const shoal_point* points,
                           size_t count) {
    auto& own = of(self);
    for (size_t i = 0; i < count; ++i)
      own.emitted[own.names_.at(points[i].series)] = points[i].value;
    return SHOAL_OK;
  }

  static shoal_status report(shoal_context* self, const shoal_call* call,
                             const shoal_check_report* report) {
    of(self).verdict_ = {report->status, std::string(view(report->text))};
    return emit(self, call, static_cast<const shoal_point*>(report->points.data),
                report->points.count);
  }

  CheckVerdict verdict_;
  shoal_host host_{};
  shoal_instance* instance_ = nullptr;
  Texts options_;
  std::map<std::string, uint32_t> handles_;
  std::vector<std::string> names_;
};

}  // namespace shoal::test
