// shoal zabbix-get: hands over to a program of its own, which has what plugins share and the agent
// has not, such as zlib.

#include "agent/commands.h"
#include "agent/companion.h"

namespace shoal::agent {

int zabbix_get(const Arguments& arguments) {
  std::vector<std::string> words{companion("shoal-zabbix-get", "zabbix_get")};
  words.insert(words.end(), arguments.operands.begin(), arguments.operands.end());
  become(words);
}

}  // namespace shoal::agent
