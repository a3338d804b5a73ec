"""boto3_test.py CASIM: Debian's boto3 against casim ec2 with signatures verified. Virtual time is
stepped: what the client sleeps is written down, moves virtual time, and takes none."""
import time

from mock import KEY_ID, SECRET, Mock, run_all, skip

try:
    import boto3
    import botocore
    from botocore.config import Config
    from botocore.exceptions import ClientError, ConnectionClosedError, WaiterError
except ImportError as e:
    skip(f"{e}: apt-get install python3-boto3")

mock = Mock("--stepped")
slept = []
sleep_in_real_time = time.sleep


def sleep(seconds):
    slept.append(seconds)
    mock.advance(seconds)


time.sleep = sleep


def client(key_id=KEY_ID, secret=SECRET, token=None, **config):
    return boto3.client("ec2", endpoint_url=mock.url, region_name="us-east-1",
                        aws_access_key_id=key_id, aws_secret_access_key=secret,
                        aws_session_token=token, config=Config(**config))


ec2 = client()


def launch(count=1, **more):
    reply = ec2.run_instances(MinCount=count, MaxCount=count, ImageId="ami-1",
                              InstanceType="m6i.large", **more)
    return [i["InstanceId"] for i in reply["Instances"]]


def error_of(call, *args, **kwargs):
    try:
        call(*args, **kwargs)
    except ClientError as e:
        return e.response["Error"]["Code"], e.response["ResponseMetadata"]["HTTPStatusCode"]
    return None


def state_of(instance):
    return ec2.describe_instances(InstanceIds=[instance])["Reservations"][0]["Instances"][0]["State"]


def test_launch_has_what_clients_read():
    reply = ec2.run_instances(
        MinCount=1, MaxCount=2, ImageId="ami-1", InstanceType="m6i.large",
        Placement={"AvailabilityZone": "us-east-1b"}, UserData="#!/bin/sh\necho hi+there\n",
        TagSpecifications=[{"ResourceType": "instance",
                            "Tags": [{"Key": "Name", "Value": "a b"}, {"Key": "é", "Value": ""}]}],
        BlockDeviceMappings=[{"DeviceName": "/dev/xvda", "Ebs": {"VolumeSize": 50}}],
        MetadataOptions={"HttpTokens": "required"})
    assert reply["ReservationId"].startswith("r-") and reply["OwnerId"]
    request_id = reply["ResponseMetadata"]["RequestId"]
    assert reply["ResponseMetadata"]["HTTPHeaders"]["x-amzn-requestid"] == request_id
    assert len(reply["Instances"]) == 2
    instance = reply["Instances"][1]
    assert instance["State"] == {"Code": 0, "Name": "pending"}
    assert instance["Placement"]["AvailabilityZone"] == "us-east-1b"
    assert instance["AmiLaunchIndex"] == 1 and instance["ImageId"] == "ami-1"
    assert instance["Architecture"] == "x86_64" and instance["InstanceType"] == "m6i.large"
    assert instance["PrivateDnsName"].endswith(".ec2.internal")
    assert abs(time.time() - instance["LaunchTime"].timestamp()) < 86400
    assert {t["Key"]: t["Value"] for t in instance["Tags"]} == {"Name": "a b", "é": ""}
    assert "InstanceLifecycle" not in instance


def test_waiters_and_the_whole_life():
    [one] = launch()
    ec2.get_waiter("instance_exists").wait(InstanceIds=[one])
    ec2.get_waiter("instance_running").wait(InstanceIds=[one])
    assert state_of(one) == {"Code": 16, "Name": "running"}
    ec2.get_waiter("instance_status_ok").wait(InstanceIds=[one])
    changed = ec2.stop_instances(InstanceIds=[one])["StoppingInstances"][0]
    assert changed["PreviousState"]["Name"] == "running"
    assert changed["CurrentState"] == {"Code": 64, "Name": "stopping"}
    ec2.get_waiter("instance_stopped").wait(InstanceIds=[one])
    ec2.start_instances(InstanceIds=[one])
    ec2.get_waiter("instance_running").wait(InstanceIds=[one])
    gone = ec2.terminate_instances(InstanceIds=[one])["TerminatingInstances"][0]
    assert gone["CurrentState"]["Name"] == "shutting-down"
    ec2.get_waiter("instance_terminated").wait(InstanceIds=[one])
    assert state_of(one) == {"Code": 48, "Name": "terminated"}
    assert ec2.terminate_instances(InstanceIds=[one])  # idempotent


def test_waiter_for_running_ends_on_a_terminated_one():
    [one] = launch()
    ec2.terminate_instances(InstanceIds=[one])
    try:
        ec2.get_waiter("instance_running").wait(InstanceIds=[one])
        raise AssertionError("no error")
    except WaiterError as e:
        assert "terminal failure" in str(e)


def test_filters_and_pages():
    tag = [{"ResourceType": "instance", "Tags": [{"Key": "cluster", "Value": "a&b=c"}]}]
    ids = launch(12, TagSpecifications=tag)
    filters = [{"Name": "instance-state-name", "Values": ["pending", "running"]},
               {"Name": "tag:cluster", "Values": ["a&b=c"]}]
    pages = list(ec2.get_paginator("describe_instances").paginate(
        Filters=filters, PaginationConfig={"PageSize": 5}))
    sizes = [sum(len(r["Instances"]) for r in page["Reservations"]) for page in pages]
    assert sizes == [5, 5, 2], sizes
    tokens = [page.get("NextToken") for page in pages]
    assert tokens[2] is None and tokens[0] != tokens[1]
    seen = [i["InstanceId"] for p in pages for r in p["Reservations"] for i in r["Instances"]]
    assert sorted(seen) == sorted(ids)
    none = ec2.describe_instances(Filters=[{"Name": "tag:cluster", "Values": ["other"]}])
    assert none["Reservations"] == []
    tags = ec2.describe_tags(Filters=[{"Name": "resource-id", "Values": ids[:1]}])["Tags"]
    assert tags == [{"ResourceId": ids[0], "ResourceType": "instance", "Key": "cluster",
                     "Value": "a&b=c"}]
    ec2.create_tags(Resources=ids[:2], Tags=[{"Key": "a b", "Value": "x+y/z~*é&="},
                                             {"Key": "cluster", "Value": ""}])
    tags = ec2.describe_tags(Filters=[{"Name": "resource-id", "Values": ids[:1]}])["Tags"]
    assert {t["Key"]: t["Value"] for t in tags} == {"a b": "x+y/z~*é&=", "cluster": ""}
    status = ec2.describe_instance_status(InstanceIds=ids[:1], IncludeAllInstances=True)
    assert status["InstanceStatuses"][0]["InstanceStatus"]["Status"] == "not-applicable"
    assert ec2.describe_instance_status(InstanceIds=ids[:1])["InstanceStatuses"] == []


def test_instance_types():
    [gpu] = ec2.describe_instance_types(InstanceTypes=["g5.xlarge"])["InstanceTypes"]
    assert gpu["VCpuInfo"]["DefaultVCpus"] == 4 and gpu["MemoryInfo"]["SizeInMiB"] == 16384
    assert gpu["GpuInfo"]["Gpus"][0]["Count"] == 1
    [small] = ec2.describe_instance_types(InstanceTypes=["m6i.large"])["InstanceTypes"]
    assert "GpuInfo" not in small
    pages = ec2.get_paginator("describe_instance_types").paginate(
        Filters=[{"Name": "processor-info.supported-architecture", "Values": ["arm64"]}],
        PaginationConfig={"PageSize": 50})
    names = [t["InstanceType"] for page in pages for t in page["InstanceTypes"]]
    assert len(names) > 100 and len(set(names)) == len(names) and "m7g.large" in names


def test_spot():
    reply = ec2.run_instances(MinCount=1, MaxCount=1, ImageId="ami-1", InstanceType="m6i.large",
                              InstanceMarketOptions={"MarketType": "spot"})
    assert reply["Instances"][0]["InstanceLifecycle"] == "spot"


def fleet(**more):
    return ec2.create_fleet(
        Type="instant",
        LaunchTemplateConfigs=[{
            "LaunchTemplateSpecification": {"LaunchTemplateId": "lt-1", "Version": "1"},
            "Overrides": [{"InstanceType": "m6i.large", "AvailabilityZone": "us-east-1a"},
                          {"InstanceType": "m7i.large", "AvailabilityZone": "us-east-1b"}]}],
        TargetCapacitySpecification={"TotalTargetCapacity": 3,
                                     "DefaultTargetCapacityType": "on-demand"}, **more)


def test_fleet():
    reply = fleet()
    assert reply["FleetId"].startswith("fleet-") and reply["Errors"] == []
    [given] = reply["Instances"]
    assert len(given["InstanceIds"]) == 3 and given["InstanceType"] == "m6i.large"
    assert given["LaunchTemplateAndOverrides"]["Overrides"]["AvailabilityZone"] == "us-east-1a"
    with mock.fault(kind="capacity_loss", zones=["us-east-1a"]):
        reply = fleet()
    assert reply["Errors"][0]["ErrorCode"] == "InsufficientInstanceCapacity"
    assert reply["Instances"][0]["InstanceType"] == "m7i.large"


def test_replays():
    [one] = launch(ClientToken="once")
    assert launch(ClientToken="once") == [one]
    assert error_of(launch, 2, ClientToken="once") == ("IdempotentParameterMismatch", 400)
    assert error_of(launch, ClientToken="once", UserData="other") == (
        "IdempotentParameterMismatch", 400)
    # A token is that of the zone that a launch fixes.
    [other] = launch(ClientToken="once", Placement={"AvailabilityZone": "us-east-1c"})
    assert other != one
    ec2.terminate_instances(InstanceIds=[one])
    mock.advance(600)
    assert error_of(launch, ClientToken="once") == ("IdempotentInstanceTerminated", 400)


def test_dry_run():
    before = mock.ask("GET", "/instances")
    assert error_of(launch, DryRun=True) == ("DryRunOperation", 412)
    assert error_of(ec2.describe_instances, DryRun=True) == ("DryRunOperation", 412)
    assert error_of(launch, DryRun=True, Placement={"AvailabilityZone": "us-east-1a"},
                    SubnetId="subnet-none") == ("InvalidSubnetID.NotFound", 400)
    assert mock.ask("GET", "/instances") == before


def test_errors_that_can_be_provoked():
    [one] = launch()
    before = mock.ask("GET", "/instances")
    none = "i-0123456789abcdef0"
    rows = [
        (ec2.describe_instances, {"InstanceIds": [none]}, "InvalidInstanceID.NotFound"),
        (ec2.describe_instances, {"InstanceIds": ["i-none"]}, "InvalidInstanceID.Malformed"),
        (ec2.terminate_instances, {"InstanceIds": [one, none]}, "InvalidInstanceID.NotFound"),
        (ec2.terminate_instances, {"InstanceIds": []}, "MissingParameter"),
        (ec2.stop_instances, {"InstanceIds": [one]}, "IncorrectInstanceState"),
        (ec2.describe_instances, {"NextToken": "bogus"}, "InvalidPaginationToken"),
        (ec2.describe_instances, {"InstanceIds": [one], "MaxResults": 5},
         "InvalidParameterCombination"),
        (ec2.describe_instances, {"MaxResults": 4}, "InvalidParameterValue"),
        (ec2.describe_instances, {"Filters": [{"Name": "colour", "Values": ["red"]}]},
         "InvalidParameterValue"),
        (ec2.describe_instance_types, {"InstanceTypes": ["m6i.gigantic"]}, "InvalidInstanceType"),
        (ec2.create_tags, {"Resources": [one], "Tags": []}, "MissingParameter"),
        (ec2.create_tags, {"Resources": ["vol-1"], "Tags": [{"Key": "a"}]}, "InvalidID"),
        (ec2.create_tags, {"Resources": [one], "Tags": [{"Key": "aws:x"}]}, "InvalidParameterValue"),
        (ec2.create_tags, {"Resources": [one], "Tags": [{"Key": f"k{i}"} for i in range(51)]},
         "TagLimitExceeded"),
        (launch, {"count": 0}, "InvalidParameterValue"),
        (launch, {"count": 600}, "VcpuLimitExceeded"),
        (launch, {"Placement": {"AvailabilityZone": "us-east-1a"}, "SubnetId": "subnet-x"},
         "InvalidSubnetID.NotFound"),
        (launch, {"ClientToken": "t" * 65}, "InvalidParameterValue"),
        (ec2.run_instances, {"MinCount": 1, "MaxCount": 1}, "MissingParameter"),
        (ec2.run_instances, {"MinCount": 1, "MaxCount": 1, "ImageId": "ami-1",
                             "InstanceType": "m6i.gigantic"}, "InvalidParameterValue"),
        (fleet, {"ClientToken": "t" * 65}, "InvalidParameterValue"),
        (ec2.describe_vpcs, {}, "InvalidAction"),
    ]
    for call, arguments, code in rows:
        assert error_of(call, **arguments) == (code, 400), (arguments, error_of(call, **arguments))
    assert mock.ask("GET", "/instances") == before


def test_credentials():
    assert error_of(client(key_id="AKIDOTHER").describe_instances) == ("AuthFailure", 401)
    assert error_of(client(secret="wrong").describe_instances) == ("AuthFailure", 401)
    assert error_of(client(token="unknown").describe_instances) == ("AuthFailure", 401)
    assert error_of(client(signature_version=botocore.UNSIGNED).describe_instances) == (
        "MissingAuthenticationToken", 403)


def attempts(mode, count, **fault):
    """Codes, attempts seen by the server and delays of one call while a fault lasts."""
    before = sum(mock.calls("DescribeInstances").values())
    one = client(retries={"mode": mode})
    slept.clear()
    with mock.fault(**fault):
        try:
            one.describe_instances()
            code = None
        except ClientError as e:
            code = e.response["Error"]["Code"]
        except ConnectionClosedError:
            code = "connection"
    assert sum(mock.calls("DescribeInstances").values()) - before == count, (mode, fault)
    return code


def test_retries_are_those_of_the_client():
    # ec2.md 4.1: legacy has 5 attempts with delays u * 2^i, standard 3 with u * min(2^i, 20).
    for mode, count in (("legacy", 5), ("standard", 3)):
        for kind, code in (("ec2_throttle", "RequestLimitExceeded"),
                           ("ec2_outage", "ServiceUnavailable")):
            assert attempts(mode, count, kind=kind) == code
            assert len(slept) == count - 1
            assert all(0 <= d <= 2 ** i for i, d in enumerate(slept)), slept
        assert attempts(mode, count, kind="connection_reset", when="before") == "connection"
        assert attempts(mode, count, kind="connection_reset") == "connection"
    ice = {"kind": "ec2_errors", "errors": [{"code": "InsufficientInstanceCapacity"}]}
    assert attempts("standard", 3, **ice) == "InsufficientInstanceCapacity"
    denied = {"kind": "ec2_errors", "errors": [{"code": "UnauthorizedOperation"}]}
    assert attempts("standard", 1, **denied) == "UnauthorizedOperation"


def test_a_lost_reply_is_replayed_with_the_same_token():
    before = len(mock.ask("GET", "/instances"))
    mock.ask("POST", "/faults", {"kind": "connection_reset", "for": "500ms",
                                 "actions": ["RunInstances"]})
    [one] = launch()
    after = mock.ask("GET", "/instances")
    assert len(after) == before + 1 and after[-1]["id"] == one
    assert slept, "the client tried once"


def test_cut_replies():
    for cut in ("nothing", "in_headers", "after_headers", "in_body", "in_chunks", "in_503"):
        one = client(retries={"total_max_attempts": 1})
        with mock.fault(kind="connection_reset", cut=cut):
            try:
                one.describe_instances()
                raise AssertionError(f"{cut}: no error")
            except (ClientError, botocore.exceptions.BotoCoreError, Exception) as e:
                assert not isinstance(e, AssertionError), e
        assert one.describe_instances()


try:
    run_all(dict(globals()))
finally:
    time.sleep = sleep_in_real_time
    mock.__exit__()
