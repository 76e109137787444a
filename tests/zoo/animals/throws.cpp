/* Throws a C++ exception through the border. types.h, Failure: nothing unwinds across it (signal
 * 6). */
#include <stdexcept>

#include "../animal.h"

static void misbehave(shoal_instance*, const shoal_call*) {
  throw std::runtime_error("thrown through the border");
}
