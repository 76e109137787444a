// What is said in the clear before TLS begins, in the protocols that begin so. Knows nothing of
// TLS. Pure but for the connection.
#pragma once

#include <string>

#include "common/net/connection.h"

namespace shoal::ssl_cert {

// Brings the connection to where the handshake begins; `protocol` is "smtp", "imap" or "pop3".
// Anything but good: `fault` says why.
common::Result ask_for_tls(common::Connection& connection, const std::string& protocol,
                           const common::Deadline& deadline, std::string& fault);

}  // namespace shoal::ssl_cert
