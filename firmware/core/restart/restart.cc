// The chip's restart, see restart.h.
#include "core/restart/restart.h"

namespace jambox {

namespace {

std::string_view sentence(RestartReason why) {
  switch (why) {
    case RestartReason::kReceiver: return "a receiver does not listen";
    case RestartReason::kSilence: return "no answer of the backend for hours";
    case RestartReason::kCommand: return "the backend asked for it";
    case RestartReason::kClock: return "the clock was set wrong before, and never goes back";
    case RestartReason::kUpdate: return "the update asked for it";
  }
  return {};
}

StartReason start_reason(RestartReason why) {
  switch (why) {
    case RestartReason::kReceiver: return StartReason::kReceiver;
    case RestartReason::kSilence: return StartReason::kSilence;
    case RestartReason::kCommand: return StartReason::kCommand;
    case RestartReason::kClock: return StartReason::kClock;
    case RestartReason::kUpdate: return StartReason::kUpdate;
  }
  return StartReason::kUnknown;
}

}  // namespace

void Restart::soon(RestartReason why, Millis now) {
  FixedText<80> text;
  events_.log(LogLevel::kWarning, "app", text.add("restart: ").add(sentence(why)).view());
  own_at_ = now + kSoonMs;
  own_why_ = why;
}

void Restart::after_trial(RestartReason why, Millis now) {
  if (!host_.on_trial()) return soon(why, now);
  FixedText<120> text;
  text.add("restart waits for the end of the trial: ").add(sentence(why));
  events_.log(LogLevel::kWarning, "app", text.view());
  later_ = why;
}

void Restart::for_bench(Millis now) {
  bench_at_ = now + kAnswerMs;
  if (!host_.on_trial()) return;
  events_.log(LogLevel::kWarning, "update",
              "this restart ends the trial: the earlier version starts");
}

void Restart::prepare(StartReason why) {
  if (prepared_) return;
  prepared_ = true;
  host_.before_restart(why);
}

void Restart::tick(Millis now, Wake& wake) {
  // One that ends the trial is as good as the one that waits.
  if (own_at_ == 0 && later_ && !host_.on_trial()) soon(*later_, now);
  for (const bool bench : {true, false}) {
    const Millis at = bench ? bench_at_ : own_at_;
    if (at == 0) continue;
    wake.at(at);
    if (now < at) continue;
    prepare(bench ? StartReason::kBench : start_reason(own_why_));
    return system_.restart();
  }
}

}  // namespace jambox
