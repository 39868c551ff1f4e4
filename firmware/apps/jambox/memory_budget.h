// What every part and every bounded table of the production program may take of the chip's RAM,
// held at compile time: docs/memory.md. Nothing is allocated after the start, so this is all of it.
// Knows no ESP-IDF; the adapters' buffers and ESP-IDF's own memory are reasoned about there.
#pragma once

#include <cstddef>

#include "apps/jambox/jambox_app.h"

namespace jambox::memory {

struct Row {
  const char* name;
  std::size_t bytes;
  std::size_t budget;
};

// The chip and WebAssembly have pointers of 32 bits and align 64-bit numbers to 8 bytes; on a host
// with wider pointers a part may be larger.
template <typename T, std::size_t kBudget>
constexpr Row row(const char* name) {
  static_assert(sizeof(T) <= kBudget || sizeof(void*) > 4,
                "a part outgrew its budget: make it smaller, or raise the budget here and say why");
  return {name, sizeof(T), kBudget};
}

// Members of JamBoxApp. Budgets leave what the part may yet need, in steps of 256 bytes.
inline constexpr Row kParts[] = {
    row<TrafficCounter, 37'120>("counting: TrafficCounter"),
    row<VisitEstimator, 35'584>("visits: VisitEstimator"),
    row<ReadingQueue, 17'152>("reading: ReadingQueue"),
    row<ReadingJournal, 256>("reading: ReadingJournal"),
    row<Recorder, 1'024>("reading: Recorder"),
    row<ConsoleStream, 9'728>("console: ConsoleStream"),
    row<ConsoleServer, 4'096>("console: ConsoleServer"),
    row<Events, 1'536>("console: Events"),
    row<HttpClient, 4'096>("modem: HttpClient"),
    row<AtEngine, 2'048>("modem: AtEngine"),
    row<Link, 768>("modem: Link"),
    row<Tcp, 512>("modem: Tcp"),
    row<FreshBringup, 256>("provisioning: FreshBringup"),
    row<Uplink, 4'096>("uplink: Uplink"),
    row<UpdateClient, 2'304>("ota: UpdateClient"),
    row<Identity, 768>("identity: Identity"),
    row<Led, 256>("led: Led"),
    row<RadioSchedule, 256>("capture: RadioSchedule"),
    row<RadioHealth, 256>("capture: RadioHealth"),
    row<WallClock, 256>("clock: WallClock"),
    row<ConfigTask, 256>("config: ConfigTask"),
    row<GeolocationTask, 512>("geolocation: GeolocationTask"),
    row<Lifeline, 256>("lifeline: Lifeline"),
    row<StartMemory, 256>("restart: StartMemory"),
    row<Restart, 256>("restart: Restart"),
    row<ClockKeeper, 256>("clock: ClockKeeper"),
    row<ClockRemedy, 256>("restart: ClockRemedy"),
    row<ButtonActions, 256>("actions: ButtonActions"),
    row<ConfigApplier, 256>("config: ConfigApplier"),
    row<LiveFigures, 256>("console: LiveFigures"),
    row<UnitLog, 256>("console: UnitLog"),
};

// Tables within them: each has a bound, and what happens when it is full is part of its contract.
inline constexpr Row kTables[] = {
    row<TrafficCounter::WifiTable, TrafficCounter::kWifiTableBytes>(
        "Wi-Fi devices: 768 of 1,024 slots, 24 B; beyond: counted in `of`"),
    row<TrafficCounter::BleTable, TrafficCounter::kBleTableBytes>(
        "Bluetooth devices of a minute: 384 of 512, 24 B; beyond: counted in `of`"),
    row<TrackTable<VisitEstimator::kTracks>, VisitEstimator::kTrackTableBytes>(
        "tracks: 640, 48 B; beyond: the longest silent one goes"),
    row<HabitTable, VisitEstimator::kHabitTableBytes>(
        "habits of kinds: 48, 96 B; beyond: the longest silent one goes"),
    row<ReadingQueue, ReadingQueue::kBytes>(
        "readings waiting: 96, 176 B; beyond: the oldest goes and is counted"),
    row<RadioFrame, 528>("frame being read: 512 bytes; longer ones are cut"),
};
static_assert(TrafficCounter::WifiTable::kCapacity == 768 &&
                  TrafficCounter::BleTable::kCapacity == 384 && VisitEstimator::kTracks == 640 &&
                  HabitTable::kKinds == 48 && ReadingQueue::kCapacity == 96 &&
                  kRadioFrameMax == 512,
              "the names above say other bounds");

// The chip has some 160 KB for it, by reasoning: docs/memory.md. The rest is reserve.
inline constexpr std::size_t kAppBudget = 128 * 1024;
inline constexpr Row kApp = row<JamBoxApp, kAppBudget>("JamBoxApp, all of it");

}  // namespace jambox::memory
