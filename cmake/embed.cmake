# casim_embed(OUTPUT HEADER name=file...)
#     A source that defines each function of HEADER, in casim::sim, as the bytes of its file.
# Run as a script (cmake -P) it writes one: OUTPUT, HEADER and PAIRS, a list of name=file.

if(CMAKE_SCRIPT_MODE_FILE)
  set(text "#include \"${HEADER}\"\n\nnamespace casim::sim {\n")
  string(REPLACE "|" ";" PAIRS "${PAIRS}")
  foreach(pair IN LISTS PAIRS)
    string(REGEX MATCH "^([^=]+)=(.*)$" _ "${pair}")
    set(name ${CMAKE_MATCH_1})
    file(READ ${CMAKE_MATCH_2} bytes HEX)
    string(REGEX REPLACE "(..)" "'\\\\x\\1'," bytes "${bytes}")
    string(APPEND text "\nstd::string_view ${name}() {\n  static constexpr char kBytes[] = {"
           "${bytes}'\\0'};\n  return {kBytes, sizeof kBytes - 1};\n}\n")
  endforeach()
  file(WRITE ${OUTPUT} "${text}\n}  // namespace casim::sim\n")
  return()
endif()

function(casim_embed OUTPUT HEADER)
  set(files)
  foreach(pair IN LISTS ARGN)
    string(REGEX REPLACE "^[^=]+=" "" file "${pair}")
    list(APPEND files ${file})
  endforeach()
  string(REPLACE ";" "|" pairs "${ARGN}")
  add_custom_command(OUTPUT ${OUTPUT}
    COMMAND ${CMAKE_COMMAND} -DOUTPUT=${OUTPUT} -DHEADER=${HEADER} "-DPAIRS=${pairs}"
            -P ${PROJECT_SOURCE_DIR}/cmake/embed.cmake
    DEPENDS ${files} ${PROJECT_SOURCE_DIR}/cmake/embed.cmake
    COMMENT "Building in ${HEADER}" VERBATIM)
endfunction()
