#include "base/error.h"

#include <cerrno>
#include <system_error>

namespace shoal {

void throw_errno(std::string_view what) {
  throw_errno(what, errno);
}

void throw_errno(std::string_view what, int error) {
  throw std::system_error(error, std::generic_category(), std::string(what));
}

std::string errno_text(int error) {
  return std::generic_category().message(error);
}

}  // namespace shoal
