// Update record, see update_record.h.
#include "core/ota/update_record.h"

#include "core/base/encoding.h"

namespace jambox {

namespace {

constexpr std::string_view kTrialKey = "ota_trial";  // digest, space, version
constexpr std::string_view kDoneKey = "ota_done";    // version, space, error
constexpr std::size_t kDigestChars = 2 * Sha256::kBytes;
constexpr std::size_t kTrialMax = kDigestChars + 1 + kVersionChars;
constexpr std::size_t kDoneMax = kVersionChars + 1 + kUpdateErrorMax;

}  // namespace

bool UpdateRecord::set_trial(const Digest& digest, std::string_view target) {
  FixedText<kTrialMax> text;
  add_hex(text, digest, sizeof digest);
  text.add(' ').add(target);
  return kv_.set_text(kTrialKey, text.view());
}

bool UpdateRecord::trial(Digest& digest, TextBuilder& target) {
  char stored[kTrialMax];
  const int size = kv_.get_text(KeyValue::Store::kState, kTrialKey, stored, sizeof stored);
  if (size <= 0) return false;
  std::string_view text(stored, static_cast<std::size_t>(size));
  if (!parse_hex(take_until(text, ' '), digest, sizeof digest) || !is_version(text)) return false;
  target.assign(text);
  return true;
}

void UpdateRecord::clear_trial() { kv_.erase(kTrialKey); }

void UpdateRecord::set_outcome(std::string_view target, std::string_view error) {
  FixedText<kDoneMax> text;
  text.add(target).add(' ').add(error.substr(0, kUpdateErrorMax));
  kv_.set_text(kDoneKey, text.view());  // a full store costs the report, not the update
}

bool UpdateRecord::outcome(TextBuilder& target, TextBuilder& error) {
  char stored[kDoneMax];
  const int size = kv_.get_text(KeyValue::Store::kState, kDoneKey, stored, sizeof stored);
  if (size <= 0) return false;
  std::string_view text(stored, static_cast<std::size_t>(size));
  target.assign(take_until(text, ' '));
  error.assign(text);
  return is_version(target.view());
}

void UpdateRecord::clear_outcome() { kv_.erase(kDoneKey); }

}  // namespace jambox
