// The bring-up of a fresh unit within the production program.
#include "core/provisioning/fresh_bringup.h"

#include <utility>

#include "core/provisioning/cellular_proof.h"
#include "host/fake_ports.h"
#include "host/test.h"

namespace jambox::fresh_bringup_test {

using namespace jambox::test;

struct Rig {
  FakeConsole console;
  FakeKeyValue kv;
  ConsoleStream stream{console};
  Events events{stream};
  FreshBringup bringup{events, kv};
  // What the bench was sent since the last call.
  std::string sent() {
    while (!stream.flushed()) stream.flush();
    return std::exchange(console.to_bench, "");
  }
};

constexpr StepReport kRegistered{7, StepState::kOk, 2, "+CEREG: 0,5"};

TEST(fresh_bringup_reports_its_steps_and_keeps_the_proof) {
  Rig rig;
  rig.bringup.start();
  rig.bringup.on_step(kRegistered);
  CHECK(contains(rig.sent(), R"("step":7,"state":"ok","try":2,"said":"+CEREG: 0,5"})"));
  rig.bringup.on_link(LinkState::kSearching, "+CEREG: 0,2");
  rig.bringup.on_link(LinkState::kAttaching, {});
  CHECK_EQ(rig.sent(), "");
  CHECK(!has_cellular_proof(rig.kv));
  rig.bringup.on_link(LinkState::kOnline, "10.1.2.3");
  CHECK(contains(rig.sent(), R"("ok":true,"step":7,"address":"10.1.2.3"})"));
  CHECK(has_cellular_proof(rig.kv));
}

TEST(fresh_bringup_that_is_given_up_leaves_no_proof_and_no_address) {
  Rig rig;
  rig.bringup.start();
  rig.bringup.on_step({3, StepState::kFailed, 1, "ERROR"});
  rig.sent();
  rig.bringup.on_link(LinkState::kOffline, "ERROR");
  CHECK(contains(rig.sent(), R"("ok":false,"step":3})"));
  CHECK(!has_cellular_proof(rig.kv));
}

// An ordinary start attaches by fewer steps, and so does every later attach.
TEST(fresh_bringup_is_silent_unless_it_was_started_and_once_it_ended) {
  Rig rig;
  rig.bringup.on_step(kRegistered);
  rig.bringup.on_link(LinkState::kOnline, "10.1.2.3");
  CHECK_EQ(rig.sent(), "");
  CHECK(!has_cellular_proof(rig.kv));
  rig.bringup.start();
  rig.bringup.on_link(LinkState::kOffline, {});
  rig.sent();
  rig.bringup.on_step(kRegistered);
  rig.bringup.on_link(LinkState::kOnline, "10.1.2.3");
  CHECK_EQ(rig.sent(), "");
}

}  // namespace jambox::fresh_bringup_test
