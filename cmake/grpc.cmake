# casim_grpc: gRPC, protobuf and Abseil in one INTERFACE target. Link this, never gRPC::* or absl::*
# directly: shared and static copies of one library must not meet in one binary.

find_package(Protobuf REQUIRED)
find_package(gRPC CONFIG REQUIRED)

option(CASIM_TSAN_GRPC "Link gRPC in the tsan preset too: tests/program/tsan.sh" OFF)
option(CASIM_STATIC_GRPC "Link gRPC, protobuf and Abseil statically, where their archives exist" OFF)

# Sets RESULT to the archives of gRPC and all it needs, or to nothing if one is missing.
function(_casim_grpc_archives RESULT)
  set(${RESULT} "" PARENT_SCOPE)
  set(archives)
  foreach(name grpc++ grpc gpr address_sorting upb protobuf cares re2)
    find_library(CASIM_ARCHIVE_${name} NAMES lib${name}.a)
    mark_as_advanced(CASIM_ARCHIVE_${name})
    if(NOT CASIM_ARCHIVE_${name})
      message(STATUS "lib${name}.a not found: gRPC is linked as a shared library")
      return()
    endif()
    list(APPEND archives ${CASIM_ARCHIVE_${name}})
  endforeach()
  cmake_path(GET CASIM_ARCHIVE_grpc PARENT_PATH folder)
  file(GLOB abseil ${folder}/libabsl_*.a)
  find_library(CASIM_ARCHIVE_grpc++_reflection NAMES libgrpc++_reflection.a REQUIRED)
  mark_as_advanced(CASIM_ARCHIVE_grpc++_reflection)
  if(NOT abseil)
    message(STATUS "libabsl_*.a not found: gRPC is linked as a shared library")
    return()
  endif()
  set(${RESULT} ${archives} ${abseil} PARENT_SCOPE)
endfunction()

# Sets RESULT to whether a small server and client link against ARCHIVES.
function(_casim_grpc_links RESULT ARCHIVES)
  set(source ${PROJECT_BINARY_DIR}/grpc_link_check.cpp)
  file(WRITE ${source} "#include <grpcpp/grpcpp.h>
int main() {
  grpc::ServerBuilder builder;
  builder.AddListeningPort(\"127.0.0.1:0\", grpc::SslServerCredentials({}));
  return builder.BuildAndStart() != nullptr;
}
")
  if(NOT DEFINED ${RESULT})
    message(STATUS "Checking that gRPC links statically")
    try_compile(${RESULT} ${PROJECT_BINARY_DIR}/grpc_link_check ${source}
      LINK_LIBRARIES -Wl,--start-group ${ARCHIVES} -Wl,--end-group
                     OpenSSL::SSL OpenSSL::Crypto ZLIB::ZLIB Threads::Threads ${CMAKE_DL_LIBS} rt
      CXX_STANDARD 17 CXX_STANDARD_REQUIRED ON)
  endif()
endfunction()

add_library(casim_grpc INTERFACE)
# Beside it, the service that tells clients what a server offers.
add_library(casim_grpc_reflection INTERFACE)
if(CASIM_TSAN AND NOT CASIM_TSAN_GRPC)
  # The library is not instrumented. A TSAN test that reaches it fails to link, with this name.
  target_link_libraries(casim_grpc INTERFACE -lno_grpc_in_a_tsan_binary)
  return()
endif()

set(archives)
if(CASIM_STATIC_GRPC)
  _casim_grpc_archives(archives)
endif()
if(archives)
  _casim_grpc_links(CASIM_GRPC_LINKS_STATICALLY "${archives}")
endif()
if(archives AND CASIM_GRPC_LINKS_STATICALLY)
  message(STATUS "gRPC ${gRPC_VERSION}: static")
  # As a target, so that what it needs stands behind the group wherever else that is linked too.
  add_library(casim_grpc_core STATIC IMPORTED)
  set_target_properties(casim_grpc_core PROPERTIES IMPORTED_LOCATION ${CASIM_ARCHIVE_grpc})
  target_link_libraries(casim_grpc_core INTERFACE
    OpenSSL::SSL OpenSSL::Crypto ZLIB::ZLIB Threads::Threads ${CMAKE_DL_LIBS} rt)
  list(REMOVE_ITEM archives ${CASIM_ARCHIVE_grpc})
  # One group, as the archives refer to each other in circles. OpenSSL stays shared.
  list(JOIN archives "," group)
  target_link_libraries(casim_grpc INTERFACE "$<LINK_GROUP:RESCAN,casim_grpc_core,${group}>")
  target_link_options(casim_grpc INTERFACE -Wl,--gc-sections)
  target_link_libraries(casim_grpc_reflection INTERFACE ${CASIM_ARCHIVE_grpc++_reflection} casim_grpc)
else()
  message(STATUS "gRPC ${gRPC_VERSION}: shared")
  target_link_libraries(casim_grpc INTERFACE
    gRPC::grpc++ protobuf::libprotobuf absl::synchronization)
  target_link_libraries(casim_grpc_reflection INTERFACE gRPC::grpc++_reflection casim_grpc)
endif()
