// Posts the graph definitions of a batch. For the thread of the call.
#pragma once

#include "account.h"

namespace shoal::mackerel {

// All in one request; what the API does not take now stays for later.
void post_graphs(const Account& account, Batch& batch);

}  // namespace shoal::mackerel
