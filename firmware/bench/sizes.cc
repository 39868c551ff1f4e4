// Prints the budgets of docs/memory.md as the compiler has them, one row a line, tab-separated:
// kind, name, bytes, budget. scripts/firmware-sizes.ts makes the table.
#include "apps/jambox/memory_budget.h"

#include <cstdio>

namespace {

void print(const char* kind, const jambox::memory::Row& row) {
  std::printf("%s\t%s\t%zu\t%zu\n", kind, row.name, row.bytes, row.budget);
}

}  // namespace

int main() {
  for (const auto& row : jambox::memory::kParts) print("part", row);
  for (const auto& row : jambox::memory::kTables) print("table", row);
  print("app", jambox::memory::kApp);
}
