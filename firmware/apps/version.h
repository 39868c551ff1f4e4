// The version both programs report and carry in their image header.
#pragma once

#include <string_view>

namespace jambox {

inline constexpr std::string_view kFirmwareVersion = "6.0.0";

}  // namespace jambox
