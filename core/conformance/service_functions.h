// The tables of services.h that the tester's host offers. Stateless: each function finds the
// context and the host it belongs to.
#pragma once

#include <shoal/services.h>

namespace shoal::conformance {

struct ServiceFunctions {
  static shoal_options options();
  static shoal_clock clock();
  static shoal_state state();
  static shoal_http http();
  static shoal_identity identity();
};

}  // namespace shoal::conformance
