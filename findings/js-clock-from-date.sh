#!/usr/bin/env bash
# @aws-sdk/client-ec2 3.1169.0 (JavaScript), 2026-11-29. A client sets its clock by the Date of
# every reply, a successful one included: one reply whose Date is an hour ahead, from a proxy's
# cache or a host with a wrong clock, and the next request is signed an hour ahead, which EC2
# refuses (it allows five minutes or so). botocore 1.44.5 signs by its own clock whatever it is told.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
(cd "$dir" && npm install --silent --no-audit --no-fund @aws-sdk/client-ec2@3.1169.0 > /dev/null)
python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" install --quiet --disable-pip-version-check botocore==1.44.5
cat > "$dir/js.mjs" <<'JS'
import http from "node:http";
import { EC2Client, DescribeRegionsCommand } from "@aws-sdk/client-ec2";

const hour = 3600 * 1000;
const signedAhead = [];
const server = http.createServer((request, reply) => {
  const [, y, mo, d, h, m, s] = /(....)(..)(..)T(..)(..)(..)Z/.exec(request.headers["x-amz-date"]);
  const signed = Date.UTC(y, mo - 1, d, h, m, s);
  signedAhead.push(Math.round((signed - Date.now()) / hour));
  request.resume();
  reply.writeHead(200, { Date: new Date(Date.now() + hour).toUTCString() });
  reply.end('<DescribeRegionsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">' +
    "<requestId>r</requestId><regionInfo/></DescribeRegionsResponse>");
});
server.listen(0, "127.0.0.1", async () => {
  const client = new EC2Client({
    region: "us-east-1",
    endpoint: `http://127.0.0.1:${server.address().port}`,
    credentials: { accessKeyId: "id", secretAccessKey: "key" },
  });
  for (let call = 0; call < 2; ++call) await client.send(new DescribeRegionsCommand({}));
  console.log(`JavaScript: signed ${signedAhead.join(", then ")} hours ahead`);
  process.exit(0);
});
JS
cat > "$dir/py.py" <<'PY'
import datetime
import email.utils
import http.server
import threading
import time

import botocore.session

signed_ahead = []


class Stub(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        signed = datetime.datetime.strptime(self.headers["X-Amz-Date"] + "+0000", "%Y%m%dT%H%M%SZ%z")
        signed_ahead.append(round((signed.timestamp() - time.time()) / 3600))
        body = (b'<DescribeRegionsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">'
                b"<requestId>r</requestId><regionInfo/></DescribeRegionsResponse>")
        self.send_response_only(200)
        self.send_header("Date", email.utils.formatdate(time.time() + 3600, usegmt=True))
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Stub)
threading.Thread(target=server.serve_forever, daemon=True).start()
client = botocore.session.Session().create_client(
    "ec2", region_name="us-east-1", aws_access_key_id="id", aws_secret_access_key="key",
    endpoint_url=f"http://127.0.0.1:{server.server_port}")
for call in range(2):
    client.describe_regions()
print(f"Python: signed {', then '.join(map(str, signed_ahead))} hours ahead")
PY
{ (cd "$dir" && node js.mjs) && "$dir/venv/bin/python" "$dir/py.py"; } | tee "$dir/seen"
diff "$dir/seen" - <<'SEEN'
JavaScript: signed 0, then 1 hours ahead
Python: signed 0, then 0 hours ahead
SEEN
echo "as stated"
