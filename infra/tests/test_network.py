"""Who can reach Cal.com: nobody but whom docs/DEPLOY.md names."""

import itertools
import re
import unittest

from support import NAMES, ROOT, deployed, of_type, template, text, walk

NETWORK = "network-calcom.yaml"
INGRESS = "AWS::EC2::SecurityGroupIngress"
SWITCHES = list(itertools.product(["small", "standard"], ["sealed", "nat"]))
# Everything that calls Cal.com; nothing else is in its network.
IN_NETWORK = {
    "MachinesCreateFunction",
    "MachinesUpdateFunction",
    "MachinesAvailabilityFunction",
    "ReservationsCreateFunction",
    "ReservationsCancelFunction",
    "ReservationsRescheduleFunction",
    "ReservationsApproveFunction",
    "UsersEraseFunction",
    "WebhooksSimulateFunction",
    "CalcomCronFunction",
    "CalcomHealthFunction",
    "CalcomWebhooksListFunction",
    "CalcomWebhooksCreateFunction",
    "CalcomWebhooksUpdateFunction",
    "CalcomWebhooksDeleteFunction",
    "ReconciliationRunFunction",
    "WebhookWorkerFunction",
    "OutboxCalcomFunction",
    "ReconcileFunction",
}


def stacks():
    for profile, egress in SWITCHES:
        stack = {"Resources": deployed(NETWORK, Profile=profile, Egress=egress)}
        yield f"{profile}, {egress}", profile, egress, stack


def pairs(stack):
    """(from, to, port) of every rule that lets something in."""
    for rule in of_type(stack, INGRESS).values():
        its = rule["Properties"]
        source, group = its["SourceSecurityGroupId"]["Ref"], its["GroupId"]["Ref"]
        assert its["FromPort"] == its["ToPort"], rule
        cut = len("SecurityGroup")
        yield source[:-cut], group[:-cut], its["FromPort"]


def documented():
    """(from, to, port) of the table of docs/DEPLOY.md."""
    page = (ROOT / "docs/DEPLOY.md").read_text()
    rows = re.findall(r"^\| `(\w+)` \| `(\w+)` \| (\d+) \|", page, re.M)
    return {(source, group, int(port)) for source, group, port in rows}


def taken():
    """(group, what takes it) of every template, without the rules and what hands a name on."""
    told = (INGRESS, "AWS::EC2::SecurityGroupEgress", "AWS::SSM::Parameter")
    for name in NAMES:
        for resource, its in template(name)["Resources"].items():
            for _, mapping in walk(its):
                named = mapping.get("Ref") or mapping.get("Fn::GetAtt", [None])[0]
                group = re.fullmatch(r"(\w+)SecurityGroup(Id)?", str(named))
                if group and its["Type"] not in told:
                    yield group[1], resource


def documented_members():
    """The same of the table of docs/DEPLOY.md, but for `Caller`, whose members are IN_NETWORK."""
    page = (ROOT / "docs/DEPLOY.md").read_text()
    table = page.split("| Group | Is taken by |")[1].split("\n\n")[0]
    for group, members in re.findall(r"^\| `(\w+)` \| (.*) \|$", table, re.M):
        if group != "Caller":
            yield from ((group, one) for one in re.findall(r"`(\w+)`", members))


class Network(unittest.TestCase):
    def test_the_page_lists_who_is_in_each_group_and_nobody_else(self):
        callers = {("Caller", name) for name in IN_NETWORK}
        self.assertEqual(set(taken()), callers | set(documented_members()))

    def test_no_other_stack_opens_a_way_into_the_network(self):
        kinds = ("AWS::EC2::", "AWS::ElasticLoadBalancingV2::LoadBalancer", "AWS::RDS::")
        for name in NAMES:
            if name != NETWORK:
                for resource, its in template(name)["Resources"].items():
                    self.assertFalse(its["Type"].startswith(kinds), f"{name} {resource}")

    def test_names_of_groups_are_handed_on_to_whom_the_page_names(self):
        handed = {
            name for name in template(NETWORK)["Resources"] if name.endswith("SecurityGroupIdPlace")
        }
        groups = {f"{group}SecurityGroupIdPlace" for group in ("Caller", "Task", "Migrate")}
        self.assertEqual(handed, groups)

    def test_exactly_what_calls_cal_com_is_in_its_network(self):
        functions = of_type(template("api.yaml"), "AWS::Serverless::Function")
        inside = {n for n, f in functions.items() if "VpcConfig" in f["Properties"]}
        self.assertEqual(inside, IN_NETWORK)

    def test_nothing_comes_in_by_an_address(self):
        for title, _, _, stack in stacks():
            for path, mapping in walk(stack):
                if "SecurityGroupIngress" in path or "SecurityGroupIngress" in mapping:
                    self.fail(f"{title}: {path} has ingress of its own")
            for name, rule in of_type(stack, INGRESS).items():
                with self.subTest(title, rule=name):
                    keys = set(rule["Properties"])
                    self.assertFalse(keys & {"CidrIp", "CidrIpv6", "SourcePrefixListId"})
                    self.assertIn("SourceSecurityGroupId", keys)

    def test_the_page_lists_every_path_and_no_other(self):
        found = set()
        for _, _, _, stack in stacks():
            found |= set(pairs(stack))
        self.assertEqual(found, documented())

    def test_only_functions_the_balancer_and_tasks_come_near_cal_com(self):
        for title, _, _, stack in stacks():
            doors = ("LoadBalancer", "Task")
            near = {source for source, group, _ in pairs(stack) if group in doors}
            with self.subTest(title):
                self.assertEqual(near, {"Caller", "Task", "LoadBalancer"})

    def test_every_group_begins_with_no_way_out(self):
        for title, _, _, stack in stacks():
            for name, group in of_type(stack, "AWS::EC2::SecurityGroup").items():
                with self.subTest(title, group=name):
                    (rule,) = group["Properties"]["SecurityGroupEgress"]
                    self.assertEqual(rule["CidrIp"], "255.255.255.255/32")

    def test_the_balancer_is_internal_and_speaks_tls_alone(self):
        for title, _, _, stack in stacks():
            with self.subTest(title):
                (balancer,) = of_type(
                    stack, "AWS::ElasticLoadBalancingV2::LoadBalancer"
                ).values()
                self.assertEqual(balancer["Properties"]["Scheme"], "internal")
                (listener,) = of_type(stack, "AWS::ElasticLoadBalancingV2::Listener").values()
                self.assertEqual(listener["Properties"]["Protocol"], "HTTPS")
                (default,) = listener["Properties"]["DefaultActions"]
                self.assertEqual(default["FixedResponseConfig"]["StatusCode"], "404")

    def test_neither_tasks_nor_database_have_a_public_address(self):
        for title, _, _, stack in stacks():
            with self.subTest(title):
                for service in of_type(stack, "AWS::ECS::Service").values():
                    config = service["Properties"]["NetworkConfiguration"]["AwsvpcConfiguration"]
                    self.assertEqual(config["AssignPublicIp"], "DISABLED")
                    self.assertNotIn({"Ref": "NatSubnet"}, config["Subnets"])
                (database,) = of_type(stack, "AWS::RDS::DBInstance").values()
                self.assertIs(database["Properties"]["PubliclyAccessible"], False)
                for subnet in of_type(stack, "AWS::EC2::Subnet").values():
                    self.assertNotIn("MapPublicIpOnLaunch", subnet["Properties"])

    def test_sealed_has_no_way_to_the_internet(self):
        kinds = (
            "AWS::EC2::InternetGateway",
            "AWS::EC2::NatGateway",
            "AWS::EC2::EIP",
            "AWS::EC2::Route",
            "AWS::EC2::Instance",
        )
        for title, profile, egress, stack in stacks():
            with self.subTest(title):
                found = {kind for kind in kinds if of_type(stack, kind)}
                if egress == "sealed":
                    self.assertEqual(found, set())
                else:
                    nat = "Instance" if profile == "small" else "NatGateway"
                    self.assertIn(f"AWS::EC2::{nat}", found)
                    (route,) = (
                        r["Properties"]
                        for r in of_type(stack, "AWS::EC2::Route").values()
                        if r["Properties"]["RouteTableId"] == {"Ref": "PrivateRoutes"}
                    )
                    ways = {"NatGatewayId", "InstanceId"} & set(route)
                    self.assertEqual(len(ways), 1)
                    self.assertNotIn("GatewayId", route)

    def test_sealed_has_every_endpoint_and_nat_none(self):
        wanted = {"secretsmanager", "sqs", "ecr.api", "ecr.dkr", "logs", "ssmmessages"}
        for title, _, egress, stack in stacks():
            found = {
                e["Properties"]["ServiceName"]["Fn::Sub"].split("${AWS::Region}.")[1]
                for e in of_type(stack, "AWS::EC2::VPCEndpoint").values()
                if e["Properties"]["VpcEndpointType"] == "Interface"
            }
            with self.subTest(title):
                self.assertEqual(found, wanted if egress == "sealed" else set())

    def test_small_is_one_task_that_sleeps_and_standard_is_two_kinds_that_scale(self):
        for title, profile, _, stack in stacks():
            services = of_type(stack, "AWS::ECS::Service")
            clocks = of_type(stack, "AWS::Scheduler::Schedule")
            scaling = of_type(stack, "AWS::ApplicationAutoScaling::ScalableTarget")
            with self.subTest(title):
                small = profile == "small"
                self.assertEqual(len(services), 1 if small else 2)
                self.assertEqual(len(clocks), 2 if small else 0)
                self.assertEqual(len(scaling), 0 if small else 2)

    def test_only_the_task_of_small_may_be_moved_and_only_where_that_is_wanted(self):
        for profile, capacity, wanted in (
            ("small", "FARGATE_SPOT", {"Ref": "SmallCapacity"}),
            ("small", "FARGATE", {"Ref": "SmallCapacity"}),
            ("standard", "FARGATE_SPOT", "FARGATE"),
        ):
            stack = deployed(NETWORK, Profile=profile, SmallCapacity=capacity)
            (strategy,) = stack["WebService"]["Properties"]["CapacityProviderStrategy"]
            self.assertEqual(strategy["CapacityProvider"], wanted)
            known = stack["Cluster"]["Properties"]["CapacityProviders"]
            allowed = template(NETWORK)["Parameters"]["SmallCapacity"]["AllowedValues"]
            self.assertEqual(set(known), set(allowed))

    def test_api_v2_is_the_same_container_in_both_profiles(self):
        small = deployed(NETWORK, Profile="small")["WebTask"]["Properties"]
        standard = deployed(NETWORK, Profile="standard")["ApiTask"]["Properties"]
        _, inside = small["ContainerDefinitions"]
        (alone,) = standard["ContainerDefinitions"]
        self.assertEqual(inside, alone)

    def test_nothing_runs_before_the_database_was_migrated(self):
        for profile in ("small", "standard"):
            stack = deployed(NETWORK, Profile=profile, Started="false")
            counts = [
                r["Properties"]["DesiredCount"]
                for r in stack.values()
                if r["Type"] == "AWS::ECS::Service"
            ]
            self.assertEqual(set(counts), {0}, profile)

    def test_no_clock_stops_or_starts_what_is_not_started(self):
        for started, asked, state in (
            ("false", "ENABLED", "DISABLED"),
            ("false", "DISABLED", "DISABLED"),
            ("true", "ENABLED", {"Ref": "SleepSchedule"}),
        ):
            stack = deployed(NETWORK, Profile="small", Started=started, SleepSchedule=asked)
            clocks = of_type({"Resources": stack}, "AWS::Scheduler::Schedule")
            self.assertEqual(set(clocks), {"SleepClock", "WakeClock"})
            for name, clock in clocks.items():
                self.assertEqual(clock["Properties"]["State"], state, name)

    def test_web_and_api_share_the_keys_they_must_share(self):
        stack = deployed(NETWORK, Profile="standard")
        shared = {"NEXTAUTH_SECRET", "CALENDSO_ENCRYPTION_KEY", "DATABASE_PASSWORD"}
        for task in ("WebTask", "ApiTask"):
            (container,) = stack[task]["Properties"]["ContainerDefinitions"]
            secrets = {s["Name"]: s["ValueFrom"] for s in container["Secrets"]}
            self.assertLessEqual(shared, set(secrets), task)
            for name, place in secrets.items():
                if name.startswith("CRON"):
                    self.assertEqual(place["Fn::Sub"], "${CalcomCronSecretArn}:secret::")
                elif not name.startswith("DATABASE"):
                    self.assertEqual(place["Fn::Sub"], f"${{CalcomKeysArn}}:{name}::")

    def test_the_script_prints_exactly_the_keys_that_tasks_ask_for(self):
        script = (ROOT / "infra/calcom-keys.sh").read_text()
        printed = set(re.findall(r'^  "([A-Z_]+)":', script, re.M))
        asked = set(re.findall(r"CalcomKeysArn}:([A-Z_]+)::", text(NETWORK)))
        self.assertEqual(printed, asked)

    def test_no_container_is_given_a_password_as_text(self):
        for task in of_type({"Resources": deployed(NETWORK)}, "AWS::ECS::TaskDefinition").values():
            for container in task["Properties"]["ContainerDefinitions"]:
                for variable in container["Environment"]:
                    self.assertNotRegex(variable["Name"], "PASSWORD|TOKEN|PRIVATE|CRYPT")


if __name__ == "__main__":
    unittest.main()
