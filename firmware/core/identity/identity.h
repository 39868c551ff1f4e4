// Who the unit is and where it reports, as the bench wrote it to partition `fctry`. The token is a
// secret: it is handed to the HTTP client and never printed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/base/text.h"
#include "core/modem/commands.h"
#include "core/ports/key_value.h"

namespace jambox {

// `JBNB` and four to eight digits (docs/formats/device-api.md).
inline constexpr std::size_t kDeviceIdMax = 12;

class Identity {
 public:
  // Reads and checks the partition. False when there is no usable identity; `problem()` says why.
  bool load(KeyValue& kv);

  bool valid() const { return problem_.empty(); }
  std::string_view problem() const { return problem_; }
  std::string_view device_id() const { return id_.view(); }
  std::string_view token() const { return token_.view(); }
  std::string_view host() const { return host_.view(); }
  std::uint16_t port() const { return port_; }
  // Usable even without an identity: absent or impossible values are the defaults.
  ModemSettings modem() const;

 private:
  FixedText<kDeviceIdMax> id_;
  FixedText<64> token_;
  FixedText<63> host_;
  FixedText<63> apn_;  // 3GPP TS 23.003: 63 octets for the network part
  FixedText<47> bands_;
  std::uint16_t port_ = 80;
  std::string_view problem_ = "the identity was not read yet";
};

}  // namespace jambox
