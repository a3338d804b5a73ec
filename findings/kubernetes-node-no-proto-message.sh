#!/usr/bin/env bash
# k8s.io/api 0.34.2, 0.35.4 and 0.36.2, 2026-11-29. The types of the Kubernetes API are no protobuf
# messages to Go any more: Node still has Marshal and Unmarshal, but no ProtoMessage(), so neither a
# gRPC service nor proto.Marshal takes it, and where that is asserted at run time the compiler says
# nothing. Who sends nodes over gRPC (as to cluster-autoscaler's external providers) must marshal
# them himself and send bytes. The build tag that brought the methods back in 0.35 is accepted with
# 0.36, and does nothing.
set -euo pipefail
dir=$(mktemp -d)
trap 'chmod -R u+w "$dir"; rm -rf "$dir"' EXIT
export GOPATH="$dir/go" GOFLAGS=-mod=mod
cd "$dir"
cat > probe.go <<'GO'
package main

import (
	"fmt"
	"os"

	v1 "k8s.io/api/core/v1"
)

func main() {
	node := &v1.Node{}
	node.Name = "n"
	_, isMessage := any(node).(interface {
		Reset()
		String() string
		ProtoMessage()
	})
	bytes, err := node.Marshal()
	fmt.Printf("%s: a protobuf message: %t; Marshal: %d bytes, error %v\n", os.Args[1], isMessage,
		len(bytes), err)
}
GO
go mod init probe 2> /dev/null
export GOFLAGS="-mod=mod -tags=kubernetes_protomessage_one_more_release"
for version in 0.34.2 0.35.4 0.36.2; do
  go get "k8s.io/api@v$version" 2> /dev/null
  go run . "$version with the tag"
done | tee seen
GOFLAGS=-mod=mod go run . "0.36.2" | tee -a seen
diff seen - <<'SEEN'
0.34.2 with the tag: a protobuf message: true; Marshal: 61 bytes, error <nil>
0.35.4 with the tag: a protobuf message: true; Marshal: 61 bytes, error <nil>
0.36.2 with the tag: a protobuf message: false; Marshal: 61 bytes, error <nil>
0.36.2: a protobuf message: false; Marshal: 61 bytes, error <nil>
SEEN
echo "as stated"
