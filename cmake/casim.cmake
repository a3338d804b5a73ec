# The functions that every folder's CMakeLists.txt is written with. Sources are relative to the folder.
#
#   casim_library(NAME sources... [DEPS targets...] [PRIVATE targets...])
#       A static library, or an INTERFACE one where no source is a .cpp. DEPS are public.
#   casim_proto_library(NAME protos... [GRPC] [DEPS targets...])
#       Generated messages (and services with GRPC). Included as "src/proto/x.pb.h".
#   casim_program(NAME sources... [DEPS targets...])
#       build/<preset>/bin/NAME
#   casim_test(NAME sources... [DEPS targets...] [LABELS quick|long] [TSAN])
#       A Catch2 binary, one CTest test "NAME/<test case>" per case. The label is quick unless given.
#       TSAN: takes part in the tsan preset too (and must not link casim_grpc there).
#       Runs in the repository's root, with the environment variable CASIM_ORACLE_CASES, if there are
#       such cases, as a list of files separated by colons.
#   casim_bench(NAME sources... [DEPS targets...])
#       A Google Benchmark binary, and a quick CTest test "bench/NAME" that runs it for an instant. Not
#       with sanitizers, whose own cost is all that it would measure.
#   casim_fuzz(NAME sources... [DEPS targets...])
#       A libFuzzer binary, in the fuzz preset only (elsewhere there is no such target).
#
# Targets: src/<folder> is casim_<folder>, sim/<folder> is sim_<folder>. Third party: casim_boost
# (Asio, Beast, ... headers), casim_grpc, casim_yaml, Boost::program_options, fmt::fmt,
# nlohmann_json::nlohmann_json, spdlog::spdlog, OpenSSL::Crypto, OpenSSL::SSL, ZLIB::ZLIB,
# SQLite::SQLite3, SQLiteCpp. The target quick_tests builds every test that is labelled quick,
# fuzzers every fuzzer. In the tsan preset only TSAN tests exist: guard further use
# of such a target with if(TARGET x). Libraries and programs exist there, but only what a TSAN test
# needs is built.

add_custom_target(quick_tests)
add_custom_target(fuzzers)

function(casim_add_folders ROOT)
  foreach(folder IN LISTS ARGN)
    set(path ${PROJECT_SOURCE_DIR}/${ROOT}/${folder})
    # A file that appears later must be noticed by the next build.
    file(GLOB found CONFIGURE_DEPENDS ${path}/CMakeLists.txt)
    if(found)
      add_subdirectory(${path})
    endif()
  endforeach()
endfunction()

# Notes what a target links, for casim_check_targets.
function(_casim_link NAME SCOPE)
  if(ARGN)
    target_link_libraries(${NAME} ${SCOPE} ${ARGN})
    foreach(dep IN LISTS ARGN)
      set_property(GLOBAL APPEND PROPERTY CASIM_LINKS ${NAME}>${dep})
    endforeach()
  endif()
endfunction()

# A folder that is not there yet would otherwise show up as a missing -lsim_x at link time.
function(casim_check_targets)
  get_property(links GLOBAL PROPERTY CASIM_LINKS)
  foreach(link IN LISTS links)
    string(REPLACE ">" ";" pair ${link})
    list(GET pair 0 name)
    list(GET pair 1 dep)
    if(dep MATCHES "^(casim|sim)_[a-z0-9_]+$" AND NOT TARGET ${dep})
      message(WARNING "${name} links ${dep}, which no CMakeLists.txt defines")
    endif()
  endforeach()
endfunction()

# In the tsan preset, a target is built only where a TSAN test needs it.
function(_casim_unless_tsan NAME)
  if(CASIM_TSAN)
    set_target_properties(${NAME} PROPERTIES EXCLUDE_FROM_ALL ON)
  endif()
endfunction()

function(casim_library NAME)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "DEPS;PRIVATE")
  set(sources ${arg_UNPARSED_ARGUMENTS})
  list(FILTER sources INCLUDE REGEX "\\.cpp$")
  if(sources)
    add_library(${NAME} STATIC ${arg_UNPARSED_ARGUMENTS})
    target_link_libraries(${NAME} PRIVATE project_options)
    # Consumers that are not ours alone still need the include root.
    target_include_directories(${NAME} INTERFACE ${PROJECT_SOURCE_DIR})
    _casim_link(${NAME} PUBLIC ${arg_DEPS})
    _casim_link(${NAME} PRIVATE ${arg_PRIVATE})
  else()
    add_library(${NAME} INTERFACE)
    target_include_directories(${NAME} INTERFACE ${PROJECT_SOURCE_DIR})
    _casim_link(${NAME} INTERFACE ${arg_DEPS} ${arg_PRIVATE})
  endif()
  _casim_unless_tsan(${NAME})
endfunction()

function(casim_proto_library NAME)
  cmake_parse_arguments(PARSE_ARGV 1 arg "GRPC" "" "DEPS")
  set(out ${PROJECT_BINARY_DIR}/generated)
  set(sources)
  foreach(proto IN LISTS arg_UNPARSED_ARGUMENTS)
    file(RELATIVE_PATH path ${PROJECT_SOURCE_DIR} ${CMAKE_CURRENT_SOURCE_DIR}/${proto})
    string(REGEX REPLACE "\\.proto$" "" stem ${out}/${path})
    set(files ${stem}.pb.cc ${stem}.pb.h)
    set(command protobuf::protoc -I ${PROJECT_SOURCE_DIR} --cpp_out=${out})
    if(arg_GRPC)
      list(APPEND files ${stem}.grpc.pb.cc ${stem}.grpc.pb.h)
      list(APPEND command --grpc_out=${out}
           --plugin=protoc-gen-grpc=$<TARGET_FILE:gRPC::grpc_cpp_plugin>)
    endif()
    file(MAKE_DIRECTORY ${out})
    add_custom_command(OUTPUT ${files}
      COMMAND ${command} ${PROJECT_SOURCE_DIR}/${path}
      DEPENDS ${PROJECT_SOURCE_DIR}/${path}
      COMMENT "Generating ${path}" VERBATIM)
    list(APPEND sources ${files})
  endforeach()
  add_library(${NAME} STATIC ${sources})
  target_include_directories(${NAME} SYSTEM PUBLIC ${out})
  target_compile_options(${NAME} PRIVATE -w)
  set_target_properties(${NAME} PROPERTIES CXX_CLANG_TIDY "" UNITY_BUILD OFF)
  target_link_libraries(${NAME} PRIVATE casim_base_options)
  _casim_link(${NAME} PUBLIC casim_grpc ${arg_DEPS})
  _casim_unless_tsan(${NAME})
endfunction()

function(casim_program NAME)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "DEPS")
  add_executable(${NAME} ${arg_UNPARSED_ARGUMENTS})
  target_link_libraries(${NAME} PRIVATE project_options)
  _casim_link(${NAME} PRIVATE ${arg_DEPS})
  _casim_unless_tsan(${NAME})
endfunction()

function(casim_test NAME)
  cmake_parse_arguments(PARSE_ARGV 1 arg "TSAN" "" "DEPS;LABELS")
  if(CASIM_TSAN AND NOT arg_TSAN)
    return()
  endif()
  if(NOT arg_LABELS)
    set(arg_LABELS quick)
  endif()
  if(NOT arg_LABELS MATCHES "^(quick|long)$")
    message(FATAL_ERROR "casim_test(${NAME}): LABELS is quick or long, not '${arg_LABELS}'")
  endif()
  add_executable(${NAME} ${arg_UNPARSED_ARGUMENTS})
  target_link_libraries(${NAME} PRIVATE project_options Catch2::Catch2WithMain)
  # Without a handler of exceptions around each assertion: a sixth of the time of a sanitized test.
  target_compile_definitions(${NAME} PRIVATE CATCH_CONFIG_ENABLE_CHRONO_STRINGMAKER
                             CATCH_CONFIG_FAST_COMPILE)
  # What is tested is optimised, not the test, which takes a third longer to compile then, and with
  # sanitizers nearly twice as long.
  if(CASIM_SANITIZE)
    target_compile_options(${NAME} PRIVATE -O0)
  else()
    target_compile_options(${NAME} PRIVATE -O1)
  endif()
  _casim_link(${NAME} PRIVATE ${arg_DEPS})
  set(environment)
  if(CASIM_ORACLE_CASES)
    string(REPLACE ";" ":" oracle "${CASIM_ORACLE_CASES}")
    set(environment ENVIRONMENT CASIM_ORACLE_CASES=${oracle})
  endif()
  set(timeout 300)
  if(CASIM_SANITIZE)
    set(timeout 900)  # several times as slow, on a machine that may be slow itself
  endif()
  if(arg_LABELS STREQUAL "long")
    set(timeout 1800)
  endif()
  catch_discover_tests(${NAME} TEST_PREFIX "${NAME}/" WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}
    PROPERTIES LABELS ${arg_LABELS} TIMEOUT ${timeout} ${environment})
  if(arg_LABELS STREQUAL "quick")
    add_dependencies(quick_tests ${NAME})
  endif()
endfunction()

function(casim_bench NAME)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "DEPS")
  if(CASIM_SANITIZE)
    return()
  endif()
  add_executable(${NAME} ${arg_UNPARSED_ARGUMENTS})
  target_link_libraries(${NAME} PRIVATE project_options benchmark::benchmark_main)
  _casim_link(${NAME} PRIVATE ${arg_DEPS})
  add_test(NAME "bench/${NAME}" COMMAND ${NAME} --benchmark_min_time=0.01
           WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
  set_tests_properties("bench/${NAME}" PROPERTIES LABELS quick TIMEOUT 300)
  add_dependencies(quick_tests ${NAME})
endfunction()

function(casim_fuzz NAME)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "DEPS")
  if(NOT CASIM_FUZZ)
    return()
  endif()
  add_executable(${NAME} ${arg_UNPARSED_ARGUMENTS})
  target_link_libraries(${NAME} PRIVATE project_options)
  target_link_options(${NAME} PRIVATE -fsanitize=fuzzer)
  _casim_link(${NAME} PRIVATE ${arg_DEPS})
  add_dependencies(fuzzers ${NAME})
endfunction()
