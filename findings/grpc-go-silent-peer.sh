#!/usr/bin/env bash
# grpc-go 1.82.0, 2026-11-29. When the way to the server goes dead without a reset (a node lost, a
# firewall that forgot the flow), a client with the default options stays READY: each call ends at
# its deadline, no call makes it dial again, and a server that has been reachable for long by a new
# connection is not used. Here 40 calls in 8 s; only the kernel's give-up on unacknowledged data,
# some 15 minutes on Linux, would end it. With keepalive it takes one timeout.
set -euo pipefail
dir=$(mktemp -d)
trap 'chmod -R u+w "$dir"; rm -rf "$dir"' EXIT
export GOPATH="$dir/go" GOFLAGS=-mod=mod
cd "$dir"
cat > probe.go <<'GO'
package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"sync/atomic"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/health"
	pb "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/keepalive"
	"google.golang.org/grpc/status"
)

// A way to the server whose first connection can go silent; later ones are sound.
type way struct {
	listener net.Listener
	dials    atomic.Int32
	silent   atomic.Bool
}

func (w *way) serve(server string) {
	for {
		in, err := w.listener.Accept()
		if err != nil {
			return
		}
		isFirst := w.dials.Add(1) == 1
		out, err := net.Dial("tcp", server)
		if err != nil {
			panic(err)
		}
		go w.copy(out, in, isFirst)
		go w.copy(in, out, isFirst)
	}
}

// Reads on for ever, so that no side sees an end.
func (w *way) copy(to, from net.Conn, isFirst bool) {
	buffer := make([]byte, 4096)
	for {
		n, err := from.Read(buffer)
		if isFirst && w.silent.Load() {
			if err == io.EOF {
				return
			}
			continue
		}
		if err != nil {
			to.Close()
			return
		}
		to.Write(buffer[:n])
	}
}

func run(server, name string, options ...grpc.DialOption) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	w := &way{listener: listener}
	go w.serve(server)
	options = append(options, grpc.WithTransportCredentials(insecure.NewCredentials()))
	conn, err := grpc.NewClient(listener.Addr().String(), options...)
	if err != nil {
		panic(err)
	}
	client := pb.NewHealthClient(conn)
	call := func() string {
		ctx, cancel := context.WithTimeout(context.Background(), 200*time.Millisecond)
		defer cancel()
		_, err := client.Check(ctx, &pb.HealthCheckRequest{})
		return status.Code(err).String()
	}
	for call() != "OK" {
	}
	w.silent.Store(true)
	// The least time between keepalive pings is 10 s, so with it the silence is given 25 s.
	last, calls := "", 40
	if len(options) > 1 {
		for until := time.Now().Add(25 * time.Second); time.Now().Before(until) && last != "OK"; {
			last = call()
		}
		fmt.Printf("%s: last call %s, dials %d\n", name, last, w.dials.Load())
		return
	}
	failed := 0
	for i := 0; i < calls; i++ {
		if last = call(); last == "DeadlineExceeded" {
			failed++
		}
	}
	fmt.Printf("%s: %d of %d calls DeadlineExceeded, channel %s, dials %d\n", name, failed, calls,
		conn.GetState(), w.dials.Load())
}

func main() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	server := grpc.NewServer()
	pb.RegisterHealthServer(server, health.NewServer())
	go server.Serve(listener)
	address := listener.Addr().String()
	run(address, "default")
	run(address, "keepalive", grpc.WithKeepaliveParams(
		keepalive.ClientParameters{Time: 10 * time.Second, Timeout: time.Second}))
}
GO
go mod init probe 2> /dev/null
go get google.golang.org/grpc@v1.82.0 2> /dev/null
go run probe.go | tee seen
diff seen - <<'SEEN'
default: 40 of 40 calls DeadlineExceeded, channel READY, dials 1
keepalive: last call OK, dials 2
SEEN
echo "as stated"
