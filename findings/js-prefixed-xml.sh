#!/usr/bin/env bash
# @aws-sdk/client-ec2 3.1169.0 (JavaScript), 2026-11-29. A reply whose elements carry a namespace
# prefix is the same XML document as one with a default namespace. The JavaScript client finds
# nothing in it and reports success: a list of instances comes back absent, without an error, and
# whoever reconciles by it believes that every machine is gone. botocore 1.44.5 reads both alike.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
(cd "$dir" && npm install --silent --no-audit --no-fund @aws-sdk/client-ec2@3.1169.0 > /dev/null)
python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" install --quiet --disable-pip-version-check botocore==1.44.5
cat > "$dir/stub.py" <<'PY'
import http.server
import re
import sys

PLAIN = ('<DescribeInstancesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">'
         "<requestId>r</requestId><reservationSet><item><instancesSet><item>"
         "<instanceId>i-0123456789abcdef0</instanceId></item></instancesSet></item></reservationSet>"
         "</DescribeInstancesResponse>")
PREFIXED = re.sub(r"<(/?)([A-Za-z])", r"<\1e:\2", PLAIN).replace("xmlns=", "xmlns:e=")


class Stub(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        body = (PREFIXED if self.path == "/prefixed/" else PLAIN).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Stub)
print(server.server_port, flush=True)
server.serve_forever()
PY
cat > "$dir/js.mjs" <<'JS'
import { EC2Client, DescribeInstancesCommand } from "@aws-sdk/client-ec2";

for (const form of ["plain", "prefixed"]) {
  const client = new EC2Client({
    region: "us-east-1",
    endpoint: `http://127.0.0.1:${process.argv[2]}/${form}/`,
    credentials: { accessKeyId: "id", secretAccessKey: "key" },
  });
  const reply = await client.send(new DescribeInstancesCommand({}));
  const count = reply.Reservations?.flatMap((r) => r.Instances ?? []).length;
  console.log(`JavaScript, ${form}: HTTP ${reply.$metadata.httpStatusCode}, instances ${count}`);
}
JS
cat > "$dir/py.py" <<'PY'
import sys

import botocore.session

for form in ("plain", "prefixed"):
    client = botocore.session.Session().create_client(
        "ec2", region_name="us-east-1", aws_access_key_id="id", aws_secret_access_key="key",
        endpoint_url=f"http://127.0.0.1:{sys.argv[1]}/{form}/")
    reply = client.describe_instances()
    count = sum(len(one["Instances"]) for one in reply["Reservations"])
    print(f"Python, {form}: HTTP {reply['ResponseMetadata']['HTTPStatusCode']}, instances {count}")
PY
python3 "$dir/stub.py" > "$dir/port" &
stub=$!
trap 'kill $stub; rm -rf "$dir"' EXIT
until [ -s "$dir/port" ]; do sleep 0.1; done
port=$(cat "$dir/port")
{ (cd "$dir" && node js.mjs "$port") && "$dir/venv/bin/python" "$dir/py.py" "$port"; } |
  tee "$dir/seen"
diff "$dir/seen" - <<'SEEN'
JavaScript, plain: HTTP 200, instances 1
JavaScript, prefixed: HTTP 200, instances undefined
Python, plain: HTTP 200, instances 1
Python, prefixed: HTTP 200, instances 1
SEEN
echo "as stated"
