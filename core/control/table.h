// Rows of cells for a terminal, each column as wide as its widest cell. Not thread-safe.
#pragma once

#include <string>
#include <vector>

namespace shoal::control {

class Table {
 public:
  Table() = default;
  explicit Table(std::vector<std::string> header) { add(std::move(header)); }

  void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }
  bool empty() const { return rows_.empty(); }

  // One line a row, cells two blanks apart, `indent` blanks in front.
  std::string text(std::size_t indent = 0) const;

 private:
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace shoal::control
