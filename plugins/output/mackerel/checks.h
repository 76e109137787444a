// Reports the check results of a batch. For the thread of the call.
#pragma once

#include "account.h"
#include "check_log.h"

namespace shoal::mackerel {

class Checks {
 public:
  // At most a hundred reports in a request, in order. Throws Failure if one does not go through;
  // then all of the batch are to be offered again, and the API ignores what it has already.
  void report(Account& account, Batch& batch);

 private:
  CheckLog log_;
};

}  // namespace shoal::mackerel
