#include "file_nr.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>

FileNr parse_file_nr(const std::string& text) {
  FileNr found;
  double unused = 0;
  std::istringstream words(text);
  if (!(words >> found.open >> unused >> found.most)) {
    throw std::runtime_error("expected three numbers, found \"" + text.substr(0, 80) + "\"");
  }
  return found;
}

std::string read_text(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error(path + ": " + std::strerror(errno));
  return {std::istreambuf_iterator<char>(file), {}};
}
