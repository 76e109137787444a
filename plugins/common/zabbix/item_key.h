// The keys of Zabbix's items, such as vfs.fs.size[/,pfree]. Pure functions.
#pragma once

#include <string>
#include <string_view>

namespace shoal::zabbix {

// What is wrong with a key, with the place; empty if nothing is.
std::string item_key_fault(std::string_view key);

// Throws shoal::Failure (SHOAL_CONFIG) that names the option if it is none.
void require_item_key(const std::string& option, std::string_view key);

// The key as one component of a series' name: every run of characters other than letters, digits
// and "-" becomes one "_", none at the ends, 100 bytes at most. vfs.fs.size[/,pfree] is
// vfs_fs_size_pfree.
std::string component_of(std::string_view key);

}  // namespace shoal::zabbix
