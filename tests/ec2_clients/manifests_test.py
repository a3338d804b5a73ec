"""manifests_test.py CASIM: the manifests of scenarios/crossplane and scenarios/cluster-api. Fields are
those that provider-http 1.0.14, Crossplane 2 and Cluster API (contract v1beta2) have; the composition
is filled in as function-patch-and-transform does it, and its requests are made of the REST face as
provider-http makes them: templates by jq, placeholders by Secrets, observe before create."""
import json
import os
import re
import subprocess
import urllib.error
import urllib.request

from mock import Mock, run_all, skip

JQ = "/usr/bin/jq"
if not os.path.exists(JQ):
    skip(f"{JQ} is missing: apt-get install jq")
try:
    import jsonschema
    import yaml
except ImportError as e:
    skip(f"{e}: apt-get install python3-yaml python3-jsonschema")

TOKEN = "a-token-of-this-test"
UID = "0b8f6a1e-52d1-4c0f-9d0a-6f3e1c2b7a90"


def load(name):
    with open(f"scenarios/{name}", encoding="utf-8") as file:
        return list(yaml.safe_load_all(file))


def kind(documents, name):
    [found] = [d for d in documents if d["kind"] == name]
    return found


[definition] = load("crossplane/definition.yaml")
[composition] = load("crossplane/composition.yaml")
[xmachine] = load("crossplane/xmachine.yaml")
configs = load("crossplane/provider-config.yaml")
[step] = composition["spec"]["pipeline"]
resources = {r["name"]: r for r in step["input"]["resources"]}

# Members that there are: a name is a leaf, a trailing "!" says required, and a list has items alike.
SECRET_REF = {"name!": 1, "namespace!": 1}
INJECTION = {"secretRef!": SECRET_REF, "secretKey": 1, "responsePath": 1, "setOwnerReference": 1,
             "metadata": {"labels": 1, "annotations": 1},
             "keyMappings": {"secretKey!": 1, "responseJQ!": 1, "missingFieldStrategy": 1}}
CHECK = {"type": 1, "logic": 1}
COMMON = {"headers": 1, "waitTimeout": 1, "insecureSkipTLSVerify": 1, "tlsConfig": 1,
          "allowedStatusCodes": 1, "secretInjectionConfigs": INJECTION}
FOR_PROVIDER = {
    "Request": {**COMMON, "payload!": {"baseUrl": 1, "body": 1}, "expectedResponseCheck": CHECK,
                "isRemovedCheck": CHECK,
                "mappings!": {"method": 1, "action": 1, "body": 1, "url!": 1, "headers": 1}},
    "DisposableRequest": {**COMMON, "url!": 1, "method!": 1, "body": 1, "rollbackRetriesLimit": 1,
                          "expectedResponse": 1, "nextReconcile": 1, "shouldLoopInfinitely": 1}}
ENUMS = {"method": ["POST", "GET", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"],
         "action": ["CREATE", "OBSERVE", "UPDATE", "REMOVE"], "type": ["DEFAULT", "CUSTOM"],
         "missingFieldStrategy": ["preserve", "setEmpty", "delete"]}


def problems(value, members, path=""):
    """What is wrong with the members of a value."""
    if isinstance(value, list):
        return [p for i, item in enumerate(value) for p in problems(item, members, f"{path}[{i}]")]
    if not isinstance(value, dict):
        return [f"{path} is no object"]
    allowed = {name.rstrip("!"): below for name, below in members.items()}
    found = [f"{path}.{name} is missing" for name in (n[:-1] for n in members if n.endswith("!"))
             if name not in value]
    for name, item in value.items():
        if name not in allowed:
            found.append(f"{path}.{name} is unknown")
        elif allowed[name] != 1:
            found += problems(item, allowed[name], f"{path}.{name}")
        elif name in ENUMS and item not in ENUMS[name]:
            found.append(f"{path}.{name} is {item}")
    return found


def at(value, path):
    """The value at a field path of Crossplane; KeyError: there is none."""
    for part in re.findall(r"[^.\[\]]+", path):
        value = value[int(part)] if isinstance(value, list) else value[part]
    return value


def put(value, path, new):
    *parents, last = re.findall(r"[^.\[\]]+", path)
    for part in parents:
        value = value[int(part)] if isinstance(value, list) else value.setdefault(part, {})
    value[int(last) if isinstance(value, list) else last] = new


def transformed(value, transforms):
    for transform in transforms:
        string = transform["string"]
        if string["type"] == "Convert":
            assert string["convert"] == "ToJson", string
            value = json.dumps(value)
        elif string["type"] == "Format":
            value = string["fmt"] % value
        else:
            assert string["type"] == "Regexp", string
            found = re.search(string["regexp"]["match"], value)
            if found is None:
                raise KeyError(string["regexp"]["match"])
            value = found.group(string["regexp"]["group"])
    return value


def composed(name, xr):
    """A resource of the composition, with the fields of the composite resource."""
    out = json.loads(json.dumps(resources[name]["base"]))
    for patch in resources[name]["patches"]:
        if patch["type"] == "FromCompositeFieldPath":
            value = transformed(at(xr, patch["fromFieldPath"]), patch.get("transforms", []))
        elif patch["type"] == "CombineFromComposite":
            combine = patch["combine"]
            value = combine["string"]["fmt"] % tuple(
                at(xr, v["fromFieldPath"]) for v in combine["variables"])
        else:
            continue
        put(out, patch["toFieldPath"], value)
    return out


def status_of(observed):
    """What the composite resource says of it: the first patch that fails ends the rest."""
    xr = {}
    for patch in resources["machine"]["patches"]:
        if patch["type"] != "ToCompositeFieldPath":
            continue
        try:
            value = transformed(at(observed, patch["fromFieldPath"]), patch.get("transforms", []))
        except KeyError:
            break
        put(xr, patch["toFieldPath"], value)
    return xr["status"]


def jq(expression, value):
    done = subprocess.run([JQ, "-c", " ".join(expression.split())], input=json.dumps(value),
                          capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, (expression, value, done.stderr)
    return json.loads(done.stdout.splitlines()[0])


def named_xr(uid=UID):
    return {**xmachine, "metadata": {**xmachine["metadata"], "uid": uid}}


class ProviderHttp:
    """A Request as provider-http keeps it, as far as these manifests go."""

    def __init__(self, request, secrets, base_url):
        self.spec = json.loads(json.dumps(request["spec"]["forProvider"]))
        self.spec["payload"]["baseUrl"] = base_url
        self.secrets = secrets
        self.answer = {"statusCode": 0, "body": "", "headers": {}}
        self.last_action = None
        self.sent = []

    def context(self):
        spec = json.loads(json.dumps(self.spec))
        spec["payload"]["body"] = json.loads(spec["payload"]["body"])
        answer = dict(self.answer)
        try:
            answer["body"] = json.loads(answer["body"])
        except ValueError:
            pass
        return {**spec, "response": answer}

    def with_secrets(self, text):
        return re.sub(r"\{\{\s*([^:{}\s]+):([^:{}\s]+):([^:{}\s]+)\s*\}\}",
                      lambda m: self.secrets[m[1], m[2]][m[3]], text)

    def send(self, action):
        [mapping] = [m for m in self.spec["mappings"] if m["action"] == action]
        context = self.context()
        url = jq(mapping["url"], context)
        body = json.dumps(jq(mapping["body"], context)) if "body" in mapping else ""
        assert "null" not in url + body  # provider-http would take it for a missing value
        headers = {name: values[0] for name, values in self.spec["headers"].items()}
        headers["Authorization"] = self.secrets["casim-rest", "crossplane-system"]["authorization"]
        data = self.with_secrets(body).encode() if body else None
        request = urllib.request.Request(url, data, headers, method=mapping["method"])
        try:
            reply = urllib.request.urlopen(request, timeout=60)
        except urllib.error.HTTPError as e:
            reply = e
        with reply:
            self.answer = {"statusCode": reply.status, "body": reply.read().decode(),
                           "headers": {name: [value] for name, value in reply.headers.items()}}
        self.last_action = action
        self.sent.append((action, self.answer["statusCode"]))

    def observe(self):
        """Whether it exists, and is up to date."""
        status = self.answer["statusCode"]
        was_made = status != 0 and not (self.last_action == "CREATE" and status >= 400)
        self.send("OBSERVE")
        if not was_made and self.answer["statusCode"] // 100 != 2:
            return False, False
        if jq(self.spec["isRemovedCheck"]["logic"], self.context()):
            return False, False
        return True, jq(self.spec["expectedResponseCheck"]["logic"], self.context())

    def reconcile(self, is_deleted=False):
        exists, is_up_to_date = self.observe()
        if is_deleted:
            if exists:
                self.send("REMOVE")
            return exists
        if not exists:
            self.send("CREATE")
        elif not is_up_to_date:
            self.send("UPDATE")
        return True

    def actions(self):
        done, self.sent = self.sent, []
        return done


def test_fields_of_the_requests():
    for resource in resources.values():
        base = resource["base"]
        assert base["apiVersion"] == "http.crossplane.io/v1alpha2"
        members = {"forProvider!": FOR_PROVIDER[base["kind"]], "providerConfigRef": {"name!": 1}}
        assert problems(base["spec"], members, base["kind"]) == []
        broken = {**base["spec"], "forProvider": {"urls": 1}}
        assert len(problems(broken, members)) >= 2  # it can fail
    [names] = [{m["action"] for m in resources["machine"]["base"]["spec"]["forProvider"]["mappings"]}]
    assert names == {"CREATE", "OBSERVE", "UPDATE", "REMOVE"}


def test_definition_composition_and_xmachine_fit_together():
    spec = definition["spec"]
    assert definition["apiVersion"] == "apiextensions.crossplane.io/v2"
    assert definition["metadata"]["name"] == f"{spec['names']['plural']}.{spec['group']}"
    assert spec["scope"] == "Cluster"  # that of its requests, which have no namespace
    [version] = spec["versions"]
    assert version["served"] and version["referenceable"]
    kind_of = {"apiVersion": f"{spec['group']}/{version['name']}", "kind": spec["names"]["kind"]}
    assert composition["spec"]["compositeTypeRef"] == kind_of
    assert {k: xmachine[k] for k in kind_of} == kind_of
    assert composition["spec"]["mode"] == "Pipeline"
    schema = version["schema"]["openAPIV3Schema"]
    jsonschema.Draft4Validator.check_schema(schema)
    jsonschema.Draft4Validator(schema).validate(xmachine)
    functions = [d["metadata"]["name"] for d in load("crossplane/packages.yaml")
                 if d["kind"] == "Function"]
    assert step["functionRef"]["name"] in functions
    for resource in resources.values():
        for patch in resource["patches"]:
            if patch["type"] == "ToCompositeFieldPath":
                path = "properties." + patch["toFieldPath"].replace(".", ".properties.")
                assert at(schema, path)["type"] in ("string", "integer")


def test_credentials_come_from_secrets():
    secrets = {(d["metadata"]["name"], d["metadata"]["namespace"]): d["stringData"]
               for d in configs if d["kind"] == "Secret"}
    providers = {d["metadata"]["name"]: d for d in configs if d["kind"] == "ProviderConfig"}
    for resource in resources.values():
        assert resource["base"]["spec"]["providerConfigRef"]["name"] in providers
    for config in providers.values():
        assert config["apiVersion"] == "http.crossplane.io/v1alpha1"
        credentials = config["spec"]["credentials"]
        if credentials["source"] == "None":
            continue
        assert credentials["source"] == "Secret"
        ref = credentials["secretRef"]
        assert secrets[ref["name"], ref["namespace"]][ref["key"]].startswith("Bearer ")
    # What the registration request needs is there, and what it makes is what user data name.
    registration = resources["registration"]["base"]["spec"]["forProvider"]
    [header] = registration["headers"]["Authorization"]
    name, namespace, key = re.search(r"\{\{ (\S+):(\S+):(\S+) \}\}", header).groups()
    assert key in secrets[name, namespace]
    [injection] = registration["secretInjectionConfigs"]
    made = f"{injection['secretRef']['name']}:{injection['secretRef']['namespace']}:nodeCommand"
    assert "{{ " + made + " }}" in xmachine["spec"]["machine"]["userData"]


def test_the_registration_request():
    request = composed("registration", named_xr())["spec"]["forProvider"]
    assert request["url"] == ("https://rancher.example.org/v3/clusterregistrationtokens"
                              "?clusterId=c-m-abcdefgh")
    answer = {"statusCode": 200, "body": {"data": [{"nodeCommand": "curl -fL x | sudo sh -s -"}]}}
    assert jq(request["expectedResponse"], answer) is True
    [mapping] = request["secretInjectionConfigs"][0]["keyMappings"]
    assert jq(mapping["responseJQ"], answer) == "curl -fL x | sudo sh -s -"
    none = {"statusCode": 200, "body": {"data": []}}
    assert jq(request["expectedResponse"], none) is False


def make_provider(uid):
    secrets = {("casim-rest", "crossplane-system"): {"authorization": f"Bearer {TOKEN}"},
               ("rancher-registration", "crossplane-system"):
                   {"nodeCommand": "curl -fL https://r | sudo sh -s - --label 'a=b' --token t"}}
    return ProviderHttp(composed("machine", named_xr(uid)), secrets, mock.url + "/v1/machines")


def test_a_machine_lives_by_its_requests():
    before = mock.calls("RunInstances").get("ok", 0)
    provider = make_provider(UID)
    with mock.fault(kind="ec2_outage"):
        provider.reconcile()
    assert provider.actions() == [("OBSERVE", 503), ("CREATE", 503)]
    provider.reconcile()
    assert provider.actions() == [("OBSERVE", 404), ("CREATE", 201)]
    mock.advance(600)
    provider.reconcile()
    assert provider.actions() == [("OBSERVE", 200)]
    body = json.loads(provider.answer["body"])
    assert status_of({"status": {"response": provider.answer}}) == {
        "statusCode": 200, "id": body["id"], "state": "running", "providerId": body["providerId"]}
    assert body["zone"] == "us-east-1a" and body["clientToken"] == f"xmachine-{UID}"

    # An outage sends no updates, and a change of the tags sends one.
    with mock.fault(kind="ec2_outage"):
        provider.reconcile()
    assert provider.actions() == [("OBSERVE", 503)]
    assert status_of({"status": {"response": provider.answer}}) == {"statusCode": 503}
    changed = named_xr()
    changed["spec"] = json.loads(json.dumps(changed["spec"]))
    changed["spec"]["machine"]["tags"]["node-group"] = "others"
    provider.spec["payload"]["body"] = composed("machine", changed)["spec"]["forProvider"][
        "payload"]["body"]
    provider.reconcile()
    assert provider.actions() == [("OBSERVE", 200), ("UPDATE", 200)]
    provider.reconcile()
    assert provider.actions() == [("OBSERVE", 200)]

    assert provider.reconcile(is_deleted=True)
    assert provider.actions() == [("OBSERVE", 200), ("REMOVE", 202)]
    mock.advance(600)
    assert not provider.reconcile(is_deleted=True)
    assert mock.calls("RunInstances")["ok"] == before + 1


def test_a_lost_answer_makes_no_second_machine():
    before = mock.calls("RunInstances").get("ok", 0)
    provider = make_provider("e" + UID[1:])
    with mock.fault(kind="connection_reset", cut="nothing", actions=["RunInstances"]):
        try:
            provider.reconcile()
            raise AssertionError("there was an answer")
        except (urllib.error.URLError, ConnectionError):
            pass
    provider.reconcile()
    assert provider.actions() == [("OBSERVE", 404), ("OBSERVE", 200)]
    counted = mock.calls("RunInstances")
    assert counted.get("ok", 0) == before and sum(counted.values()) >= 1


def test_the_machine_deployment_of_cluster_api():
    documents = load("cluster-api/machine-deployment.yaml")
    crds = {d["spec"]["names"]["kind"]: d for d in load("cluster-api/fake-machine.yaml")}
    for crd in crds.values():
        spec = crd["spec"]
        [version] = spec["versions"]
        assert crd["metadata"]["name"] == f"{spec['names']['plural']}.{spec['group']}"
        assert crd["metadata"]["labels"]["cluster.x-k8s.io/v1beta2"] == version["name"]
        assert spec["scope"] == "Namespaced"
        jsonschema.Draft4Validator.check_schema(version["schema"]["openAPIV3Schema"])
    machine = crds["FakeMachine"]["spec"]["versions"][0]["schema"]["openAPIV3Schema"]
    # What the contract asks of an infrastructure machine.
    assert at(machine, "properties.spec.properties.providerID.type") == "string"
    assert at(machine, "properties.status.properties.initialization.properties.provisioned.type"
              ) == "boolean"

    deployment = kind(documents, "MachineDeployment")
    assert deployment["apiVersion"] == "cluster.x-k8s.io/v1beta2"
    spec = deployment["spec"]
    template = spec["template"]["spec"]
    cluster = kind(documents, "Cluster")
    assert spec["clusterName"] == template["clusterName"] == cluster["metadata"]["name"]
    assert spec["selector"]["matchLabels"].items() <= spec["template"]["metadata"]["labels"].items()
    ref = template["infrastructureRef"]
    infra = kind(documents, ref["kind"])
    crd = crds[ref["kind"]]["spec"]
    assert ref == {"apiGroup": crd["group"], "kind": ref["kind"], "name": infra["metadata"]["name"]}
    assert infra["apiVersion"] == f"{crd['group']}/{crd['versions'][0]['name']}"
    jsonschema.Draft4Validator(crd["versions"][0]["schema"]["openAPIV3Schema"]).validate(infra)
    # A template makes objects of the kind that is named so.
    made = crds[ref["kind"].removesuffix("Template")]["spec"]["versions"][0]["schema"]
    jsonschema.Draft4Validator(made["openAPIV3Schema"]).validate(infra["spec"]["template"])
    secret = kind(documents, "Secret")
    assert template["bootstrap"] == {"dataSecretName": secret["metadata"]["name"]}
    assert "value" in secret["stringData"] and secret["type"] == "cluster.x-k8s.io/secret"
    assert {d["metadata"]["namespace"] for d in documents} == {"default"}


mock = Mock("--stepped", "--rest-token", TOKEN)
try:
    run_all(dict(globals()))
finally:
    mock.__exit__()
