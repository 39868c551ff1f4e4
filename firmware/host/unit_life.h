// A whole life of a unit on the fake board: real time goes on while the unit restarts, loses power
// or is reset by its watchdog. Its backend stores readings under the key that the real one uses
// (docs/decisions/0005) and can be down, lose answers, tell a wrong time.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "apps/jambox/jambox_app.h"
#include "host/fake_ports.h"

namespace jambox::test {

// The value of `key` in a flat JSON object, quotes removed; empty when absent.
std::string json_field(const std::string& json, const std::string& key);

class UnitLife {
 public:
  UnitLife();

  // Starts the unit, as after `reason`, `off_ms` after it went off, with the image that its
  // bootloader chooses.
  void start(ResetReason reason = ResetReason::kPowerOn, Millis off_ms = 0);
  // Lets `ms` pass. Restarts the unit when it asks, resets it when its watchdog hungers.
  void run(Millis ms);
  void run_minutes(int minutes) { run(static_cast<Millis>(minutes) * 60'000); }
  void run_hours(int hours) { run_minutes(60 * hours); }
  // A phone probes once.
  void probe();

  std::int64_t true_unix_ms() const;
  // Bodies that arrived at `path`, stored or not; of readings, batches not among them.
  std::vector<std::string> bodies(const std::string& path) const;
  int requests(const std::string& start) const;
  // Impressions in all stored readings, each reading once.
  std::uint32_t stored_impressions() const;
  // Readings stored twice: the same number under two keys.
  int stored_twice() const;

  FakeBoard board;
  std::unique_ptr<JamBoxApp> app;
  int starts = 0;
  int watchdog_resets = 0;
  std::uint32_t probes = 0;

  // The backend.
  bool down = false;           // no connection
  bool silent = false;         // takes the request, stores nothing, says nothing
  bool loses_answers = false;  // takes and stores, but the answer never arrives
  int heartbeat_status = 200;
  bool refuses_notes = false;  // answers 400 to a heartbeat that has one
  int reading_status = 201;    // any other: not stored
  int batch_status = 201;      // of batches, as long as readings are stored; 404: knows none
  // Batches of more rows get lost on the way there.
  int silent_for_more_than = 12;
  std::string refused_seq;  // the reading of this number is refused, 400 or `r`
  std::int64_t time_error_ms = 0;
  bool sends_time = true;
  int config_version = 0;  // 0: says nothing of it
  std::string config;      // body of the answer to GET /api/config
  int config_status = 200;
  std::string command;  // with each answer, until acknowledged
  std::string command_id;
  int geolocation_status = 200;
  std::string place = R"({"status":"ok","lat":34.05,"lng":-118.24,"timezone":"Europe/Paris"})";
  std::map<std::string, std::string> stored;  // key → reading

 private:
  std::string serve(const std::string& request);
  std::string answer_of(const std::string& request, const std::string& body);
  void store(const std::string& body);
  std::string store_batch(const std::string& body);
  void step();

  static constexpr std::int64_t kBornUnixMs = 1769688061500;  // 2026-01-29T12:01:01.5Z
  Millis lived_before_ = 0;                                   // until this start of the unit
  Millis fed_at_ = 0;
  int feeds_seen_ = 0;
};

std::unique_ptr<UnitLife> new_life();
// A configuration as the backend hands it out, with an hour between heartbeats.
std::string config_with(int version, int interval_ms, int far_dbm = -80);
// A probe every 10 s for `minutes`.
void run_with_probes(UnitLife& life, int minutes);
// Checks that each number is stored once, each later than the one before.
void check_one_chain(const UnitLife& life);

}  // namespace jambox::test
