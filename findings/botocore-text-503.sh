#!/usr/bin/env bash
# botocore 1.44.5, 2026-11-29. Whether botocore tries an EC2 call again after a 503 hangs on the
# body of the reply, in every retry mode: an empty body or a page of HTML is tried again, a line of
# plain text (as proxies and load balancers send it) is final after one attempt. The parser of the
# error fails before the retry handler is asked, so the caller sees ResponseParserError, which is
# no ClientError.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" install --quiet --disable-pip-version-check botocore==1.44.5
cat > "$dir/probe.py" <<'PY'
import http.server
import threading

import botocore.session
from botocore.config import Config

BODIES = {
    "empty": b"",
    "html": b"<html><body>503 Service Unavailable</body></html>",
    "text": b"no healthy upstream",
}


class Stub(http.server.BaseHTTPRequestHandler):
    body = b""
    requests = 0

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        Stub.requests += 1
        self.send_response(503)
        self.send_header("Content-Length", str(len(Stub.body)))
        self.end_headers()
        self.wfile.write(Stub.body)

    def log_message(self, *args):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Stub)
threading.Thread(target=server.serve_forever, daemon=True).start()

for mode in ("legacy", "standard", "adaptive"):
    for name, body in BODIES.items():
        Stub.body, Stub.requests = body, 0
        client = botocore.session.Session().create_client(
            "ec2", region_name="us-east-1", aws_access_key_id="id", aws_secret_access_key="key",
            endpoint_url=f"http://127.0.0.1:{server.server_port}",
            config=Config(retries={"mode": mode, "total_max_attempts": 2}))
        try:
            client.describe_regions()
            error = "none"
        except Exception as raised:
            error = type(raised).__name__
        print(f"{mode}, {name} body: {Stub.requests} attempts, {error}")
PY
"$dir/venv/bin/python" "$dir/probe.py" | tee "$dir/seen"
diff "$dir/seen" - <<'SEEN'
legacy, empty body: 2 attempts, ClientError
legacy, html body: 2 attempts, ClientError
legacy, text body: 1 attempts, ResponseParserError
standard, empty body: 2 attempts, ClientError
standard, html body: 2 attempts, ClientError
standard, text body: 1 attempts, ResponseParserError
adaptive, empty body: 2 attempts, ClientError
adaptive, html body: 2 attempts, ClientError
adaptive, text body: 1 attempts, ResponseParserError
SEEN
echo "as stated"
