"""The API stack as SAM deploys it, and what every stack owes."""

import json
import re
import unittest

from support import INFRA, NAMES, ROOT, as_list, deployed, deployed_by_sam, of_type, parse
from support import runbooks, statements, template, text, translated

FUNCTION = "AWS::Serverless::Function"
ALARM = "AWS::CloudWatch::Alarm"
# Functions that could starve the others, and how many of each may run at once.
RESERVED = {
    "AuthLoginFunction": 10,
    "AuthPasswordChangeFunction": 5,
    "AuthResetFunction": 5,
    "WebhooksCalcomFunction": 20,
    "ReconcileFunction": 1,
    "AuditSealFunction": 2,
}
# Actions that know no resource.
ANYWHERE = {
    "ecr:GetAuthorizationToken",
    "cloudwatch:DescribeAlarms",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "logs:DescribeLogGroups",
    "xray:PutTelemetryRecords",
    "xray:PutTraceSegments",
    "ssmmessages:CreateControlChannel",
    "ssmmessages:CreateDataChannel",
    "ssmmessages:OpenControlChannel",
    "ssmmessages:OpenDataChannel",
}


class Translated(unittest.TestCase):
    def test_it_stays_below_the_limit_of_resources_of_a_stack(self):
        self.assertLess(len(translated()["Resources"]), 480)

    def test_every_function_has_a_role_of_its_own(self):
        functions = of_type(translated(), "AWS::Lambda::Function")
        roles = [json.dumps(f["Properties"]["Role"]) for f in functions.values()]
        self.assertEqual(len(functions), len(of_type(template("api.yaml"), FUNCTION)))
        self.assertEqual(len(set(roles)), len(roles))

    def test_every_function_writes_to_a_group_that_forgets(self):
        groups = set(of_type(translated(), "AWS::Logs::LogGroup"))
        for name, function in of_type(translated(), "AWS::Lambda::Function").items():
            group = function["Properties"]["LoggingConfig"]["LogGroup"]["Ref"]
            self.assertIn(group, groups, name)

    def test_roles_have_the_managed_policies_that_sam_gives_them_and_no_other(self):
        key = "ManagedPolicyArns"
        roles = of_type(translated(), "AWS::IAM::Role")
        given = {n: r["Properties"][key] for n, r in roles.items() if key in r["Properties"]}
        found = {n: {arn.split(":policy/")[1] for arn in arns} for n, arns in given.items()}
        wanted = {"CodeDeployServiceRole": {"service-role/AWSCodeDeployRoleForLambda"}}
        for name, function in of_type(template("api.yaml"), FUNCTION).items():
            its = function["Properties"]
            events = its.get("Events", {}).values()
            own = {"AWSXrayWriteOnlyAccess", "service-role/AWSLambdaBasicExecutionRole"}
            if "VpcConfig" in its:
                own.add("service-role/AWSLambdaVPCAccessExecutionRole")
            if any(event["Type"] == "SQS" for event in events):
                own.add("service-role/AWSLambdaSQSQueueExecutionRole")
            wanted[f"{name}Role"] = own
        self.assertEqual(found, wanted)

    def test_policies_pass_parliament(self):
        from parliament import analyze_policy_string

        done = 0
        stack = {"Resources": deployed_by_sam()}
        for name, role in of_type(stack, "AWS::IAM::Role").items():
            for policy in role["Properties"].get("Policies", []):
                document = concrete(policy["PolicyDocument"])
                found = [str(f) for f in analyze_policy_string(json.dumps(document)).findings]
                if not name.endswith("FunctionRole"):  # SAM's own, of a schedule
                    found = [f for f in found if not f.startswith("NO_VERSION")]
                self.assertEqual(found, [], name)
                done += 1
        self.assertGreater(done, 60)

    def test_policies_of_other_stacks_pass_parliament(self):
        from parliament import analyze_policy_string

        for file in ("network-calcom.yaml", "calcom-images.yaml"):
            for name, role in of_type(template(file), "AWS::IAM::Role").items():
                for policy in role["Properties"]["Policies"]:
                    document = concrete(policy["PolicyDocument"])
                    found = analyze_policy_string(json.dumps(document)).findings
                    # The tool's list says it takes a resource; for all alarms it does not.
                    kept = [str(f) for f in found if "cloudwatch:DescribeAlarms" not in str(f)]
                    self.assertEqual(kept, [], f"{file} {name}")


    def test_what_bounds_functions_and_guards_the_audit_passes_parliament(self):
        from parliament import analyze_policy_string

        policies = of_type(translated(), "AWS::IAM::ManagedPolicy")
        self.assertEqual(set(policies), {"AuditGuard", "FunctionBoundary"})
        for name, policy in policies.items():
            document = concrete(policy["Properties"]["PolicyDocument"])
            found = [str(f) for f in analyze_policy_string(json.dumps(document)).findings]
            # The tool does not know the key by which Lambda tells its code from itself.
            found = [f for f in found if "lambda:SourceFunctionArn" not in f]
            self.assertEqual(found, [], name)

    def test_policies_of_the_examples_pass_parliament(self):
        from parliament import analyze_policy_string

        stack = parse((INFRA / "examples/deploy-roles.yaml").read_text())
        done = 0
        for name, role in of_type(stack, "AWS::IAM::Role").items():
            for policy in role["Properties"].get("Policies", []):
                for statement in policy["PolicyDocument"]["Statement"]:
                    # One at a time, so that each gets an example of its own kind of resource.
                    alone = {**policy["PolicyDocument"], "Statement": [statement]}
                    found = analyze_policy_string(json.dumps(concrete(alone))).findings
                    self.assertEqual([str(f) for f in found], [], f"{name} {statement}")
                    done += 1
        self.assertGreater(done, 3)


def concrete(value, key=None):
    """A policy with an example in place of every reference."""
    arns = {
        "dynamodb": "arn:aws:dynamodb:eu-west-1:000000000000:table/t",
        "secretsmanager": "arn:aws:secretsmanager:eu-west-1:000000000000:secret:s-abcdef",
        "ses": "arn:aws:ses:eu-west-1:000000000000:identity/interlock.example.org",
        "sqs": "arn:aws:sqs:eu-west-1:000000000000:q",
        "lambda": "arn:aws:lambda:eu-west-1:000000000000:function:f",
        "ec2": [
            "arn:aws:ec2:eu-west-1:000000000000:network-interface/*",
            "arn:aws:ec2:eu-west-1:000000000000:subnet/*",
        ],
        "ecr": "arn:aws:ecr:eu-west-1:000000000000:repository/r",
        "logs": "arn:aws:logs:eu-west-1:000000000000:log-group:g:log-stream:s",
        "ecs": "arn:aws:ecs:eu-west-1:000000000000:service/c/s",
        "rds": "arn:aws:rds:eu-west-1:000000000000:db:d",
        "states": "arn:aws:states:eu-west-1:000000000000:stateMachine:m",
        "cloudwatch": "arn:aws:cloudwatch:eu-west-1:000000000000:alarm:a",
        "cloudformation": "arn:aws:cloudformation:eu-west-1:000000000000:stack/interlock-s/*",
        "cloudfront": "arn:aws:cloudfront::000000000000:distribution/D",
        "codedeploy": "arn:aws:codedeploy:eu-west-1:000000000000:deploymentgroup:a/g",
        "iam": "arn:aws:iam::000000000000:role/r",
        "s3": ["arn:aws:s3:::b", "arn:aws:s3:::b/*"],
        "ssm": "arn:aws:ssm:eu-west-1:000000000000:parameter/interlock/dev/p",
    }
    if isinstance(value, dict) and "Effect" in value and "Resource" in value:
        service = as_list(value["Action"])[0].split(":")[0]
        if value["Resource"] != "*":
            value = {**value, "Resource": arns[service]}
    if isinstance(value, dict):
        if set(value) & {"Ref", "Fn::Sub", "Fn::GetAtt", "Fn::Join"}:
            return "000000000000"
        return {k: concrete(v, k) for k, v in value.items()}
    if isinstance(value, list):
        return [concrete(v, key) for v in value]
    return value


class Settings(unittest.TestCase):
    def test_what_could_starve_others_has_a_limit(self):
        functions = of_type(template("api.yaml"), FUNCTION)
        key = "ReservedConcurrentExecutions"
        found = {n: f["Properties"][key] for n, f in functions.items() if key in f["Properties"]}
        self.assertEqual(found, RESERVED)

    def test_no_role_has_a_wildcard_among_its_actions(self):
        for file in NAMES:
            stack = translated() if file == "api.yaml" else template(file)
            for name, _, path, statement in statements(stack):
                if statement["Effect"] == "Deny":
                    continue
                for action in as_list(statement["Action"]):
                    self.assertNotIn("*", action, f"{file} {name} {path}")

    def test_no_role_may_act_on_everything(self):
        for file in NAMES:
            stack = translated() if file == "api.yaml" else template(file)
            for name, kind, path, statement in statements(stack):
                if kind == "AWS::EC2::VPCEndpoint" or statement["Effect"] == "Deny":
                    continue
                if "*" in as_list(statement.get("Resource", "")):
                    self.assertLessEqual(set(as_list(statement["Action"])), ANYWHERE, name)

    def test_messages_are_hidden_six_times_as_long_as_their_worker_runs(self):
        stack = template("api.yaml")
        default = stack["Globals"]["Function"]["Timeout"]
        queues = of_type(stack, "AWS::SQS::Queue")
        fed = set()
        for function in of_type(stack, FUNCTION).values():
            its = function["Properties"]
            for event in its.get("Events", {}).values():
                if event["Type"] == "SQS":
                    (queue, _) = event["Properties"]["Queue"]["Fn::GetAtt"]
                    hidden = queues[queue]["Properties"]["VisibilityTimeout"]
                    self.assertGreaterEqual(hidden, 6 * its.get("Timeout", default), queue)
                    fed.add(queue)
        self.assertEqual(fed, {"WebhookQueue", "OutboxQueue", "MailEventQueue"})

    def test_every_queue_sets_aside_and_every_dead_letter_sounds(self):
        stack = template("api.yaml")
        queues = of_type(stack, "AWS::SQS::Queue")
        dead = {
            q["Properties"]["RedrivePolicy"]["deadLetterTargetArn"]["Fn::GetAtt"][0]
            for q in queues.values()
            if "RedrivePolicy" in q["Properties"]
        }
        rest = {n for n, q in queues.items() if "RedrivePolicy" not in q["Properties"]}
        self.assertEqual(dead, rest)
        sounding = {
            d["Value"]["Fn::GetAtt"][0]
            for a in of_type(stack, ALARM).values()
            if a["Properties"].get("MetricName") == "ApproximateNumberOfMessagesVisible"
            for d in a["Properties"]["Dimensions"]
        }
        self.assertEqual(sounding, dead)

    def test_what_keeps_data_is_encrypted(self):
        for file in NAMES:
            stack = template(file)
            for name, resource in stack["Resources"].items():
                its = resource.get("Properties", {})
                wanted = {
                    "AWS::SQS::Queue": lambda: its["SqsManagedSseEnabled"] is True,
                    "AWS::DynamoDB::Table": lambda: its["SSESpecification"]["SSEEnabled"] is True,
                    "AWS::S3::Bucket": lambda: its["BucketEncryption"],
                    "AWS::RDS::DBInstance": lambda: its["StorageEncrypted"] is True,
                    "AWS::ElastiCache::ReplicationGroup": lambda: its["AtRestEncryptionEnabled"]
                    and its["TransitEncryptionMode"] == "required",
                }.get(resource["Type"])
                if wanted:
                    self.assertTrue(wanted(), f"{file} {name}")

    def test_every_log_group_forgets(self):
        for file in NAMES:
            for name, group in of_type(template(file), "AWS::Logs::LogGroup").items():
                self.assertIn("RetentionInDays", group["Properties"], f"{file} {name}")

    def test_what_cannot_be_made_again_outlives_its_stack(self):
        for file in NAMES:
            for name, resource in template(file)["Resources"].items():
                kinds = ("AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::RDS::DBInstance")
                if resource["Type"] in kinds:
                    self.assertIn(
                        resource.get("DeletionPolicy"),
                        ("Retain", "RetainExceptOnCreate", "Snapshot"),
                        f"{file} {name}",
                    )

    def test_no_bucket_is_public(self):
        for file in NAMES:
            for name, bucket in of_type(template(file), "AWS::S3::Bucket").items():
                block = bucket["Properties"]["PublicAccessBlockConfiguration"]
                self.assertEqual(set(block.values()), {True}, f"{file} {name}")
                self.assertEqual(len(block), 4)

    def test_without_a_network_nothing_is_left_of_it(self):
        stack = deployed("api.yaml", CallerSecurityGroupId="none", ListenerArn="none")
        self.assertNotIn("WebhookListenerRule", stack)
        for name, resource in stack.items():
            self.assertNotIn("VpcConfig", resource["Properties"], name)

    def test_the_rule_of_webhooks_comes_before_the_rules_of_cal_com(self):
        first = template("api.yaml")["Parameters"]["ListenerPriority"]["Default"]
        network = template("network-calcom.yaml")
        rules = of_type(network, "AWS::ElasticLoadBalancingV2::ListenerRule")
        self.assertLess(first, min(r["Properties"]["Priority"] for r in rules.values()))

    def test_the_firewall_is_made_counts_or_blocks(self):
        self.assertNotIn("WebAcl", deployed("edge.yaml", Firewall="off"))
        for value, action in (("count", "Count"), ("block", "Block")):
            rate = deployed("edge.yaml", Firewall=value)["WebAcl"]["Properties"]["Rules"][0]
            self.assertEqual(set(rate["Action"]), {action})

    def test_errors_of_the_api_stay_what_they_are(self):
        config = deployed("edge.yaml")["Distribution"]["Properties"]["DistributionConfig"]
        self.assertNotIn("CustomErrorResponses", config)
        (api,) = (b for b in config["CacheBehaviors"] if b["TargetOriginId"] == "api")
        self.assertNotIn("FunctionAssociations", api)
        self.assertEqual(api["PathPattern"], "/api/*")


class Traces(unittest.TestCase):
    def rule(self):
        (resource,) = of_type(template("api.yaml"), "AWS::XRay::SamplingRule").values()
        return resource["Properties"]["SamplingRule"]

    def test_every_function_is_traced(self):
        for name, function in of_type(translated(), "AWS::Lambda::Function").items():
            self.assertEqual(function["Properties"].get("TracingConfig"), {"Mode": "Active"}, name)

    def test_five_runs_in_a_hundred_are_traced_and_none_before(self):
        self.assertEqual(self.rule()["FixedRate"], 0.05)
        self.assertEqual(self.rule()["ReservoirSize"], 0)

    def test_the_rule_is_about_the_functions_and_asks_for_nothing_else(self):
        pattern = self.rule()["ServiceName"]["Fn::Sub"]
        start, rest = pattern[:-1], pattern[-1]
        self.assertEqual(rest, "*")
        for name, function in of_type(template("api.yaml"), FUNCTION).items():
            its = function["Properties"]["FunctionName"]["Fn::Sub"]
            self.assertTrue(its.startswith(start) and its != start, name)
        for key in ("ServiceType", "HTTPMethod", "Host", "URLPath", "ResourceARN"):
            self.assertEqual(self.rule()[key], "*", key)

    def test_no_deployment_makes_the_name_of_the_rule_too_long(self):
        its = template("api.yaml")["Parameters"]["Deployment"]["AllowedPattern"]
        self.assertRegex("a" * 26, f"^({its})$")
        self.assertNotRegex("a" * 27, f"^({its})$")
        name = self.rule()["RuleName"]["Fn::Sub"].replace("${Deployment}", "a" * 26)
        self.assertRegex(name, r"^[a-z-]{1,32}$")


class Alarms(unittest.TestCase):
    def test_every_alarm_names_a_runbook_that_names_it(self):
        for file in NAMES:
            for name, alarm in of_type(template(file), ALARM).items():
                with self.subTest(alarm=name):
                    (page,) = runbooks(alarm)
                    self.assertTrue((ROOT / page).is_file(), page)
                    self.assertIn(f"`{name}`", (ROOT / page).read_text())

    def test_every_alarm_tells_the_topic(self):
        for file in NAMES:
            for name, alarm in of_type(template(file), ALARM).items():
                self.assertIn("AlarmActions", alarm["Properties"], name)

    def test_the_sleeper_can_name_every_alarm_in_one_call(self):
        count = sum(len(of_type(template(file), ALARM)) for file in NAMES)
        self.assertLess(count, 100)


class Parameters(unittest.TestCase):
    def test_stacks_take_only_what_an_earlier_one_puts_down(self):
        put = set()
        order = ["data.yaml", "calcom-images.yaml", "network-calcom.yaml", "api.yaml", "ops.yaml"]
        for file in order:
            stack = template(file)
            for name, parameter in stack["Parameters"].items():
                taken = parameter["Type"].startswith("AWS::SSM::Parameter::Value")
                if taken and "Default" not in parameter:
                    self.assertIn(name, put, file)
            for place in of_type(stack, "AWS::SSM::Parameter").values():
                name = place["Properties"]["Name"]["Fn::Sub"]
                put.add(name.removeprefix("/interlock/${Deployment}/"))

    def test_the_sample_configuration_gives_every_parameter_that_has_no_default(self):
        import tomllib

        config = tomllib.loads(text("samconfig.toml"))
        self.assertEqual(len(config) - 1, 18)
        for title, command in config.items():
            if title == "version":
                continue
            its = command["deploy"]["parameters"]
            given = {line.split("=", 1)[0] for line in its["parameter_overrides"]}
            known = template(its["template_file"])["Parameters"]
            for line in its["parameter_overrides"]:  # SAM refuses one without a value
                self.assertRegex(line, r"^\w+=\S+$", title)
            # Templates beyond 51,200 bytes are deployed from a bucket alone.
            self.assertIs(its["resolve_s3"], True, title)
            self.assertLessEqual(given, set(known), title)
            needed = {n for n, p in known.items() if "Default" not in p}
            self.assertLessEqual(needed, given, title)

    def test_no_template_or_configuration_holds_an_id_of_an_account(self):
        for name in [*NAMES, "samconfig.toml"]:
            for account in re.findall(r"(?<!\d)\d{12}(?!\d)", text(name)):
                self.assertEqual(account, "0" * 12, name)


class Pages(unittest.TestCase):
    def test_every_link_between_pages_leads_somewhere(self):
        for page in (ROOT / "docs").glob("*.md"):
            for link in re.findall(r"\]\(([^)#:]+?)(?:#[^)]*)?\)", page.read_text()):
                self.assertTrue((page.parent / link).exists(), f"{page.name}: {link}")


if __name__ == "__main__":
    unittest.main()
