// Posts the samples of a batch: those of hosts in one request, those of each service in another.
// For the thread of the call.
#pragma once

#include "account.h"

namespace shoal::mackerel {

// Of each name only the newest of a minute is sent: that is what the API keeps. Throws Failure if
// the samples of hosts do not go through; those of services wait for later then.
void post_samples(Account& account, Batch& batch);

}  // namespace shoal::mackerel
