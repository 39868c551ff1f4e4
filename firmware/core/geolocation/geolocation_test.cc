// Access points from frames, the ten strongest, and the task around a scan.
#include "core/geolocation/radio_tap.h"

#include <algorithm>
#include <memory>

#include "core/modem/http_client.h"
#include "host/fake_ports.h"
#include "host/test.h"

using namespace jambox;
using namespace jambox::test;

namespace {

std::string json_of(const AccessPoints& points) {
  FixedText<AccessPoints::kJsonMax> text;
  points.add_json(text);
  CHECK(!text.truncated());
  return std::string(text.view());
}

struct ScanRig final : GeolocationObserver, HttpObserver {
  FakeBoard board;
  Identity identity;
  AtEngine at{board.modem};
  Endpoint endpoint{"h", 80, "secret"};
  // New for each scan, so that it is never busy with the one before.
  std::unique_ptr<Tcp> tcp;
  std::unique_ptr<HttpClient> http_client;
  GeolocationTask task{board.radio, identity, *this};
  RadioTap tap{board.radio, task};
  std::vector<std::string> said;
  Millis now = 0;

  ScanRig() {
    board.give_identity();
    identity.load(board.kv);
  }
  void on_geolocation(bool ok, std::string_view words) override {
    said.push_back((ok ? "+" : "-") + std::string(words));
  }
  void on_http_done(const HttpResult&) override {}

  bool begin() {
    tcp = std::make_unique<Tcp>(at);
    http_client = std::make_unique<HttpClient>(*tcp, endpoint);
    return task.begin(*http_client, *this, now);
  }
  void hear(std::uint8_t points) {
    for (std::uint8_t i = 1; i <= points; ++i) {
      board.radio.frames.push_back(beacon_frame(i, -60, "x", 11));
    }
    RadioFrame frame;
    while (tap.next(frame)) {
    }
  }
  // Runs to the end of the scan that is wanted now; true when a request was made.
  bool scan(std::uint8_t points) {
    CHECK(!begin());
    CHECK(board.radio.access_points);
    hear(points);
    now += GeolocationTask::kScanMs;
    tick();
    CHECK(!board.radio.access_points);
    return task.wanted_at() <= now && begin();
  }
  void tick() {
    Wake wake(now);
    task.tick(now, wake);
  }
  void answer(int status, const std::string& body) {
    task.on_answer({status, body, true, {}}, now, 0x7FFF);
  }
};

}  // namespace

TEST(access_point_is_read_from_its_beacon) {
  RadioFrame frame = beacon_frame(0x2a, -71, "Cafe", 11);
  frame.channel = 10;  // heard beside its channel
  const auto found = parse_access_point(frame);
  CHECK(found.has_value());
  CHECK_EQ(found->bssid, 0x00005e00532aull);
  CHECK_EQ(found->rssi_dbm, -71);
  CHECK_EQ(found->channel, 11);
  frame.bytes[0] = 0x50;
  CHECK(parse_access_point(frame).has_value());
  for (int control = 0; control < 256; ++control) {
    frame.bytes[0] = static_cast<std::uint8_t>(control);
    CHECK_EQ(parse_access_point(frame).has_value(), control == 0x80 || control == 0x50);
  }
}

TEST(hotspots_and_those_who_opted_out_are_left_out) {
  RadioFrame hotspot = beacon_frame(1, -60, "x", 1);
  hotspot.bytes[16] |= 2;
  CHECK(!parse_access_point(hotspot));
  CHECK(!parse_access_point(beacon_frame(1, -60, "home_nomap", 1)));
  CHECK(parse_access_point(beacon_frame(1, -60, "nomap", 1)));
  CHECK(parse_access_point(beacon_frame(1, -60, "", 1)));
}

TEST(cut_and_random_beacons_are_survived) {
  const RadioFrame whole = beacon_frame(1, -60, "Corner shop", 6);
  for (std::size_t n = 0; n <= whole.size; ++n) {
    RadioFrame cut = whole;
    cut.size = n;
    CHECK_EQ(parse_access_point(cut).has_value(), n >= 36);
  }
  FakeSystem random;
  for (int i = 0; i < 20000; ++i) {
    RadioFrame frame;
    frame.size = random.random() >> 23;
    for (std::size_t k = 0; k < frame.size; ++k) {
      frame.bytes[k] = static_cast<std::uint8_t>(random.random() >> 24);
    }
    frame.bytes[0] = 0x80;
    frame.bytes[16] = 0;
    const auto found = parse_access_point(frame);
    if (found) CHECK(found->channel >= 1 && found->channel <= 13);
  }
}

TEST(a_scan_keeps_the_ten_strongest_each_once) {
  FakeSystem random;
  for (int round = 0; round < 200; ++round) {
    AccessPoints points;
    int strongest[40] = {};
    for (int i = 0; i < 300; ++i) {
      const std::uint32_t dice = random.random() >> 8;
      const int point = static_cast<int>(dice % 39) + 1;
      // Distinct per point, so that the ten strongest are one set.
      const int rssi = -120 + point + static_cast<int>(dice >> 16) % 2 * 40;
      if (strongest[point] == 0 || rssi > strongest[point]) strongest[point] = rssi;
      points.add({static_cast<std::uint64_t>(point), static_cast<std::int8_t>(rssi), 6});
    }
    std::vector<int> all;
    for (const int rssi : strongest) {
      if (rssi != 0) all.push_back(rssi);
    }
    std::sort(all.rbegin(), all.rend());
    std::string wanted;
    for (std::size_t i = 0; i < all.size() && i < 10; ++i) {
      wanted += "\"rssi\":" + std::to_string(all[i]) + ",";
    }
    std::string got;
    const std::string json = json_of(points);
    for (std::size_t at = json.find("\"rssi\""); at != std::string::npos;
         at = json.find("\"rssi\"", at + 1)) {
      got += json.substr(at, json.find(',', at) - at + 1);
    }
    CHECK_EQ(got, wanted);
    points.clear();
    CHECK_EQ(json_of(points), "[]");
  }
}

TEST(a_scan_is_made_sent_and_forgotten) {
  ScanRig rig;
  rig.task.start(true, 0);
  CHECK_EQ(rig.task.wanted_at(), GeolocationTask::kSettleMs);
  rig.hear(5);  // not in a scan
  rig.now = GeolocationTask::kSettleMs;
  CHECK(rig.scan(2));
  rig.answer(200, R"({"status":"ok","lat":1.5,"lng":2.5,"timezone":"Europe/Paris"})");
  CHECK_EQ(rig.said.back(), "+Europe/Paris");
  CHECK_EQ(rig.task.wanted_at(), UplinkTask::kNever);
  rig.task.scan_now(rig.now);
  CHECK(rig.scan(3));
}

TEST(a_scan_that_hears_too_little_sends_nothing_and_comes_another_day_three_times) {
  ScanRig rig;
  rig.task.scan_now(0);
  for (int day = 1; day <= GeolocationTask::kDaysMax; ++day) {
    CHECK(!rig.scan(1));
    CHECK_EQ(rig.said.size(), static_cast<std::size_t>(day));
    if (day < GeolocationTask::kDaysMax) {
      CHECK_EQ(rig.task.wanted_at(), rig.now + GeolocationTask::kAnotherDayMs);
      rig.now = rig.task.wanted_at();
    }
  }
  CHECK_EQ(rig.task.wanted_at(), UplinkTask::kNever);
}

TEST(a_scan_that_cannot_be_sent_is_forgotten_and_made_again) {
  ScanRig rig;
  rig.task.scan_now(0);
  CHECK(!rig.begin());
  rig.hear(4);
  rig.now = GeolocationTask::kScanMs;
  rig.tick();
  rig.now += GeolocationTask::kHoldMs;  // the modem was busy or offline
  rig.tick();
  CHECK(rig.scan(2));
  rig.answer(0, "");
  CHECK(rig.task.wanted_at() >= rig.now + 200'000);
  rig.now = rig.task.wanted_at();
  CHECK(rig.scan(2));
  rig.answer(429, "");
  CHECK(rig.task.wanted_at() >= rig.now + 2'700'000);
  rig.now = rig.task.wanted_at();
  CHECK(rig.scan(2));
  rig.answer(200, R"({"status":"error","message":"these access points are not known"})");
  CHECK_EQ(rig.said.back(), "-these access points are not known");
  CHECK_EQ(rig.task.wanted_at(), rig.now + GeolocationTask::kAnotherDayMs);
}
