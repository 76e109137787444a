// A sample as a line of text: name, value and Unix time in seconds.
#pragma once

#include <string>

#include <shoal/records.h>

std::string to_line(const shoal_sample& sample);
