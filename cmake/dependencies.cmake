# Everything that casim takes from the distribution. Headers of imported targets are SYSTEM.

set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)
find_package(Boost 1.81 REQUIRED COMPONENTS program_options)
find_package(OpenSSL 3 REQUIRED)
find_package(ZLIB REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(SQLiteCpp REQUIRED)
find_package(nlohmann_json 3.11 REQUIRED)
find_package(yaml-cpp REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)

# Chart.js of the distribution, built into the reports (Debian: libjs-chart.js).
find_file(CASIM_CHART_JS NAMES chart.min.js Chart.min.js chart.umd.js
          PATHS /usr/share/javascript/chart.js /usr/share/nodejs/chart.js/dist NO_DEFAULT_PATH)
mark_as_advanced(CASIM_CHART_JS)
if(NOT CASIM_CHART_JS)
  message(FATAL_ERROR "Chart.js is missing: install libjs-chart.js, or say where it is with "
                      "-DCASIM_CHART_JS=/path/to/chart.min.js")
endif()

include(cmake/grpc.cmake)

if(BUILD_TESTING)
  find_package(Catch2 REQUIRED)
  include(Catch)
  find_package(benchmark REQUIRED)
endif()

# Boost as our code uses it: link this, not Boost::headers.
add_library(casim_boost INTERFACE)
target_link_libraries(casim_boost INTERFACE Boost::headers Threads::Threads)
target_compile_definitions(casim_boost INTERFACE BOOST_ASIO_NO_DEPRECATED)

# yaml-cpp exports a plain target name in 0.7 and a namespaced one later.
add_library(casim_yaml INTERFACE)
if(TARGET yaml-cpp::yaml-cpp)
  target_link_libraries(casim_yaml INTERFACE yaml-cpp::yaml-cpp)
else()
  target_link_libraries(casim_yaml INTERFACE yaml-cpp)
endif()

# Go's regular expressions. gRPC brings the same library: where that is static, so is this, with the
# Abseil that it needs from Debian 13 on.
add_library(casim_re2 INTERFACE)
if(CASIM_GRPC_LINKS_STATICALLY AND CASIM_STATIC_GRPC)
  target_link_libraries(casim_re2 INTERFACE casim_grpc)
else()
  find_library(CASIM_RE2 NAMES re2 REQUIRED)
  mark_as_advanced(CASIM_RE2)
  target_link_libraries(casim_re2 INTERFACE ${CASIM_RE2})
endif()
