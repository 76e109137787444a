// A host that is built for tests straight from the SDK's headers: its tables may claim to be larger
// than they are today, its functions fail when they are told to, services may be absent. Its tables
// are read-only and end at a page that nobody can touch. One for a process; thread-safe.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>

#include <shoal/plugin.h>
#include <shoal/services.h>

#include "conformance/context.h"
#include "conformance/lent_memory.h"

namespace shoal::conformance {

// What the network says to every request.
struct HttpAnswer {
  shoal_status outcome = SHOAL_OK;
  std::int32_t status = 200;
  std::uint32_t retry_after_ms = 0;
  std::string body = "{}";
  bool is_slow = false;  // nothing comes until the call is cancelled or its deadline is there
};

struct HostSettings {
  std::size_t filler = 0;  // bytes that tables and structs claim beyond what the header has
  std::set<std::string, std::less<>> absent;  // services
};

class Host {
 public:
  Host(Trial& trial, HostSettings settings = {});
  ~Host();
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;

  const shoal_host* table() const { return table_; }
  std::size_t filler() const { return settings_.filler; }
  Trial& trial() const { return trial_; }

  // A new context, kept for ever.
  Context& make_context(const std::string& job, const std::string& options_json);

  // The `number`th call from now on of a function that can fail does; 0: none does. -1: all do.
  void fail_call(int number, shoal_status status);
  // How many such calls there were since.
  int calls() const { return calls_; }
  HttpAnswer answer;
  std::chrono::nanoseconds wall_offset{0};

  // ---- for the tables' functions ----

  static Host& present();
  // The status with which a call fails now, if it does.
  std::optional<shoal_status> next_failure(Context& context);
  shoal_status request(Context& context, const shoal_call* call, const shoal_http_request* request,
                       shoal_receive_response receive, void* user);
  shoal_status get_state(Context& context, const std::string& key, shoal_receive_text receive,
                         void* user);
  shoal_status put_state(Context& context, const std::string& key, const std::string& value);
  shoal_status remove_state(Context& context, const std::string& key);
  // Text that is taken away as soon as `receive` returns.
  void hand_over(std::string_view text, shoal_receive_text receive, void* user);
  void forget_state();
  std::string host_id();
  void set_host_id(std::string id);

 private:
  static const void* SHOAL_CALL service(const shoal_host* host, const char* id) noexcept;
  const void* find_service(std::string_view id);
  template <class Table>
  void add_service(const char* id, Table table);
  void add_services();
  shoal_status wait_in_vain(const shoal_call* call) const;
  // Memory of an answer that was given: kept for a while, so that a late touch is known for what it
  // is.
  void take_away(std::unique_ptr<LentMemory> lent);
  void hand_over(const HttpAnswer& answer, shoal_receive_response receive, void* user);

  Trial& trial_;
  const HostSettings settings_;
  LentMemory memory_;
  const shoal_host* table_ = nullptr;
  std::map<std::string, const void*, std::less<>> services_;
  std::atomic<int> calls_{0};
  std::atomic<int> failing_call_{0};
  std::atomic<shoal_status> failure_{SHOAL_FAILED};
  std::mutex mutex_;
  std::deque<std::unique_ptr<LentMemory>> taken_;
  std::map<std::string, std::string> state_;
  std::string host_id_;
};

}  // namespace shoal::conformance
