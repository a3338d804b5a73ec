#include "src/core/grpc_code.h"

namespace casim {

std::vector<std::pair<GrpcCode, std::string_view>> enum_names(GrpcCode) {
  std::vector<std::pair<GrpcCode, std::string_view>> names{{GrpcCode::kOk, "OK"}};
  for (int number = 1; number < kGrpcCodeCount; ++number) {
    const auto code = static_cast<GrpcCode>(number);
    names.emplace_back(code, name_of(*error_of(code)));
  }
  return names;
}

}  // namespace casim
