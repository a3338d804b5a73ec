// What is measured. Each part prints a line "NAME TIMES" or "NAME TIMES MB" for each of its rows of
// bench/run.sh on standard output, and on standard error what people want to know.
#pragma once

namespace casim::bench {

// Calls per second and p99 against an echo server.
void measure_calls(bool is_quick);
// 100,000 machines in one group, against 10,000 and against an echo server.
void measure_fleet(bool is_quick);
// Ten clients that ask for a large list, of which one does not read.
void measure_readers(bool is_quick);

}  // namespace casim::bench
