#include "run/round.h"

namespace shoal::run {

std::string_view outcome_name(Outcome outcome) {
  switch (outcome) {
    case Outcome::ok:
      return "ok";
    case Outcome::failed:
      return "failed";
    case Outcome::timed_out:
      return "timed out";
    case Outcome::stuck:
      return "stuck";
    case Outcome::cancelled:
      return "cancelled";
  }
  return "failed";
}

}  // namespace shoal::run
