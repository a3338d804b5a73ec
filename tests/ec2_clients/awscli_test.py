"""awscli_test.py CASIM: Debian's AWS CLI against casim ec2 with signatures verified, in real time at
a high speed."""
import json
import os
import shutil
import subprocess
import tempfile

from mock import KEY_ID, SECRET, Mock, run_all, skip

AWS = "/usr/bin/aws"
if not os.path.exists(AWS):
    skip(f"{AWS} is missing: apt-get install awscli")

home = tempfile.mkdtemp()
mock = Mock("--speed", "100")
environment = {"PATH": "/usr/bin:/bin", "HOME": home, "AWS_ACCESS_KEY_ID": KEY_ID,
               "AWS_SECRET_ACCESS_KEY": SECRET, "AWS_DEFAULT_REGION": "us-east-1",
               "AWS_EC2_METADATA_DISABLED": "true", "AWS_PAGER": ""}


def run(*arguments, **more):
    return subprocess.run([AWS, "--endpoint-url", mock.url, "--output", "json", "ec2", *arguments],
                          env={**environment, **more}, capture_output=True, text=True, timeout=120)


def aws(*arguments):
    done = run(*arguments)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout) if done.stdout.strip() else None


def fails(code, *arguments, **more):
    done = run(*arguments, **more)
    assert done.returncode != 0 and f"({code})" in done.stderr, (done.returncode, done.stderr)


def launch(*more):
    reply = aws("run-instances", "--image-id", "ami-1", "--instance-type", "m6i.large", *more)
    return [i["InstanceId"] for i in reply["Instances"]]


def test_life():
    [one] = launch("--count", "1", "--tag-specifications",
                   "ResourceType=instance,Tags=[{Key=Name,Value=a b}]")
    aws("wait", "instance-running", "--instance-ids", one)
    reply = aws("describe-instances", "--instance-ids", one)
    [instance] = reply["Reservations"][0]["Instances"]
    assert instance["State"]["Name"] == "running"
    assert instance["Tags"] == [{"Key": "Name", "Value": "a b"}]
    aws("create-tags", "--resources", one, "--tags", "Key=a,Value=b", "Key=e,Value=")
    assert len(aws("describe-tags", "--filters", f"Name=resource-id,Values={one}")["Tags"]) == 3
    aws("terminate-instances", "--instance-ids", one)
    aws("wait", "instance-terminated", "--instance-ids", one)


def test_zone_of_a_network_interface():
    [one] = launch("--placement", "AvailabilityZone=us-east-1d")
    subnet = aws("describe-instances", "--instance-ids", one)["Reservations"][0]["Instances"][0][
        "SubnetId"]
    # With an address option the subnet moves into NetworkInterface.1.
    [other] = launch("--associate-public-ip-address", "--subnet-id", subnet,
                     "--security-group-ids", "sg-1")
    [instance] = aws("describe-instances", "--instance-ids", other)["Reservations"][0]["Instances"]
    assert instance["Placement"]["AvailabilityZone"] == "us-east-1d"
    assert instance["SubnetId"] == subnet


def test_pages_and_filters():
    launch("--count", "7", "--tag-specifications",
           "ResourceType=instance,Tags=[{Key=page,Value=yes}]")
    reply = aws("describe-instances", "--filters", "Name=tag:page,Values=yes", "--page-size", "5")
    assert sum(len(r["Instances"]) for r in reply["Reservations"]) == 7


def test_types_and_fleet():
    reply = aws("describe-instance-types", "--instance-types", "g5.xlarge", "m6i.large")
    assert sorted(t["InstanceType"] for t in reply["InstanceTypes"]) == ["g5.xlarge", "m6i.large"]
    reply = aws("create-fleet", "--type", "instant", "--launch-template-configs",
                "LaunchTemplateSpecification={LaunchTemplateId=lt-1,Version=1},"
                "Overrides=[{InstanceType=m6i.large,AvailabilityZone=us-east-1a}]",
                "--target-capacity-specification",
                "TotalTargetCapacity=2,DefaultTargetCapacityType=on-demand")
    assert len(reply["Instances"][0]["InstanceIds"]) == 2


def test_errors():
    fails("InvalidInstanceID.NotFound", "describe-instances", "--instance-ids", "i-0123456789abcdef0")
    fails("DryRunOperation", "run-instances", "--image-id", "ami-1", "--dry-run")
    fails("AuthFailure", "describe-instances", AWS_SECRET_ACCESS_KEY="wrong")
    fails("InvalidAction", "describe-vpcs")


def test_attempts():
    # Version 2 is in the standard mode: 3 attempts.
    before = mock.calls("DescribeInstances").get("ServiceUnavailable", 0)
    with mock.fault(kind="ec2_outage", **{"for": "24h"}):
        fails("ServiceUnavailable", "describe-instances")
    assert mock.calls("DescribeInstances")["ServiceUnavailable"] - before == 3


try:
    run_all(dict(globals()))
finally:
    mock.__exit__()
    shutil.rmtree(home, ignore_errors=True)
