// Answers the bench: hello, status, provision, at, at-data, live, send, blink, reboot, wipe. What
// an app does about a command it learns through ConsoleHost. Never holds or prints the token.
#pragma once

#include <cstdint>
#include <string_view>

#include "core/console/console_stream.h"
#include "core/console/events.h"
#include "core/identity/identity.h"
#include "core/json/json_reader.h"
#include "core/modem/at_engine.h"
#include "core/ports/key_value.h"
#include "core/ports/system.h"
#include "core/restart/restart.h"

namespace jambox {

struct UnitStatus {
  LedPattern led = LedPattern::kBooting;
  int cereg = -1;
  int rssi_dbm = 0;  // 0: unknown
  bool online = false;
  bool clock_synced = false;
  std::int64_t time = 0;
  std::uint32_t queue = 0;
  std::uint32_t send_failures = 0;
  std::uint32_t sent = 0;
  std::uint32_t dropped = 0;  // readings lost to a full queue, since first boot
  std::uint32_t refused = 0;  // readings the backend will never take, since boot
  std::uint32_t config_version = 0;
  std::uint8_t radio = 0;  // receivers that do not listen: 1 Wi-Fi, 2 BLE
};

// Who else has the modem just now, so that it cannot be lent to the console.
enum class ModemUse : std::uint8_t { kFree, kRequest, kAttaching };

// The app behind the console. Calls that return text: empty = done, else why not; an app overrides
// those that it can do something about.
class ConsoleHost {
 public:
  virtual UnitStatus status() = 0;
  virtual std::string_view provision(bool restart);
  virtual std::string_view send_now();
  virtual std::string_view set_live(bool on);
  // Shows for a while which unit it is, whatever else the light would say.
  virtual void blink() = 0;
  virtual ModemUse modem_use() { return ModemUse::kFree; }

 protected:
  ~ConsoleHost() = default;
};

class ConsoleServer final : public AtCaller {
 public:
  struct Parts {
    ConsoleStream& stream;
    Events& events;
    AtEngine& at;
    KeyValue& kv;
    System& system;
    Restart& restart;
    ConsoleHost& host;
  };
  // All must outlive it. While the identity is not valid the unit has no id.
  ConsoleServer(const Parts& parts, std::string_view app, std::string_view version,
                const Identity& identity)
      : parts_(parts), app_(app), version_(version), identity_(identity) {}

  void tick(Millis now, Wake& wake);

  void on_at_done(AtOutcome outcome) override;
  void on_at_line(std::string_view line) override;
  // A line of the modem that answers nobody: while a command of the bench runs, it has been told.
  void on_unsolicited(std::string_view line);

  // Default and bound of `timeout_ms`: CGATT may take 75 s, COPS=? three minutes.
  static constexpr std::int64_t kAtTimeoutMs = 10'000;
  static constexpr std::int64_t kAtTimeoutMaxMs = 180'000;

 private:
  void on_record(std::string_view text);
  void run(std::string_view command);
  void hello();
  void status();
  void at();
  void at_data();
  void live();
  void blink();
  void reboot();
  void wipe();
  void done(std::string_view problem);
  void fail(std::string_view error);

  Parts parts_;
  std::string_view app_;
  std::string_view version_;
  const Identity& identity_;
  Millis now_ = 0;
  JsonObject request_;
  std::int64_t id_ = 0;     // of the request being answered
  std::int64_t at_id_ = 0;  // of the AT command under way
  Millis at_began_ = 0;
  bool at_running_ = false;
  FixedText<kRecordMax> answer_;
};

}  // namespace jambox
