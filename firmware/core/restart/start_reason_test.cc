// Why the unit started: the chip's word, and what is kept over a restart of our own.
#include "core/restart/start_reason.h"

#include <utility>

#include "host/fake_ports.h"
#include "host/test.h"

namespace jambox::start_reason_test {

using namespace jambox::test;

TEST(the_chips_word_counts_but_for_a_restart_of_our_own) {
  const std::pair<ResetReason, StartReason> words[] = {
      {ResetReason::kPowerOn, StartReason::kPower},
      {ResetReason::kSoftware, StartReason::kSilence},
      {ResetReason::kResetLine, StartReason::kResetLine},
      {ResetReason::kCrash, StartReason::kCrash},
      {ResetReason::kWatchdog, StartReason::kWatchdog},
      {ResetReason::kBrownOut, StartReason::kBrownOut},
      {ResetReason::kUnknown, StartReason::kUnknown}};
  for (const auto& [reset, reason] : words) {
    FakeKeyValue kv;
    StartMemory(kv).keep(StartReason::kSilence);
    CHECK(StartMemory(kv).take_up(reset) == reason);
    // It is no later start's reason.
    CHECK(kv.state.empty());
    CHECK(StartMemory(kv).take_up(ResetReason::kSoftware) == StartReason::kUnknown);
  }
}

TEST(only_a_reason_of_our_own_is_believed_of_what_was_kept) {
  for (std::uint32_t kept = 0; kept <= 300; ++kept) {
    FakeKeyValue kv;
    kv.set_u32(StartMemory::kKey, kept);
    const auto reason = StartMemory(kv).take_up(ResetReason::kSoftware);
    const bool known = kept >= 6 && kept <= 11;
    CHECK_EQ(static_cast<std::uint32_t>(reason), known ? kept : 0u);
  }
}

TEST(where_nothing_can_be_kept_the_reason_is_not_known) {
  FakeKeyValue kv;
  kv.full = true;
  StartMemory(kv).keep(StartReason::kCommand);
  CHECK(StartMemory(kv).take_up(ResetReason::kSoftware) == StartReason::kUnknown);
}

}  // namespace jambox::start_reason_test
