// System calls that no plugin needs and that break out, spy or change the machine: refused with
// EPERM from now on, in this process and all it starts. Needs libseccomp, which is loaded only
// here.
#pragma once

namespace shoal::plugin_host {

// Throws Error, in words for the operator.
void forbid_dangerous_calls();

}  // namespace shoal::plugin_host
