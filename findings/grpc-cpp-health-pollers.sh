#!/usr/bin/env bash
# gRPC C++ 1.51.1 of Debian 12, 2026-12-01. A server whose calls come from one completion queue, in
# one thread, has its sockets read and written by that thread. EnableDefaultHealthCheckService(true)
# changes this for all calls, asked for health or not: that service is written with the callback
# API, for which the library starts threads of its own, and these poll the same sockets. They get
# the bytes of most calls first and wake the queue's thread, so that a call changes threads on its
# way. Here that thread does nearly all of the server's work without the service, and about half of
# it with it. Needs a compiler, and apt with Debian 12's archive.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
apt-get download -qq -o APT::Sandbox::User=root libgrpc++-dev=1.51.1-3+b1 libgrpc-dev=1.51.1-3+b1 libgrpc++1.51=1.51.1-3+b1 \
  libgrpc29=1.51.1-3+b1 libabsl-dev=20220623.1-1+deb12u2 libabsl20220623=20220623.1-1+deb12u2 \
  libprotobuf-dev libprotobuf32 libc-ares2 libre2-9 libssl3
for package in *.deb; do dpkg -x "$package" root; done
cat > probe.cpp <<'CPP'
#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>

constexpr int kCalls = 5000;

int call(int port) {
  grpc::GenericStub stub(grpc::CreateChannel("127.0.0.1:" + std::to_string(port),
                                             grpc::InsecureChannelCredentials()));
  grpc::CompletionQueue queue;
  for (int i = 0; i < kCalls; ++i) {
    grpc::ClientContext context;
    const grpc::Slice slice("some request");
    const auto reader = stub.PrepareUnaryCall(&context, "/a/b", grpc::ByteBuffer(&slice, 1), &queue);
    reader->StartCall();
    grpc::ByteBuffer reply;
    grpc::Status status;
    reader->Finish(&reply, &status, nullptr);
    void* tag = nullptr;
    bool ok = false;
    queue.Next(&tag, &ok);
    if (!status.ok()) return 1;
  }
  return 0;
}

// On a processor, of one thread, in seconds.
double time_of(const std::filesystem::path& thread) {
  double ns = 0;
  std::ifstream(thread / "schedstat") >> ns;
  return ns / 1e9;
}

int main(int argc, char** argv) {
  int ports[2];
  if (argc != 2 || pipe(ports) != 0) return 2;
  const pid_t client = fork();
  if (client == 0) {
    int port = 0;
    return read(ports[0], &port, sizeof port) == sizeof port ? call(port) : 1;
  }
  grpc::EnableDefaultHealthCheckService(std::string(argv[1]) == "health");
  grpc::AsyncGenericService service;
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  builder.RegisterAsyncGenericService(&service);
  const auto queue = builder.AddCompletionQueue();
  const auto server = builder.BuildAndStart();
  if (write(ports[1], &port, sizeof port) != sizeof port) return 2;
  for (int i = 0; i < kCalls; ++i) {
    grpc::GenericServerContext context;
    grpc::GenericServerAsyncReaderWriter stream(&context);
    grpc::ByteBuffer request;
    void* tag = nullptr;
    bool ok = false;
    service.RequestCall(&context, &stream, queue.get(), queue.get(), nullptr);
    queue->Next(&tag, &ok);
    stream.Read(&request, nullptr);
    queue->Next(&tag, &ok);
    stream.WriteAndFinish(request, {}, grpc::Status::OK, nullptr);
    queue->Next(&tag, &ok);
  }
  double all = 0;
  for (const auto& thread : std::filesystem::directory_iterator("/proc/self/task")) {
    all += time_of(thread.path());
  }
  const double own = time_of("/proc/self/task/" + std::to_string(syscall(SYS_gettid)));
  int status = 0;
  waitpid(client, &status, 0);
  std::printf("%.0f\n", 100 * own / all);
  std::fflush(stdout);
  _exit(status == 0 ? 0 : 1);
}
CPP
lib=root/usr/lib/x86_64-linux-gnu
g++ -O1 -std=c++17 -Wno-deprecated-declarations -isystem root/usr/include probe.cpp -o probe -L "$lib" \
  -Wl,-rpath,"$PWD/$lib" -Wl,-rpath-link,"$lib" -lgrpc++ -lgrpc -lgpr -labsl_synchronization -lpthread
plain=$(./probe plain)
health=$(./probe health)
echo "share of the server's work that the queue's own thread does: $plain % without the health service, $health % with it"
[ "$plain" -ge 90 ] && [ "$health" -le 75 ] || { echo "no longer so" >&2; exit 1; }
