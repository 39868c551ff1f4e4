// The lasting pattern, see lasting_pattern.h.
#include "core/led/lasting_pattern.h"

namespace jambox {

LedPattern lasting_pattern(const LedReasons& is) {
  if (is.installing) return LedPattern::kUpdating;
  if (!is.modem_answered && is.attaching) return LedPattern::kBooting;
  if (is.offline) return LedPattern::kFailed;
  if (!is.online) return LedPattern::kSearching;
  if (is.sending) return LedPattern::kSending;
  return is.backend_failing ? LedPattern::kSendFailed : LedPattern::kConnected;
}

}  // namespace jambox
