// A small stand-in for libFuzzer where its clang is missing: mutates the corpus at random from a
// seed, without looking at coverage. Takes the same arguments as far as we use them:
//   driver -max_total_time=5 -seed=1 -artifact_prefix=DIR/ CORPUS_DIR
// An input that ends the program lies in DIR/current, since it is written there before it runs.
#include <chrono>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "host/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

constexpr std::size_t kInputMax = 4096;

// xorshift32: any run can be repeated from its seed.
class Random {
 public:
  explicit Random(std::uint32_t seed) : state_(seed * 0x9E3779B1u | 1u) {}
  std::uint32_t below(std::size_t limit) {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 17;
    state_ ^= state_ << 5;
    return limit == 0 ? 0 : static_cast<std::uint32_t>(state_ % limit);
  }

 private:
  std::uint32_t state_;
};

void mutate_once(std::string& input, const std::vector<std::string>& corpus, Random& random) {
  const std::size_t at = random.below(input.size() + 1);
  const std::size_t count = 1 + random.below(8);
  switch (random.below(6)) {
    case 0:
      if (at < input.size()) input[at] = static_cast<char>(input[at] ^ 1 << random.below(8));
      break;
    case 1:
      if (at < input.size()) input[at] = static_cast<char>(random.below(256));
      break;
    case 2: input.insert(at, count, static_cast<char>(random.below(256))); break;
    case 3:
      if (at < input.size()) input.erase(at, count);
      break;
    case 4: input.insert(at, input.substr(random.below(input.size() + 1), count * 4)); break;
    default: {
      const std::string& other = corpus[random.below(corpus.size())];
      input.insert(at, other.substr(random.below(other.size() + 1)));
    }
  }
  if (input.size() > kInputMax) input.resize(kInputMax);
}

std::vector<std::string> read_corpus(const std::string& folder) {
  std::vector<std::string> corpus{""};
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    std::ifstream file(entry.path(), std::ios::binary);
    corpus.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  return corpus;
}

void run_one(const std::string& input, const std::string& keep_in) {
  std::ofstream(keep_in, std::ios::binary) << input;
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
}

}  // namespace

int main(int argc, char** argv) {
  long seconds = 5;
  std::uint32_t seed = 1;
  std::string prefix = "./";
  std::string folder = ".";
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    const auto value = [&](const char* name) -> const char* {
      const std::size_t n = std::strlen(name);
      return argument.compare(0, n, name) == 0 ? argument.c_str() + n : nullptr;
    };
    if (const char* v = value("-max_total_time=")) seconds = std::atol(v);
    else if (const char* v = value("-seed=")) seed = static_cast<std::uint32_t>(std::atol(v));
    else if (const char* v = value("-artifact_prefix=")) prefix = v;
    else if (argument.empty() || argument[0] != '-') folder = argument;
  }
  const std::vector<std::string> corpus = read_corpus(folder);
  const std::string current = prefix + "current";
  for (const std::string& input : corpus) run_one(input, current);
  Random random(seed);
  unsigned long runs = corpus.size();
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
  while (std::chrono::steady_clock::now() < end) {
    std::string input = corpus[random.below(corpus.size())];
    for (std::size_t n = 1 + random.below(6); n > 0; --n) mutate_once(input, corpus, random);
    run_one(input, current);
    ++runs;
  }
  std::filesystem::remove(current);
  std::printf("Done %lu runs\n", runs);
  return 0;
}
