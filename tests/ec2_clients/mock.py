"""casim ec2 as a child process, and its second address."""
import json
import signal
import subprocess
import sys
import urllib.error
import urllib.request

KEY_ID = "AKIDEXAMPLE"
SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"


def skip(why):
    print("skipped:", why)
    sys.exit(77)


class Mock:
    def __init__(self, *options):
        self.process = subprocess.Popen(
            [sys.argv[1], "ec2", "--sigv4", "verify", "--credentials", f"{KEY_ID}:{SECRET}", *options],
            stdout=subprocess.PIPE, text=True)
        self.url = self.process.stdout.readline().split()[1]
        self.admin = self.process.stdout.readline().split()[1]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGINT)
        assert self.process.wait(30) == 0

    def ask(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.admin + path, data, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as reply:
                return json.load(reply)
        except urllib.error.HTTPError as e:
            raise AssertionError(f"{method} {path}: {e.code} {e.read().decode()}") from e

    def advance(self, seconds):
        self.ask("POST", "/time", {"advance": f"{seconds:.6f}s"})

    def calls(self, action):
        return self.ask("GET", "/state")["calls"].get(action, {})

    def fault(self, **fault):
        """While the block runs."""
        return _Fault(self, fault)


class _Fault:
    def __init__(self, mock, fault):
        self.mock = mock
        self.fault = {"for": "1h", **fault}

    def __enter__(self):
        self.id = self.mock.ask("POST", "/faults", self.fault)["id"]

    def __exit__(self, *_):
        self.mock.ask("DELETE", f"/faults/{self.id}")


def run_all(names):
    """Every test_* of a module, each with its name; exit code 1 where one fails."""
    failed = 0
    for name, test in [(n, t) for n, t in names.items() if n.startswith("test_")]:
        try:
            test()
            print("ok    ", name)
        except Exception:  # one line more than the traceback is no help
            import traceback
            traceback.print_exc()
            print("FAILED", name)
            failed += 1
    sys.exit(1 if failed else 0)
