// ISO 8601 times, see civil_time.h. Day arithmetic after the era method: a year begins in March, so
// that the leap day is its last, and 400 years are one era of 146,097 days.
#include "core/clock/civil_time.h"

namespace jambox {

namespace {

constexpr std::int64_t kDaysPerEra = 146'097;
constexpr std::int64_t kDaysToEpoch = 719'468;  // from 0000-03-01 to 1970-01-01
constexpr std::int64_t kSecondsPerDay = 86'400;

std::int64_t days_from_civil(std::int64_t year, int month, int day) {
  if (month <= 2) --year;
  const std::int64_t era = year / 400;
  const std::int64_t year_of_era = year - era * 400;
  const int month_from_march = (month + 9) % 12;
  const std::int64_t day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
  const std::int64_t day_of_era =
      year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * kDaysPerEra + day_of_era - kDaysToEpoch;
}

int days_in_month(std::int64_t year, int month) {
  constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return month == 2 && leap ? 29 : kDays[month - 1];
}

// Takes exactly `digits` digits and, unless it is '\0', the character behind them.
bool take_number(std::string_view& text, std::size_t digits, char behind, int& value) {
  const std::size_t size = digits + (behind == '\0' ? 0 : 1);
  if (text.size() < size || (behind != '\0' && text[digits] != behind)) return false;
  value = 0;
  for (std::size_t i = 0; i < digits; ++i) {
    if (text[i] < '0' || text[i] > '9') return false;
    value = value * 10 + (text[i] - '0');
  }
  text.remove_prefix(size);
  return true;
}

int take_fraction_ms(std::string_view& text) {
  if (text.empty() || text.front() != '.') return 0;
  text.remove_prefix(1);
  int ms = 0;
  int weight = 100;
  for (; !text.empty() && text.front() >= '0' && text.front() <= '9'; weight /= 10) {
    ms += weight * (text.front() - '0');
    text.remove_prefix(1);
  }
  return ms;
}

// Minutes east of UTC, or nothing when what is left is no zone.
std::optional<int> take_zone(std::string_view text) {
  if (text.empty() || text == "Z") return 0;
  const char sign = text.front();
  if (sign != '+' && sign != '-') return std::nullopt;
  text.remove_prefix(1);
  int hours = 0;
  int minutes = 0;
  const bool read = take_number(text, 2, ':', hours) && take_number(text, 2, '\0', minutes);
  if (!read) return std::nullopt;
  if (!text.empty() || hours > 14 || minutes > 59) return std::nullopt;
  return (sign == '-' ? -1 : 1) * (hours * 60 + minutes);
}

}  // namespace

std::optional<std::int64_t> parse_iso_time_ms(std::string_view text) {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
  const bool digits = take_number(text, 4, '-', year) && take_number(text, 2, '-', month) &&
                      take_number(text, 2, 'T', day) && take_number(text, 2, ':', hour) &&
                      take_number(text, 2, ':', minute) && take_number(text, 2, '\0', second);
  if (!digits || year < 2000 || year > 2099 || month < 1 || month > 12 || day < 1) {
    return std::nullopt;
  }
  if (day > days_in_month(year, month) || hour > 23 || minute > 59 || second > 60) {
    return std::nullopt;
  }
  const int ms = take_fraction_ms(text);
  const auto zone = take_zone(text);
  if (!zone) return std::nullopt;
  const std::int64_t days = days_from_civil(year, month, day);
  const std::int64_t seconds =
      days * kSecondsPerDay + hour * 3600 + minute * 60 + second - *zone * 60;
  return seconds * 1000 + ms;
}

void add_iso_time(TextBuilder& out, std::int64_t unix_s) {
  const std::int64_t days = unix_s / kSecondsPerDay + kDaysToEpoch;
  const std::int64_t time = unix_s % kSecondsPerDay;
  const std::int64_t era = days / kDaysPerEra;
  const std::int64_t day_of_era = days % kDaysPerEra;
  const std::int64_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const std::int64_t day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t month_from_march = (5 * day_of_year + 2) / 153;
  const std::int64_t day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
  const std::int64_t month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
  const std::int64_t year = era * 400 + year_of_era + (month <= 2 ? 1 : 0);
  const auto two = [&out](std::int64_t n, char behind) {
    out.add_padded(static_cast<std::uint64_t>(n), 2).add(behind);
  };
  out.add_padded(static_cast<std::uint64_t>(year), 4).add('-');
  two(month, '-');
  two(day, 'T');
  two(time / 3600, ':');
  two(time / 60 % 60, ':');
  two(time % 60, 'Z');
}

}  // namespace jambox
