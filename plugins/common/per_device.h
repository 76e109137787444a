// Series of devices that come and go: declared at first sight, then found by the device's label.
// Two devices may get one label (eth0.1 and eth0_1); the first to claim it in a round has it. Not
// thread-safe; belongs to one instance.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include <shoal/plugin.hpp>

namespace shoal::common {

// `Declared` is constructed from (Context&, label) and holds the device's series. Its names are the
// label and at most `Declared::name_bytes` more bytes.
template <class Declared>
class PerDevice {
 public:
  explicit PerDevice(Context& context) : context_(context) {}

  void begin_round() { ++round_; }

  // The series of `label`; NULL if it was claimed before in this round, or makes no metric name
  // (said once in the log).
  const Declared* claim(std::string_view label) {
    auto found = devices_.find(label);
    if (found == devices_.end()) {
      if (!makes_a_name(label)) return nullptr;
      found = devices_.emplace(label, Device{Declared(context_, label), 0}).first;
    }
    Device& device = found->second;
    if (device.claimed_in == round_) return nullptr;
    device.claimed_in = round_;
    return &device.declared;
  }

 private:
  struct Device {
    Declared declared;
    std::uint64_t claimed_in;
  };
  static constexpr std::size_t longest_name = 200;

  bool makes_a_name(std::string_view label) {
    const bool fits = !label.empty() && label.size() + Declared::name_bytes <= longest_name;
    if (!fits && !has_complained_) {
      has_complained_ = true;
      context_.log(SHOAL_LOG_WARNING, "left out a device whose name makes no metric name: \"" +
                                          std::string(label) + "\"");
    }
    return fits;
  }

  Context& context_;
  std::map<std::string, Device, std::less<>> devices_;
  std::uint64_t round_ = 0;
  bool has_complained_ = false;
};

}  // namespace shoal::common
