// What the process still says when a fault ends it: the signal, the address, and where in which
// file it happened, as lines on a descriptor of the agent's. Uses only what may be used in a signal
// handler.
#pragma once

namespace shoal::plugin_host {

// From now on faults are written to `fd`, then end the process as they would have.
//
//   signal 11
//   address 0x0
//   at 0x1234 /path/to/file.so      offset in the file that was mapped where it happened
//   called_at 0x5678 /path/to.so    the nearest frame in the plugin, if it happened elsewhere
void report_faults_to(int fd);

// Gives the calling thread a stack of its own for that, so that a stack overflow is told too.
void use_own_fault_stack();

// `code` is a function of the plugin.
void watch_for_faults_in(const void* code);

}  // namespace shoal::plugin_host
