// The members of one JSON object, each asked for as the type it must have, and the JSON of types
// that more than one message has. Not thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "plugin/http.h"
#include "plugin/wire/messages.h"
#include "record/record.h"

namespace shoal::plugin::wire {

// One object of a message; `where` is put before each fault ("done: samples"). Absent members give
// empty values, unless they are asked for by a function that says needs. Every function throws
// WireError for a member of another type.
class Fields {
 public:
  Fields(const nlohmann::json& object, std::string where);

  std::string text(const char* name) const;
  std::string needs_text(const char* name) const;
  // As NAME, or as base64 under NAME_base64.
  std::string bytes(const char* name) const;
  std::uint64_t number(const char* name, std::uint64_t fallback = 0) const;
  std::uint64_t needs_number(const char* name) const;
  std::int64_t time_ns(const char* name) const;
  double real(const char* name, double fallback) const;
  double needs_real(const char* name) const;
  bool boolean(const char* name, bool fallback) const;
  // The elements of an array; none if it is absent.
  const std::vector<nlohmann::json>& list(const char* name) const;
  // A list of pairs of text.
  std::vector<record::Label> labels(const char* name) const;
  // One of `names`, by its place in the list.
  template <class Names>
  std::optional<std::size_t> choice(const char* name, const Names& names) const {
    const auto found = find_text(name);
    if (!found) return std::nullopt;
    std::string known;
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (*found == names[i]) return i;
      known += (known.empty() ? "" : ", ") + std::string(names[i]);
    }
    fail(name, "expected one of " + known + ", got \"" + found->substr(0, 40) + "\"");
  }
  bool has(const char* name) const;
  [[noreturn]] void fail(const char* name, const std::string& fault) const;

 private:
  const nlohmann::json* find(const char* name) const;
  std::optional<std::string> find_text(const char* name) const;

  const nlohmann::json& object_;
  const std::string where_;
};

// Throws WireError if it is not one JSON object.
nlohmann::json parse_object(std::string_view json);
// Bytes that are not UTF-8 are replaced.
std::string to_text(const nlohmann::json& json);

void put_bytes(nlohmann::json& object, const std::string& name, std::string_view bytes);
nlohmann::json labels_json(const std::vector<record::Label>& labels);

nlohmann::json record_json(const record::Record& record);
// A kind that is not known throws too: the agent offers only what is accepted.
record::Record parse_record(const nlohmann::json& json);

}  // namespace shoal::plugin::wire
