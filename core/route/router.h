// Which outputs get a record. Knows outputs by their place in a list only. Immutable after
// construction, so safe from any thread.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "record/record.h"
#include "route/matcher.h"

namespace shoal::route {

// A set of record kinds.
class Kinds {
 public:
  constexpr Kinds() = default;
  constexpr Kinds(std::initializer_list<record::Kind> kinds) {
    for (const record::Kind kind : kinds) bits_ |= bit(kind);
  }
  static constexpr Kinds all() { return Kinds(~0U); }

  constexpr bool has(record::Kind kind) const { return (bits_ & bit(kind)) != 0; }
  constexpr void add(record::Kind kind) { bits_ |= bit(kind); }

 private:
  constexpr explicit Kinds(unsigned bits) : bits_(bits) {}
  static constexpr unsigned bit(record::Kind kind) { return 1U << static_cast<unsigned>(kind); }

  unsigned bits_ = 0;
};

struct Destination {
  Kinds accepts;                                  // what the output can take at all
  std::optional<std::vector<std::string>> match;  // what its section asks for
  Kinds by_default = Kinds::all();                // of what it accepts, without a match
};

// Bit i stands for the i-th destination.
using Mask = std::uint64_t;

class Router {
 public:
  // At most 64 destinations; configuration has seen to that.
  explicit Router(const std::vector<Destination>& destinations);

  Mask route(const record::Record& record) const;
  // For a record whose route key is at hand.
  Mask route(record::Kind kind, std::string_view route_key) const;

 private:
  struct Choice {
    Mask bit;
    Matcher matcher;
  };
  struct OfKind {
    Mask always = 0;
    std::vector<Choice> choices;  // who looks at the key
  };
  const OfKind& of(record::Kind kind) const { return kinds_[static_cast<std::size_t>(kind)]; }

  std::array<OfKind, std::variant_size_v<record::Record>> kinds_;
};

}  // namespace shoal::route
