// An instance's checked options, as "shoal.options/1" hands them out: single values by JSON
// pointer. Immutable, so safe from any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace shoal::plugin {

class OptionValues {
 public:
  // `json` is what check_options() made.
  explicit OptionValues(std::string_view json);
  ~OptionValues();
  OptionValues(const OptionValues&) = delete;
  OptionValues& operator=(const OptionValues&) = delete;

  // Each throws Error, "option POINTER: expected ..., got ...", when the value is of another type.
  // The text stays where it is as long as this.
  std::optional<std::string_view> text(std::string_view pointer) const;
  std::optional<std::int64_t> integer(std::string_view pointer) const;
  std::optional<double> number(std::string_view pointer) const;
  std::optional<bool> boolean(std::string_view pointer) const;
  // Elements of an array or members of an object.
  std::optional<std::uint32_t> count(std::string_view pointer) const;

 private:
  struct Tree;
  std::unique_ptr<const Tree> tree_;
};

}  // namespace shoal::plugin
