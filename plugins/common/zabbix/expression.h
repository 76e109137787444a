// A condition over the values of items: numbers, $1 to $9 and on, + - * / %, comparisons, && || !,
// parentheses; and $1 == "text". Everything is a number, true is 1. Immutable; safe from any
// thread.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/zabbix/answer.h"

namespace shoal::zabbix {

class Expression {
 public:
  // Throws shoal::Failure (SHOAL_CONFIG) with the option's name, what was expected and where, if
  // `text` is none, or names more items than there are.
  static Expression parse(const std::string& option, const std::string& text, std::size_t items);

  struct Verdict {
    std::optional<bool> is_true;  // nothing: it cannot be told, for this reason:
    std::string fault;
  };
  // `values` are as many as parse() was told. What && and || leave out is not looked at.
  Verdict judge(const std::vector<Answer>& values) const;

  const std::string& text() const { return text_; }

  struct Node;

 private:
  Expression(std::string text, std::shared_ptr<const Node> root)
      : text_(std::move(text)), root_(std::move(root)) {}

  std::string text_;
  std::shared_ptr<const Node> root_;
};

}  // namespace shoal::zabbix
