// The table `options` of a section: what a plugin gets as JSON. Pure functions; what the options
// mean is between the plugin and its schema.
#pragma once

#include <map>
#include <string>

#include "config/section.h"
#include "config/value.h"

namespace shoal::config {

// The options of a section. Values that JSON lacks (dates, inf, nan) are errors.
Table read_options(const Section& section);

// JSON pointer to line, of all options that stand in `file`.
std::map<std::string, unsigned> option_lines(const Table& options, const std::string& file);

// Puts a member in place of one of the same key.
void put(Table& table, std::string_view key, Value value);

// Fills what a plugin gets from what was collected.
template <class Settings>
void set_options(Settings& settings, const Table& options) {
  settings.options_json = to_json(options);
  settings.option_lines = option_lines(options, settings.where.file);
}

}  // namespace shoal::config
