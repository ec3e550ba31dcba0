"""How far the rights of functions reach, whatever SAM gives their roles, and who reads queues."""

import re
import unittest

from support import ROOT, as_list, of_type, template, translated

FUNCTION = "AWS::Serverless::Function"
API = template("api.yaml")
BOUNDARY = "FunctionBoundary"
# What Lambda does in the name of a function; everything else a role says itself.
WRITES_LOGS = {"logs:CreateLogStream", "logs:PutLogEvents"}
TRACES = {"xray:PutTelemetryRecords", "xray:PutTraceSegments"}
LOOKS_AT_NETWORK = {"ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets"}
MAKES_INTERFACES = {
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:UnassignPrivateIpAddresses",
}
TAKES_MESSAGES = {"sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"}
BY_LAMBDA = WRITES_LOGS | TRACES | LOOKS_AT_NETWORK | MAKES_INTERFACES | TAKES_MESSAGES
# Actions that know no resource.
ANYWHERE = TRACES | LOOKS_AT_NETWORK


def allowed(document):
    """(action, resource) pairs of the statements that allow, conditions left out."""
    for statement in map(chosen, as_list(document["Statement"])):
        if statement["Effect"] == "Allow":
            for action in as_list(statement["Action"]):
                for resource in as_list(statement["Resource"]):
                    yield action, plain(resource)


def chosen(value):
    """Of what may be left out, what it is otherwise."""
    return value["Fn::If"][1] if isinstance(value, dict) and "Fn::If" in value else value


def plain(resource):
    """A resource as text."""
    return re.sub("/index/gsi[12]", "/index/*", str(chosen(resource)))


def boundary():
    return API["Resources"][BOUNDARY]["Properties"]["PolicyDocument"]


def roles():
    """Roles that SAM makes for functions, and the name of each function."""
    made = of_type(translated(), "AWS::IAM::Role")
    return {name: made[f"{name}Role"]["Properties"] for name in of_type(API, FUNCTION)}


def resources(action):
    return [resource for one, resource in allowed(boundary()) if one == action]


class Boundary(unittest.TestCase):
    def test_it_holds_for_every_function(self):
        for name, role in roles().items():
            self.assertEqual(role["PermissionsBoundary"], {"Ref": BOUNDARY}, name)

    def test_it_names_everything_of_an_account_only_where_an_action_knows_no_resource(self):
        everywhere = {action for action, resource in allowed(boundary()) if resource == "*"}
        self.assertEqual(everywhere, ANYWHERE)
        for action, _ in allowed(boundary()):
            self.assertNotIn("*", action)

    def test_it_takes_nothing_away_that_a_role_says_itself(self):
        most = set(allowed(boundary()))
        for name, role in roles().items():
            for policy in map(chosen, role.get("Policies", [])):
                self.assertLessEqual(set(allowed(policy["PolicyDocument"])), most, name)

    def test_it_gives_nothing_that_no_role_says_and_lambda_does_not_do(self):
        said = {
            pair
            for role in roles().values()
            for policy in map(chosen, role.get("Policies", []))
            for pair in allowed(policy["PolicyDocument"])
        }
        more = {action for action, _ in set(allowed(boundary())) - said}
        self.assertEqual(more, BY_LAMBDA)

    def test_logs_go_to_the_groups_that_functions_name(self):
        functions = of_type(translated(), "AWS::Lambda::Function").values()
        named = {one["Properties"]["LoggingConfig"]["LogGroup"]["Ref"] for one in functions}
        self.assertEqual(named, {"ApiLogGroup", "JobLogGroup", "WebhookLogGroup"})
        for action in WRITES_LOGS:
            self.assertEqual(set(resources(action)), {plain(get(n, "Arn")) for n in named})

    def test_messages_are_taken_from_queues_that_have_a_worker(self):
        for action in TAKES_MESSAGES:
            fed = {plain(get(queue, "Arn")) for queue in workers()}
            self.assertEqual(set(resources(action)), fed)

    def test_no_code_of_a_function_touches_the_network(self):
        (denied,) = (s for s in boundary()["Statement"] if s["Effect"] == "Deny")
        self.assertEqual(set(denied["Action"]), LOOKS_AT_NETWORK | MAKES_INTERFACES)
        self.assertEqual(denied["Resource"], "*")
        place = denied["Condition"]["ArnLike"]["lambda:SourceFunctionArn"]["Fn::Sub"]
        self.assertTrue(place.endswith(":function:${AWS::StackName}-*"), place)
        for name, function in of_type(API, FUNCTION).items():
            its = function["Properties"]["FunctionName"]["Fn::Sub"]
            self.assertTrue(its.startswith("${AWS::StackName}-"), name)

    def test_the_page_of_threats_names_it(self):
        page = (ROOT / "docs/THREAT_MODEL.md").read_text()
        self.assertEqual(page.count(f"`{BOUNDARY}`"), 1)


def get(name, attribute):
    return {"Fn::GetAtt": [name, attribute]}


def workers():
    """Queues that start a function, and its name."""
    return {
        event["Properties"]["Queue"]["Fn::GetAtt"][0]: name
        for name, function in of_type(API, FUNCTION).items()
        for event in function["Properties"].get("Events", {}).values()
        if event["Type"] == "SQS"
    }


def denied(queue):
    """Statements of the policy of a queue that deny something."""
    policies = [
        p["Properties"]
        for p in of_type(API, "AWS::SQS::QueuePolicy").values()
        if {"Ref": queue} in p["Properties"]["Queues"]
    ]
    (policy,) = policies  # a second would take the place of the first
    return [s for s in policy["PolicyDocument"]["Statement"] if s["Effect"] == "Deny"]


class Queues(unittest.TestCase):
    def test_every_queue_takes_calls_over_tls_alone(self):
        queues = of_type(API, "AWS::SQS::Queue")
        self.assertEqual(len(queues), 6)
        for name in queues:
            conditions = [s["Condition"] for s in denied(name) if s["Action"] == "sqs:*"]
            self.assertEqual(conditions, [{"Bool": {"aws:SecureTransport": "false"}}], name)

    def test_only_its_worker_takes_messages_from_a_queue(self):
        self.assertEqual(len(workers()), 3)
        for queue, worker in workers().items():
            (statement,) = (s for s in denied(queue) if "sqs:ReceiveMessage" in s["Action"])
            self.assertEqual(statement["Principal"], "*", queue)
            self.assertEqual(statement["Resource"], get(queue, "Arn"))
            self.assertIn("sqs:DeleteMessage", statement["Action"])
            role = {"aws:PrincipalArn": get(f"{worker}Role", "Arn")}
            self.assertEqual(statement["Condition"], {"ArnNotEquals": role}, queue)

    def test_who_else_is_let_in_is_the_rule_of_letters(self):
        for name, policy in of_type(API, "AWS::SQS::QueuePolicy").items():
            for statement in policy["Properties"]["PolicyDocument"]["Statement"]:
                if statement["Effect"] == "Allow":
                    self.assertEqual(name, "MailEventQueuePolicy")
                    self.assertEqual(statement["Action"], "sqs:SendMessage")
                    rule = {"aws:SourceArn": get("MailEventRule", "Arn")}
                    self.assertEqual(statement["Condition"], {"ArnEquals": rule})

    def test_dead_letters_come_from_their_queue_alone(self):
        queues = of_type(API, "AWS::SQS::Queue")
        names = [q["Properties"].get("QueueName", {}).get("Fn::Sub") for q in queues.values()]
        named = [name for name in names if name]
        self.assertEqual(len(set(named)), 3)
        for name, queue in queues.items():
            redrive = queue["Properties"].get("RedrivePolicy")
            if redrive is None:
                continue
            (dead, _) = redrive["deadLetterTargetArn"]["Fn::GetAtt"]
            its = queues[dead]["Properties"]["RedriveAllowPolicy"]
            self.assertEqual(its["redrivePermission"], "byQueue", name)
            (source,) = its["sourceQueueArns"]
            own = queue["Properties"]["QueueName"]["Fn::Sub"]
            place = "arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:"
            self.assertEqual(source["Fn::Sub"], place + own, name)


if __name__ == "__main__":
    unittest.main()
