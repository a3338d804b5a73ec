"""rest_test.py CASIM: a session of curl and jq with the REST face of casim ec2, under an outage and
slowness, at a high speed; and its OpenAPI document against the schema of OpenAPI 3.0 that Debian has."""
import json
import os
import subprocess

from mock import Mock, run_all, skip

CURL, JQ = "/usr/bin/curl", "/usr/bin/jq"
SCHEMA = "/usr/share/openapi-specification/schemas/v3.0/schema.json"
for path, package in ((CURL, "curl"), (JQ, "jq"), (SCHEMA, "openapi-specification")):
    if not os.path.exists(path):
        skip(f"{path} is missing: apt-get install {package}")
try:
    import jsonschema
except ImportError as e:
    skip(f"{e}: apt-get install python3-jsonschema")

TOKEN = "a-token-of-this-test"
mock = Mock("--speed", "100", "--rest-token", TOKEN)
machines = mock.url + "/v1/machines"
NEW = '{"instanceType": "m6i.large", "imageId": "ami-1", "tags": {"cluster": "demo"}}'
TIMED_OUT = 28  # curl's exit code
recorded = []  # (schema, answer)


def curl(method, url, *more, token=TOKEN):
    """Exit code, status, body."""
    who = ["-H", f"Authorization: Bearer {token}"] if token else []
    done = subprocess.run([CURL, "-sS", "-g", "-X", method, *who, "-w", "\n%{http_code}", *more, url],
                          capture_output=True, text=True, timeout=120)
    body, _, status = done.stdout.rpartition("\n")
    return done.returncode, int(status or 0), body


def jq(expression, text):
    done = subprocess.run([JQ, "-er", expression], input=text, capture_output=True, text=True,
                          timeout=60)
    assert done.returncode == 0, (expression, text, done.stderr)
    return done.stdout.strip()


def ok(status, schema, method, url, *more):
    code, seen, body = curl(method, url, *more)
    assert (code, seen) == (0, status), (code, seen, body)
    recorded.append((schema, json.loads(body)))
    return body


def refused(status, error, method, url, *more, **kwargs):
    code, seen, body = curl(method, url, *more, **kwargs)
    assert (code, seen, jq(".error.code", body)) == (0, status, error), (code, seen, body)
    recorded.append(("Error", json.loads(body)))


def create(key):
    return "POST", machines, "-H", f"Idempotency-Key: {key}", "-d", NEW


def listed():
    return len(json.loads(ok(200, "MachineList", "GET", machines))["machines"])


def test_session_under_outage_and_slowness():
    with mock.fault(kind="ec2_outage"):
        refused(503, "ServiceUnavailable", *create("worker-1"))
        refused(503, "ServiceUnavailable", "GET", f"{machines}/worker-1")
    refused(404, "InvalidInstanceID.NotFound", "GET", f"{machines}/worker-1")

    # Three seconds of real time: curl has gone before the answer, and the machine is made.
    with mock.fault(kind="ec2_brownout", delay="300s"):
        code, status, _ = curl(*create("worker-1"), "--max-time", "1")
        assert (code, status) == (TIMED_OUT, 0), (code, status)
        machine = jq(".id", ok(201, "Machine", *create("worker-1")))
    assert jq(".id", ok(200, "Machine", "GET", f"{machines}/worker-1")) == machine
    assert listed() == 1

    mock.advance(600)
    assert jq(".state", ok(200, "Machine", "GET", f"{machines}/{machine}")) == "running"
    with mock.fault(kind="connection_reset", cut="in_body", actions=["CreateTags"]):
        code, _, _ = curl("PATCH", f"{machines}/worker-1", "-d", '{"tags": {"lost": "no"}}')
        assert code == 18, code  # a part of the answer
    assert jq(".tags.lost", ok(200, "Machine", "GET", f"{machines}/worker-1")) == "no"
    body = ok(200, "Machine", "PATCH", f"{machines}/worker-1", "-d", '{"tags": {"a": "b"}}')
    assert jq("[.tags.a, .tags.cluster] | join(\" \")", body) == "b demo"
    assert jq(".machines[0].id", ok(200, "MachineList", "GET", f"{machines}?tag:a=b")) == machine

    with mock.fault(kind="ec2_outage", actions=["TerminateInstances"]):
        refused(503, "ServiceUnavailable", "DELETE", f"{machines}/worker-1")
    assert jq(".state", ok(202, "RemovedMachine", "DELETE", f"{machines}/worker-1")) == "shutting-down"
    mock.advance(600)
    assert jq(".state", ok(200, "Machine", "GET", f"{machines}/{machine}")) == "terminated"
    refused(409, "IdempotentInstanceTerminated", *create("worker-1"))
    assert mock.calls("RunInstances")["ok"] == 2  # the second a replay of the first


def test_who_may_call():
    refused(401, "AuthFailure", "GET", machines, token="another")
    refused(401, "MissingAuthenticationToken", "GET", machines, token=None)


def test_throttling():
    with mock.fault(kind="ec2_throttle"):
        refused(429, "RequestLimitExceeded", "GET", machines)


# After those that record answers.
def test_the_openapi_document_is_one_and_says_what_is_answered():
    code, status, body = curl("GET", mock.url + "/v1/openapi.json", token=None)
    assert (code, status) == (0, 200)
    document = json.loads(body)
    with open(SCHEMA, encoding="utf-8") as file:
        schema = json.load(file)
    validator = jsonschema.Draft4Validator(schema)
    validator.check_schema(schema)
    validator.validate(document)
    broken = json.loads(body)
    del broken["paths"]["/v1/machines"]["post"]["responses"]
    assert list(validator.iter_errors(broken))  # it can fail

    names = {name for name, _ in recorded}
    assert names == {"Machine", "MachineList", "RemovedMachine", "Error"}, names
    resolver = jsonschema.RefResolver("", document)
    for name, answer in recorded + [("NewMachine", json.loads(NEW))]:
        schema = document["components"]["schemas"][name]
        jsonschema.Draft4Validator(schema, resolver=resolver).validate(answer)


try:
    run_all(dict(globals()))
finally:
    mock.__exit__()
