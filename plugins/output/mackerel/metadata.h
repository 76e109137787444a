// Puts the metadata of a batch: of each namespace only the newest value, and only if it is another
// than the one the API has. For the thread of the call.
#pragma once

#include <map>
#include <string>

#include "account.h"

namespace shoal::mackerel {

class Metadata {
 public:
  explicit Metadata(const Context& context);

  // What the API does not take now stays for later.
  void put(Account& account, Batch& batch);

 private:
  void put_one(Account& account, Batch& batch, std::uint32_t index);
  bool is_known(const std::string& file, std::string_view json);
  void remember(const std::string& file, std::string_view json);

  const Context& context_;
  std::string other_output_;                 // its name, unless it is the first
  std::map<std::string, std::string> sent_;  // the last value, by file
};

// Why the API would refuse it; empty if it would not.
std::string metadata_fault(std::string_view name, std::string_view json, std::size_t number);

// Whether two JSON texts say the same: numbers as doubles, members in any order. Text that is no
// JSON counts as null, as does nothing at all.
bool is_same_json(std::string_view a, std::string_view b);

}  // namespace shoal::mackerel
