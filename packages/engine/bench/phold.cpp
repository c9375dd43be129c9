// PHOLD and hold on std::priority_queue, to compare with: phold|hold pending events rounds.
// Prints millions of events per second of CPU, one line per round.
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <queue>
#include <string>
#include <vector>

struct Event {
  double time;
  uint64_t sequence;
  int32_t kind, target, count, spare;
};

struct Later {
  bool operator()(const Event& one, const Event& other) const {
    return one.time > other.time || (one.time == other.time && one.sequence > other.sequence);
  }
};

static std::priority_queue<Event, std::vector<Event>, Later> queue_;
static uint64_t sequence_ = 0;
static double now_ = 0;
static int32_t state_[1024];
static uint32_t a_ = 1, b_ = 2, c_ = 3, counter_ = 1;

// sfc32, about as fast as the streams of the engine.
static uint32_t bits() {
  uint32_t t = a_ + b_ + counter_++;
  a_ = b_ ^ (b_ >> 9);
  b_ = c_ + (c_ << 3);
  c_ = ((c_ << 21) | (c_ >> 11)) + t;
  return t;
}

static double exponential() {
  return std::round(-std::log((bits() + 0.5) / 4294967296.0) * 1e6);
}

static void schedule(int32_t count) {
  double delay = exponential();
  queue_.push({now_ + delay, sequence_++, count & 3, (int32_t)(bits() & 1023), count, 0});
}

template <int kind>
static void hop(int32_t target, int32_t count) {
  state_[target] ^= count + kind;
  schedule(count + 1);
}

static void (*const handlers_[4])(int32_t, int32_t) = {hop<0>, hop<1>, hop<2>, hop<3>};

static double cpu() {
  timespec time;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return time.tv_sec + time.tv_nsec / 1e9;
}

int main(int, char** arguments) {
  const bool holds = std::string(arguments[1]) == "hold";
  const int pending = std::atoi(arguments[2]);
  const int events = std::atoi(arguments[3]);
  const int rounds = std::atoi(arguments[4]);
  std::vector<double> delays(65536);
  for (double& delay : delays) delay = exponential();
  for (int index = 0; index < pending; index++) schedule(index);
  // The first round warms up.
  for (int round = 0; round <= rounds; round++) {
    const double start = cpu();
    for (int index = 0; index < events; index++) {
      const Event event = queue_.top();
      queue_.pop();
      now_ = event.time;
      if (holds) queue_.push({now_ + delays[index & 65535], sequence_++, 0, event.target, 0, 0});
      else handlers_[event.kind](event.target, event.count);
    }
    if (round > 0) std::printf("%.4f\n", events / (cpu() - start) / 1e6);
  }
  return state_[0] == 42 ? 1 : 0;
}
