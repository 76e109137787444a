#include "conformance/host.h"

#include <thread>

#include "conformance/http_checks.h"
#include "conformance/service_functions.h"

namespace shoal::conformance {
namespace {

Host* the_present = nullptr;

// Each function finds its context first; a bad one has been said by then.
template <class Body>
shoal_status with_context(shoal_context* handle, std::string_view function, Body&& body) noexcept {
  Context* const context = Context::find(Host::present().trial(), handle, function);
  if (context == nullptr) return SHOAL_CANCELLED;
  if (const auto failure = Host::present().next_failure(*context)) return *failure;
  return body(*context);
}

void SHOAL_CALL write_log(shoal_context* handle, std::uint32_t level, shoal_text message) noexcept {
  auto* const context = Context::find(Host::present().trial(), handle, "log()");
  if (context != nullptr) context->log(level, message);
}

void SHOAL_CALL explain(shoal_context* handle, shoal_text reason) noexcept {
  auto* const context = Context::find(Host::present().trial(), handle, "explain()");
  if (context != nullptr) context->explain(reason);
}

shoal_status SHOAL_CALL declare(shoal_context* handle, const shoal_series* series,
                                std::uint32_t* number) noexcept {
  return with_context(handle, "declare()",
                      [&](Context& context) { return context.declare(series, number); });
}

shoal_status SHOAL_CALL emit(shoal_context* handle, const shoal_call* call,
                             const shoal_point* points, std::size_t count) noexcept {
  return with_context(handle, "emit()",
                      [&](Context& context) { return context.emit(call, points, count); });
}

shoal_status SHOAL_CALL report(shoal_context* handle, const shoal_call* call,
                               const shoal_check_report* report) noexcept {
  return with_context(handle, "report()",
                      [&](Context& context) { return context.report(call, report); });
}

// A few for what comes with the text, and their guard pages.
std::size_t pages_for(std::string_view text) {
  return text.size() / 4096 + 32;
}

std::int64_t steady_now() {
  return SystemClock().steady().time_since_epoch().count();
}

}  // namespace

Host::Host(Trial& trial, HostSettings settings)
    : trial_(trial), settings_(std::move(settings)), memory_(64) {
  the_present = this;
  const auto size = static_cast<std::uint32_t>(sizeof(shoal_host) + settings_.filler);
  table_ = memory_.put(shoal_host{size, SHOAL_ABI_MINOR + (settings_.filler > 0 ? 1U : 0U),
                                  &Host::service, &write_log, &explain, &declare, &emit, &report},
                       settings_.filler);
  add_services();
  memory_.seal();
}

Host::~Host() {
  the_present = nullptr;
}

Host& Host::present() {
  return *the_present;
}

Context& Host::make_context(const std::string& job, const std::string& options_json) {
  return *new Context(trial_, job, options_json);  // NOLINT: kept for ever, as its class says
}

void Host::fail_call(int number, shoal_status status) {
  calls_ = 0;
  failing_call_ = number;
  failure_ = status;
}

std::optional<shoal_status> Host::next_failure(Context& context) {
  const int number = ++calls_;
  const int failing = failing_call_;
  if (failing != number && failing != -1) return std::nullopt;
  context.explained_by_host();
  return failure_.load();
}

// ---- services ----

template <class Table>
void Host::add_service(const char* id, Table table) {
  if (settings_.absent.count(id) > 0) return;
  table.size += static_cast<std::uint32_t>(settings_.filler);
  services_[id] = memory_.put(table, settings_.filler);
}

void Host::add_services() {
  add_service(SHOAL_SERVICE_OPTIONS, ServiceFunctions::options());
  add_service(SHOAL_SERVICE_CLOCK, ServiceFunctions::clock());
  add_service(SHOAL_SERVICE_STATE, ServiceFunctions::state());
  add_service(SHOAL_SERVICE_HTTP, ServiceFunctions::http());
  add_service(SHOAL_SERVICE_IDENTITY, ServiceFunctions::identity());
}

const void* SHOAL_CALL Host::service(const shoal_host* host, const char* id) noexcept {
  if (host != present().table_) {
    present().trial_.find(Rule::host_context, "service() was called with another host table");
  }
  if (id == nullptr) {
    present().trial_.find(Rule::host_context, "service() was asked for the id NULL");
    return nullptr;
  }
  return present().find_service(id);
}

const void* Host::find_service(std::string_view id) {
  const auto found = services_.find(id);
  return found == services_.end() ? nullptr : found->second;
}

void Host::take_away(std::unique_ptr<LentMemory> lent) {
  constexpr std::size_t kept = 8;
  lent->revoke();
  const std::lock_guard lock(mutex_);
  taken_.push_back(std::move(lent));
  if (taken_.size() > kept) taken_.pop_front();
}

void Host::hand_over(std::string_view text, shoal_receive_text receive, void* user) {
  auto lent = std::make_unique<LentMemory>(pages_for(text));
  const auto copy = lent->text(text);
  lent->seal();
  receive(user, copy);
  take_away(std::move(lent));
}

// ---- http ----

shoal_status Host::wait_in_vain(const shoal_call* call) const {
  for (;;) {
    if (call != nullptr && call->cancel != nullptr &&
        __atomic_load_n(call->cancel, __ATOMIC_RELAXED) != 0) {
      return SHOAL_CANCELLED;
    }
    if (call == nullptr || steady_now() >= call->deadline_ns) return SHOAL_DEADLINE;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

shoal_status Host::request(Context& context, const shoal_call* call,
                           const shoal_http_request* request, shoal_receive_response receive,
                           void* user) {
  if (call != nullptr) context.check_call(call, "http request()");
  switch (judge_request(context, request, receive)) {
    case RequestFault::none:
      break;
    case RequestFault::unreadable:
      return SHOAL_BUG;
    case RequestFault::refused:
      context.explained_by_host();
      return SHOAL_CONFIG;
  }
  auto outcome = answer.is_slow ? wait_in_vain(call) : answer.outcome;
  const bool is_late = call != nullptr && steady_now() >= call->deadline_ns;
  if (outcome == SHOAL_OK && is_late) outcome = SHOAL_DEADLINE;
  context.requested(outcome == SHOAL_OK, outcome == SHOAL_OK && answer.status / 100 == 2);
  if (outcome == SHOAL_OK) {
    hand_over(answer, receive, user);
  } else {
    context.explained_by_host();
    hand_over({.status = 0, .body = "tester: no answer"}, receive, user);
  }
  return outcome;
}

void Host::hand_over(const HttpAnswer& answer, shoal_receive_response receive, void* user) {
  auto memory = std::make_unique<LentMemory>(pages_for(answer.body), Rule::http_answer_kept);
  auto& lent = *memory;
  auto* const headers = static_cast<shoal_label*>(
      lent.allocate(2 * sizeof(shoal_label), alignof(shoal_label), Rule::size_stride));
  headers[0] = {lent.text("Content-Type"), lent.text("application/json")};
  headers[1] = {lent.text("X-Empty"), lent.text("")};
  const shoal_http_response response{
      static_cast<std::uint32_t>(sizeof(shoal_http_response) + settings_.filler),
      answer.status,
      answer.retry_after_ms,
      0,
      {headers, 2, sizeof(shoal_label)},
      lent.text(answer.body)};
  const auto* const handed = lent.put(response, settings_.filler);
  lent.seal();
  receive(user, handed);
  take_away(std::move(memory));
}

// ---- state ----

shoal_status Host::get_state(Context&, const std::string& key, shoal_receive_text receive,
                             void* user) {
  std::string value;
  {
    const std::lock_guard lock(mutex_);
    const auto found = state_.find(key);
    if (found == state_.end()) return SHOAL_NOTHING;
    value = found->second;
  }
  hand_over(value, receive, user);
  return SHOAL_OK;
}

shoal_status Host::put_state(Context& context, const std::string& key, const std::string& value) {
  constexpr std::size_t longest_key = 200;
  constexpr std::size_t quota = 1 << 20;
  const std::lock_guard lock(mutex_);
  std::size_t size = key.size() + value.size();
  for (const auto& [known, text] : state_) {
    if (known != key) size += known.size() + text.size();
  }
  if (key.empty() || key.size() > longest_key || size > quota) {
    trial_.find(Rule::state_use, "put() of a key of {} bytes and a value of {} bytes, {} in all",
                key.size(), value.size(), size);
    context.explained_by_host();
    return SHOAL_FAILED;
  }
  state_[key] = value;
  return SHOAL_OK;
}

shoal_status Host::remove_state(Context&, const std::string& key) {
  const std::lock_guard lock(mutex_);
  state_.erase(key);
  return SHOAL_OK;
}

void Host::forget_state() {
  const std::lock_guard lock(mutex_);
  state_.clear();
  host_id_.clear();
}

std::string Host::host_id() {
  const std::lock_guard lock(mutex_);
  return host_id_;
}

void Host::set_host_id(std::string id) {
  const std::lock_guard lock(mutex_);
  host_id_ = std::move(id);
}

}  // namespace shoal::conformance
