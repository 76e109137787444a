// The types of DNS records that can be asked for, and how one is written. Knows nothing of the SDK
// and the network. Pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace shoal::dns {

struct RecordType {
  std::string_view name;
  std::uint16_t number;
  // What its data is made of: a an IPv4 address, q an IPv6 address, n a name, 2 and 4 numbers of so
  // many bytes, t texts, c the data of a CAA record.
  std::string_view fields;
  std::string_view example;  // of its data, as it stands between quotes in a configuration
};

// The type of that name; nullptr if there is none.
const RecordType* find_record_type(std::string_view name);

// An address as the name that a PTR question asks for; other texts as they are.
std::string reverse_name(const std::string& host);

// Bytes as a text that a terminal can show: what is not printable ASCII becomes \DDD.
std::string printable(std::string_view bytes);

// In small letters and without the dot at the end.
std::string usual_name(std::string_view name);

// Data that somebody wrote as it is compared: addresses, names and numbers in their usual form,
// one blank between them. Empty if the type can have no such data: it has other fields, or a
// number that is none or too large.
std::string normalized(const RecordType& type, const std::string& data);

enum class Match { equal, partial, none };
// As sets.
Match compare(std::vector<std::string> expected, std::vector<std::string> found);

}  // namespace shoal::dns
