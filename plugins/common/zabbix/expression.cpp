#include "common/zabbix/expression.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <system_error>
#include <utility>

#include <shoal/plugin.hpp>

#include "common/words.h"

namespace shoal::zabbix {
namespace {

enum class Operation : std::uint8_t {
  number,
  item,
  text,
  same_text,
  other_text,
  negative,
  negation,
  either,
  both,
  equal,
  unequal,
  at_most,
  at_least,
  less,
  more,
  sum,
  difference,
  product,
  quotient,
  remainder,
};

struct Sign {
  std::string_view text;
  Operation operation;
};
// Of two that begin alike the longer one comes first.
constexpr std::array<Sign, 6> comparisons{{{"==", Operation::equal},
                                           {"!=", Operation::unequal},
                                           {"<=", Operation::at_most},
                                           {">=", Operation::at_least},
                                           {"<", Operation::less},
                                           {">", Operation::more}}};
constexpr std::array<Sign, 2> sums{{{"+", Operation::sum}, {"-", Operation::difference}}};
constexpr std::array<Sign, 3> products{
    {{"*", Operation::product}, {"/", Operation::quotient}, {"%", Operation::remainder}}};

}  // namespace

struct Expression::Node {
  Operation operation = Operation::number;
  double number = 0;
  std::size_t item = 0;
  std::string text;
  std::unique_ptr<Node> left;
  std::unique_ptr<Node> right;
};

namespace {

using Node = Expression::Node;
using NodePointer = std::unique_ptr<Node>;

// Both bound the depth of the tree, which is walked by recursion.
constexpr std::size_t longest = 1000;
constexpr int deepest = 50;

NodePointer joined(Operation operation, NodePointer left, NodePointer right = nullptr) {
  auto node = std::make_unique<Node>();
  node->operation = operation;
  node->left = std::move(left);
  node->right = std::move(right);
  return node;
}

class Parser {
 public:
  Parser(const std::string& option, std::string_view text, std::size_t items)
      : option_(option), text_(text), items_(items) {}

  NodePointer parse() {
    if (text_.size() > longest) {
      refuse("at most " + std::to_string(longest) + " bytes", std::to_string(text_.size()));
    }
    auto root = either();
    skip_blanks();
    if (at_ < text_.size()) refuse_here("an operator or the end");
    return root;
  }

 private:
  [[noreturn]] void refuse(const std::string& expected, const std::string& found) const {
    throw Failure("option " + option_ + ": expected " + expected + ", found " + found,
                  SHOAL_CONFIG);
  }
  [[noreturn]] void refuse_here(const std::string& expected) const {
    refuse(expected + " at character " + std::to_string(at_ + 1),
           at_ < text_.size() ? common::quoted(text_.substr(at_, 10)) : "the end");
  }

  void skip_blanks() {
    while (at_ < text_.size() && std::string_view(" \t\r\n").find(text_[at_]) != text_.npos) ++at_;
  }
  bool take(std::string_view sign) {
    skip_blanks();
    if (!text_.substr(at_).starts_with(sign)) return false;
    at_ += sign.size();
    return true;
  }
  template <std::size_t count>
  std::optional<Operation> take_one(const std::array<Sign, count>& signs) {
    for (const Sign& sign : signs) {
      if (take(sign.text)) return sign.operation;
    }
    return std::nullopt;
  }

  NodePointer either() {
    auto left = both();
    while (take("||")) left = joined(Operation::either, std::move(left), both());
    return left;
  }
  NodePointer both() {
    auto left = comparison();
    while (take("&&")) left = joined(Operation::both, std::move(left), comparison());
    return left;
  }

  NodePointer comparison() {
    auto left = operand();
    skip_blanks();
    const auto begin = at_;
    const auto operation = take_one(comparisons);
    const bool has_text = left->operation == Operation::text;
    if (!operation) return has_text ? refuse_text(begin) : std::move(left);
    auto right = operand();
    if (!has_text && right->operation != Operation::text) {
      return joined(*operation, std::move(left), std::move(right));
    }
    if (has_text) std::swap(left, right);
    const bool is_equal = *operation == Operation::equal;
    const bool is_fit = is_equal || *operation == Operation::unequal;
    if (!is_fit || left->operation != Operation::item) return refuse_text(begin);
    right->operation = is_equal ? Operation::same_text : Operation::other_text;
    right->item = left->item;
    return right;
  }
  NodePointer refuse_text(std::size_t place) {
    at_ = place;
    refuse_here("an item such as $1 and a text with == or != between them");
  }

  NodePointer operand() {
    skip_blanks();
    if (at_ == text_.size() || text_[at_] != '"') return sum();
    auto node = std::make_unique<Node>();
    node->operation = Operation::text;
    const auto end = text_.find('"', at_ + 1);
    if (end == text_.npos) refuse_here("a closing quote for the text");
    node->text = text_.substr(at_ + 1, end - at_ - 1);
    at_ = end + 1;
    return node;
  }

  NodePointer sum() {
    auto left = product();
    while (const auto operation = take_one(sums)) {
      left = joined(*operation, std::move(left), product());
    }
    return left;
  }
  NodePointer product() {
    auto left = unary();
    while (const auto operation = take_one(products)) {
      left = joined(*operation, std::move(left), unary());
    }
    return left;
  }

  NodePointer unary() {
    if (++depth_ > deepest) refuse_here("no deeper nesting");
    auto node = unary_within();
    --depth_;
    return node;
  }
  NodePointer unary_within() {
    if (take("-")) return joined(Operation::negative, unary());
    skip_blanks();
    const bool is_unequal = text_.substr(at_).starts_with("!=");
    if (!is_unequal && take("!")) return joined(Operation::negation, unary());
    if (!take("(")) return primary();
    auto inner = either();
    if (!take(")")) refuse_here("an operator or \")\"");
    return inner;
  }

  NodePointer primary() {
    skip_blanks();
    auto node = std::make_unique<Node>();
    const auto begin = at_;
    if (take("$")) {
      const auto number = read<std::size_t>();
      if (!number || *number == 0 || *number > items_) {
        at_ = begin;
        refuse_here("an item from $1 to $" + std::to_string(items_));
      }
      node->operation = Operation::item;
      node->item = *number - 1;
      return node;
    }
    const auto number = read<double>();
    if (!number) refuse_here("a number, an item such as $1 or \"(\"");
    node->number = *number;
    return node;
  }

  // A number at this place, which begins with a digit: no sign, no "inf".
  template <class Number>
  std::optional<Number> read() {
    const bool is_digit = at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9';
    if (!is_digit) return std::nullopt;
    Number number{};
    const auto* const begin = text_.data() + at_;
    const auto [end, error] = std::from_chars(begin, text_.data() + text_.size(), number);
    if (error != std::errc{}) return std::nullopt;
    at_ += static_cast<std::size_t>(end - begin);
    return number;
  }

  const std::string& option_;
  std::string_view text_;
  std::size_t items_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

double as_number(bool is_true) {
  return is_true ? 1 : 0;
}

std::string item_words(std::size_t item) {
  return "$" + std::to_string(item + 1);
}

// One judgement. The first thing that cannot be computed ends it.
class Evaluation {
 public:
  explicit Evaluation(const std::vector<Answer>& values) : values_(values) {}

  std::optional<double> of(const Node& node) {
    switch (node.operation) {
      case Operation::number:
        return node.number;
      case Operation::item:
        return number_of(node.item);
      case Operation::same_text:
      case Operation::other_text:
        return compare_text(node);
      case Operation::either:
      case Operation::both:
        return join(node);
      default:
        return compute(node);
    }
  }

  const std::string& fault() const { return fault_; }

 private:
  std::optional<double> fail(std::string fault) {
    fault_ = std::move(fault);
    return std::nullopt;
  }

  const Answer* value_of(std::size_t item) {
    const Answer& answer = values_.at(item);
    if (answer.is_value()) return &answer;
    fault_ = item_words(item) + ": " + answer.reason();
    return nullptr;
  }

  std::optional<double> number_of(std::size_t item) {
    const auto* const answer = value_of(item);
    if (answer == nullptr) return std::nullopt;
    const auto number = answer->number();
    if (number) return number;
    return fail(item_words(item) + ": expected a number, found " + common::quoted(answer->text));
  }

  std::optional<double> compare_text(const Node& node) {
    const auto* const answer = value_of(node.item);
    if (answer == nullptr) return std::nullopt;
    return as_number((answer->text == node.text) == (node.operation == Operation::same_text));
  }

  std::optional<double> join(const Node& node) {
    const auto left = of(*node.left);
    const bool decides_alone = node.operation == Operation::either;
    if (!left) return std::nullopt;
    if ((*left != 0) == decides_alone) return as_number(decides_alone);
    const auto right = of(*node.right);
    return right ? std::optional(as_number(*right != 0)) : std::nullopt;
  }

  std::optional<double> compute(const Node& node) {
    const auto left = of(*node.left);
    if (!left) return std::nullopt;
    if (node.operation == Operation::negative) return -*left;
    if (node.operation == Operation::negation) return as_number(*left == 0);
    const auto right = of(*node.right);
    if (!right) return std::nullopt;
    const bool divides =
        node.operation == Operation::quotient || node.operation == Operation::remainder;
    if (divides && *right == 0) return fail("division by zero");
    const double result = combine(node.operation, *left, *right);
    return std::isfinite(result) ? std::optional(result) : fail("a number grows too large");
  }

  static double combine(Operation operation, double left, double right) {
    switch (operation) {
      case Operation::sum:
        return left + right;
      case Operation::difference:
        return left - right;
      case Operation::product:
        return left * right;
      case Operation::quotient:
        return left / right;
      case Operation::remainder:
        return std::fmod(left, right);
      default:
        return as_number(compare(operation, left, right));
    }
  }

  static bool compare(Operation operation, double left, double right) {
    switch (operation) {
      case Operation::equal:
        return left == right;
      case Operation::unequal:
        return left != right;
      case Operation::at_most:
        return left <= right;
      case Operation::at_least:
        return left >= right;
      case Operation::less:
        return left < right;
      default:
        return left > right;
    }
  }

  const std::vector<Answer>& values_;
  std::string fault_;
};

}  // namespace

Expression Expression::parse(const std::string& option, const std::string& text,
                             std::size_t items) {
  return {text, Parser(option, text, items).parse()};
}

Expression::Verdict Expression::judge(const std::vector<Answer>& values) const {
  Evaluation evaluation(values);
  const auto result = evaluation.of(*root_);
  if (!result) return {std::nullopt, evaluation.fault()};
  return {*result != 0, {}};
}

}  // namespace shoal::zabbix
