"""Cal.com in its network: what it may call, how it knows its database, what a change replaces."""

import re
import unittest

from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

from support import ROOT, as_list, deployed, of_type, statements, template, text, walk
from test_network import IN_NETWORK, NETWORK, stacks

ENDPOINT = "AWS::EC2::VPCEndpoint"
# Where the calls of a service go: the last part of an endpoint's name.
DOORS = {
    "dynamodb": ["dynamodb"],
    "ecr": ["ecr.api", "ecr.dkr"],
    "logs": ["logs"],
    "secretsmanager": ["secretsmanager"],
    "sqs": ["sqs"],
    "ssmmessages": ["ssmmessages"],
}
# What Lambda itself does with a function's role, from outside the network.
BY_LAMBDA = re.compile(
    "^(logs|xray|ec2):|^sqs:(ReceiveMessage|DeleteMessage|GetQueueAttributes|ChangeMessageV.+)$"
)
ADDRESSES = {"CLIENT": "?sslmode=verify-full", "ENGINE": "?sslmode=require&sslaccept=strict"}
# Made anew with every change, and on purpose: a service takes the new one before the old one goes.
ANEW = {"AWS::ECS::TaskDefinition"}


def allowed(resource):
    """Actions that the policies of a resource allow."""
    return {
        action
        for _, mapping in walk(resource)
        if mapping.get("Effect") == "Allow" and "Principal" not in mapping
        for action in as_list(mapping["Action"])
    }


def granted():
    """What functions in the network and tasks of Cal.com may call from within it."""
    functions = of_type(template("api.yaml"), "AWS::Serverless::Function")
    wanted = set()
    for name in IN_NETWORK:
        its = functions[name]["Properties"]
        assert "Role" not in its, name
        policies = as_list(its.get("Policies", []))
        assert all("Statement" in policy for policy in policies), name
        wanted |= allowed(policies)
    roles = template(NETWORK)["Resources"]
    for name in ("StartRole", "OnceStartRole", "TaskRole"):
        tasks = allowed(roles[name])
        assert tasks, name
        wanted |= tasks
    inside = {a for a in wanted if not BY_LAMBDA.match(a)}
    return inside | {a for a in wanted if a.startswith("logs:")}


def endpoints(stack):
    """Actions that each endpoint lets through, by its service."""
    found = {}
    for one in of_type(stack, ENDPOINT).values():
        its = one["Properties"]
        (statement,) = its["PolicyDocument"]["Statement"]
        service = its["ServiceName"]["Fn::Sub"].split("${AWS::Region}.")[1]
        found[service] = set(as_list(statement["Action"]))
    return found


def containers(stack):
    for name, task in of_type(stack, "AWS::ECS::TaskDefinition").items():
        for container in task["Properties"]["ContainerDefinitions"]:
            yield f"{name}, {container['Name']}", container


def variables(container):
    return {v["Name"]: v["Value"] for v in container["Environment"]}


class Endpoints(unittest.TestCase):
    def test_every_action_granted_in_the_network_gets_through_its_endpoint(self):
        for title, _, egress, stack in stacks():
            lets = endpoints(stack)
            for action in granted():
                doors = DOORS[action.split(":")[0]]
                if egress == "nat" and doors != ["dynamodb"]:
                    continue
                with self.subTest(title, action=action):
                    self.assertTrue(any(action in lets[door] for door in doors))

    def test_no_endpoint_lets_through_what_nobody_is_granted(self):
        for title, _, _, stack in stacks():
            for service, actions in endpoints(stack).items():
                if service != "s3":  # layers of images, which the registry signs addresses for
                    with self.subTest(title, service=service):
                        self.assertLessEqual(actions, granted())

    def test_flow_logs_may_look_for_their_group(self):
        role = template(NETWORK)["Resources"]["FlowLogRole"]
        self.assertIn("logs:DescribeLogGroups", allowed(role))


class Database(unittest.TestCase):
    def test_every_address_is_of_a_verified_database(self):
        for title, _, _, stack in stacks():
            for name, container in containers(stack):
                (command,) = container["Command"]
                with self.subTest(title, container=name):
                    for key, value in variables(container).items():
                        if key in ADDRESSES:
                            self.assertEqual(value, ADDRESSES[key])
                    self.assertNotIn("sslmode", command)
                    ends = re.findall(r'DATABASE(?:_DIRECT)?_URL="\$U(\S*)"', command)
                    ends += re.findall(r'--url "\$U(\S*)"', command)
                    ends += re.findall(r"/calcom(\$\w+)\"", command)
                    self.assertTrue(ends)
                    for end in ends:
                        self.assertIn(end.removeprefix("$"), variables(container))

    def test_node_gets_its_words_and_the_engine_gets_its_own(self):
        for title, _, _, stack in stacks():
            for name, container in containers(stack):
                (command,) = container["Command"]
                with self.subTest(title, container=name):
                    self.assertNotRegex(command, r'[ _]DATABASE_URL="(?!\$U\$CLIENT")')
                    self.assertNotRegex(command, r'DIRECT_URL="(?!\$U\$ENGINE")')
                    self.assertNotRegex(command, r'--url "(?!\$U\$ENGINE"|\$M")')
                    if "prisma" in command or "start.sh" in command:
                        self.assertIn('SSL_CERT_FILE="$NODE_EXTRA_CA_CERTS"', command)

    def test_the_troubleshooting_page_does_not_ask_for_less(self):
        page = (ROOT / "docs/TROUBLESHOOTING.md").read_text()
        self.assertIn("verify-full", page)
        self.assertNotIn("the address ends in `sslmode=require`", page)

    def test_its_log_expires(self):
        stack = deployed(NETWORK)
        its = stack["Database"]["Properties"]
        group = stack["DatabaseLogGroup"]["Properties"]
        (kind,) = its["EnableCloudwatchLogsExports"]
        name = its["DBInstanceIdentifier"]["Fn::Sub"]
        self.assertEqual(group["LogGroupName"]["Fn::Sub"], f"/aws/rds/instance/{name}/{kind}")
        self.assertEqual(group["RetentionInDays"], {"Ref": "LogRetentionDays"})
        self.assertEqual(stack["Database"]["DependsOn"], "DatabaseLogGroup")

    def test_every_deployment_is_a_name_of_a_database(self):
        for name in (NETWORK, "calcom-images.yaml"):
            its = template(name)["Parameters"]["Deployment"]
            self.assertEqual(its["MaxLength"], 26)
            for good in ("dev", "a", "lab-2-east"):
                self.assertRegex(good, f"^({its['AllowedPattern']})$")
            for bad in ("dev-", "-dev", "a--b", "Dev", ""):
                self.assertNotRegex(bad, f"^({its['AllowedPattern']})$")


class Changes(unittest.TestCase):
    def test_another_profile_replaces_nothing_that_holds_data(self):
        for egress in ("nat", "sealed"):
            small = deployed(NETWORK, Profile="small", Egress=egress)
            standard = deployed(NETWORK, Profile="standard", Egress=egress)
            for name in set(small) & set(standard):
                kind = small[name]["Type"]
                if kind in ANEW:
                    continue
                one, other = small[name].get("Properties", {}), standard[name].get("Properties", {})
                changed = {k for k in {*one, *other} if one.get(k) != other.get(k)}
                schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema("eu-west-1", kind).schema
                fixed = {
                    place.split("/")[2]
                    for key in ("createOnlyProperties", "conditionalCreateOnlyProperties")
                    for place in schema.get(key, [])
                } - {"MultiAZ"}  # the way from one zone to two keeps the database
                with self.subTest(egress, resource=name):
                    self.assertEqual(changed & fixed, set())

    def test_the_zone_of_the_database_is_its_own_choice(self):
        for _, _, _, stack in stacks():
            self.assertNotIn("AvailabilityZone", stack["Resources"]["Database"]["Properties"])

    def test_a_newer_image_waits_until_somebody_chooses_it(self):
        stack = deployed(NETWORK, Profile="small", Egress="nat")
        its = stack["NatInstance"]["Properties"]
        self.assertNotIn("ImageId", its)
        chosen = {"LaunchTemplateId": {"Ref": "NatTemplate"}, "Version": {"Ref": "NatImageVersion"}}
        self.assertEqual(its["LaunchTemplate"], chosen)
        self.assertEqual(template(NETWORK)["Parameters"]["NatImageVersion"]["Default"], "1")
        self.assertIn("NatImageVersion", (ROOT / "docs/UPGRADE.md").read_text())
        uses = [n for n, r in stack.items() for _, m in walk(r) if m == {"Ref": "NatImage"}]
        self.assertEqual(uses, ["NatTemplate"])


class Containers(unittest.TestCase):
    def test_api_v2_is_told_that_it_is_in_no_test(self):
        for title, _, _, stack in stacks():
            told = [variables(c).get("IS_E2E") for n, c in containers(stack) if n.endswith(", api")]
            self.assertEqual(told, ["false"], title)

    def test_web_and_api_have_the_keys_of_web_push(self):
        pair = {"NEXT_PUBLIC_VAPID_PUBLIC_KEY", "VAPID_PRIVATE_KEY"}
        for title, _, _, stack in stacks():
            for name, container in containers(stack):
                if not name.endswith("once"):
                    with self.subTest(title, container=name):
                        self.assertLessEqual(pair, {s["Name"] for s in container["Secrets"]})

    def test_the_three_names_exist_within_the_network(self):
        records = of_type(template(NETWORK), "AWS::Route53::RecordSet").values()
        names = {r["Properties"]["Name"]["Fn::Sub"] for r in records}
        self.assertEqual(names, {f"{n}.${{InternalDomain}}" for n in ("cal", "calapi", "hooks")})
        told = template(NETWORK)["Parameters"]["CertificateArn"]["Description"]
        for name in ("cal.", "calapi.", "hooks."):
            self.assertIn(name, told)

    def test_no_statement_of_the_images_or_network_names_everything_without_a_reason(self):
        for name in (NETWORK, "calcom-images.yaml"):
            lines = text(name).splitlines()
            for number, line in enumerate(lines):
                if 'Resource: "*"' in line and "#" not in line:
                    self.assertIn("PrincipalAccount", lines[number + 1], (name, number + 1))
            self.assertTrue(list(statements(template(name))))


if __name__ == "__main__":
    unittest.main()
