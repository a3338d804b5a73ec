#!/usr/bin/env bash
# awscli 1.46.3 and botocore 1.44.5, 2026-11-29. Installed on the same day from the same index, the
# command line tries a failing call five times and the library three: awscli brings a botocore of
# its own, of an older series, in whose default mode ("legacy") nothing has changed, while the new
# retry defaults of November 2026 hold in botocore 1.44. Upgrading botocore beside it changes nothing.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" install --quiet --disable-pip-version-check awscli==1.46.3
python3 -m venv "$dir/library"
"$dir/library/bin/pip" install --quiet --disable-pip-version-check botocore==1.44.5
cat > "$dir/stub.py" <<'PY'
import http.server
import sys

BODY = (b"<Response><Errors><Error><Code>ServiceUnavailable</Code><Message>m</Message></Error>"
        b"</Errors><RequestID>r</RequestID></Response>")


class Stub(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        print("request", file=sys.stderr, flush=True)
        self.send_response(503)
        self.send_header("Content-Length", str(len(BODY)))
        self.end_headers()
        self.wfile.write(BODY)

    def log_message(self, *args):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Stub)
print(server.server_port, flush=True)
server.serve_forever()
PY
cat > "$dir/call.py" <<'PY'
import sys

import botocore.exceptions
import botocore.session

client = botocore.session.Session().create_client("ec2", endpoint_url=sys.argv[1])
try:
    client.describe_regions()
except botocore.exceptions.ClientError:
    pass
PY
export AWS_ACCESS_KEY_ID=id AWS_SECRET_ACCESS_KEY=key AWS_DEFAULT_REGION=us-east-1
export AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null
unset AWS_RETRY_MODE AWS_MAX_ATTEMPTS AWS_PROFILE
python3 "$dir/stub.py" > "$dir/port" 2> "$dir/requests" &
stub=$!
trap 'kill $stub; rm -rf "$dir"' EXIT
until [ -s "$dir/port" ]; do sleep 0.1; done
url="http://127.0.0.1:$(cat "$dir/port")"
"$dir/venv/bin/aws" ec2 describe-regions --endpoint-url "$url" > "$dir/out" 2>&1 || true
command_line=$(wc -l < "$dir/requests")
"$dir/library/bin/python" "$dir/call.py" "$url"
library=$(($(wc -l < "$dir/requests") - command_line))
{
  echo "awscli: $command_line attempts"
  echo "botocore: $library attempts"
} | tee "$dir/seen"
diff "$dir/seen" - <<'SEEN'
awscli: 5 attempts
botocore: 3 attempts
SEEN
echo "as stated"
