"""The mark by which a function knows the distribution, the front without one, and who may call."""

import functools
import json
import unittest

from support import ROOT, as_list, deployed, deployed_by_sam, of_type, template, translated, truth
from support import walk

FUNCTION = "AWS::Serverless::Function"
PLACE = "interlock/${Deployment}/origin"


def readers(resources):
    """Functions whose role reads the marks."""
    for name, function in resources.items():
        if function["Type"] != FUNCTION:
            continue
        for policy in function["Properties"].get("Policies", []):
            for statement in policy["Statement"]:
                if {"Ref": "OriginSecretArn"} in as_list(statement["Resource"]):
                    assert as_list(statement["Action"]) == ["secretsmanager:GetSecretValue"], name
                    yield name


class Front(unittest.TestCase):
    def test_the_distribution_marks_calls_of_the_api_and_no_others(self):
        config = deployed("edge.yaml")["Distribution"]["Properties"]["DistributionConfig"]
        origins = {origin["Id"]: origin for origin in config["Origins"]}
        self.assertNotIn("OriginCustomHeaders", origins["web"])
        (header,) = origins["api"]["OriginCustomHeaders"]
        self.assertEqual(header["HeaderName"].lower(), "x-interlock-origin")
        value = header["HeaderValue"]["Fn::Sub"]
        wanted = "{{resolve:secretsmanager:" + PLACE + ":SecretString:${OriginSlot}}}"
        self.assertEqual(value, wanted)

    def test_the_functions_look_for_the_header_that_the_distribution_sends(self):
        source = (ROOT / "shared/lambda/src/front.rs").read_text()
        self.assertIn('const HEADER: &str = "x-interlock-origin";', source)

    def test_the_marks_have_two_places_and_the_first_is_made(self):
        secret = template("data.yaml")["Resources"]["OriginSecret"]["Properties"]
        self.assertEqual(secret["Name"]["Fn::Sub"], PLACE)
        made = secret["GenerateSecretString"]
        kept = {**json.loads(made["SecretStringTemplate"]), made["GenerateStringKey"]: "made"}
        self.assertEqual(kept, {"a": "made", "b": ""})
        self.assertGreaterEqual(made["PasswordLength"], 32)
        slots = template("edge.yaml")["Parameters"]["OriginSlot"]["AllowedValues"]
        self.assertEqual(set(slots), set(kept))

    def test_the_secret_is_where_the_distribution_is_made_and_only_there_twice(self):
        its = template("data.yaml")["Resources"]["OriginSecret"]["Properties"]
        name, elsewhere, here = its["ReplicaRegions"]["Fn::If"]
        self.assertEqual((elsewhere, here), ([{"Region": "us-east-1"}], {"Ref": "AWS::NoValue"}))
        condition = template("data.yaml")["Conditions"][name]
        is_here = {"Fn::Equals": [{"Ref": "AWS::Region"}, "us-east-1"]}
        self.assertEqual(condition, {"Fn::Not": [is_here]})

    def test_every_function_is_told_where_the_marks_are(self):
        functions = of_type({"Resources": deployed_by_sam()}, "AWS::Lambda::Function")
        for name, function in functions.items():
            told = function["Properties"]["Environment"]["Variables"]
            self.assertEqual(told["INTERLOCK_ORIGIN_SECRET"], {"Ref": "OriginSecretArn"}, name)
            self.assertEqual(told["INTERLOCK_FRONT"], {"Ref": "Front"}, name)

    def test_exactly_what_the_api_calls_may_read_the_marks(self):
        routed = {
            name
            for name, function in of_type(template("api.yaml"), FUNCTION).items()
            for event in function["Properties"].get("Events", {}).values()
            if event["Type"] == "HttpApi"
        }
        self.assertGreater(len(routed), 60)
        stack = deployed("api.yaml", PublicWebhook="false")
        self.assertEqual(set(readers(stack)), routed)
        stack = deployed("api.yaml", PublicWebhook="true")
        self.assertEqual(set(readers(stack)), routed | {"WebhooksCalcomFunction"})


CORS = "x-amazon-apigateway-cors"
# Where Cal.com calls, and no page of ours.
SIGNED = {"/api/webhooks/calcom", "/api/cal/webhooks/receiver"}


def meant(document, value):
    """What a part of the API's description says, here or where it refers to."""
    while "$ref" in value:
        parts = value["$ref"].removeprefix("#/").split("/")
        value = functools.reduce(lambda found, part: found[part], parts, document)
    return value


def lower(names):
    return sorted(name.lower() for name in names)


class Fronts(unittest.TestCase):
    def test_beside_the_distribution_no_other_origin_is_let_read_anything(self):
        for stack in (deployed_by_sam(), deployed_by_sam(Front="cloudfront")):
            self.assertNotIn(CORS, stack["HttpApi"]["Properties"]["Body"])
            keys = {key.lower() for _, mapping in walk(stack) for key in mapping}
            self.assertFalse({key for key in keys if "cors" in key or "allow-origin" in key})

    def test_without_it_exactly_the_origin_of_the_app_is_with_its_cookies(self):
        cors = deployed_by_sam(Front="gateway")["HttpApi"]["Properties"]["Body"][CORS]
        self.assertEqual(cors["allowOrigins"], [{"Ref": "AppOrigin"}])
        self.assertIs(cors["allowCredentials"], True)
        self.assertLessEqual(cors["maxAge"], 3600)
        self.assertNotIn("*", json.dumps(cors))
        pattern = template("api.yaml")["Parameters"]["AppOrigin"]["AllowedPattern"]
        self.assertRegex("https://app.example.org", f"^{pattern}$")
        for several in ("https://*", "https://*.example.org", "*", "https://a/*"):
            self.assertNotRegex(several, f"^{pattern}$")

    def test_a_page_may_send_and_read_what_the_api_knows_and_nothing_else(self):
        cors = deployed_by_sam(Front="gateway")["HttpApi"]["Properties"]["Body"][CORS]
        document = json.loads((ROOT / "docs/openapi.json").read_text())
        methods, sent, told = set(), {"Content-Type", "Accept-Language"}, set()
        for path, operations in document["paths"].items():
            for method, operation in operations.items():
                methods.add(method.upper())
                if path in SIGNED:
                    continue
                named = [meant(document, one) for one in operation.get("parameters", [])]
                sent |= {one["name"] for one in named if one["in"] == "header"}
                answers = [meant(document, one) for one in operation["responses"].values()]
                told |= {name for one in answers for name in one.get("headers", {})}
        self.assertEqual(sorted(cors["allowMethods"]), sorted(methods))
        self.assertEqual(cors["allowHeaders"], lower(sent))
        self.assertEqual(cors["exposeHeaders"], lower(told - {"Set-Cookie"}))

    def test_without_it_no_mark_is_asked_for_and_nobody_may_read_one(self):
        for public in ("false", "true"):
            stack = deployed_by_sam(Front="gateway", PublicWebhook=public)
            for name, function in of_type({"Resources": stack}, "AWS::Lambda::Function").items():
                told = function["Properties"]["Environment"]["Variables"]
                self.assertEqual(told["INTERLOCK_ORIGIN_SECRET"], "", name)
                self.assertEqual(told["INTERLOCK_FRONT"], {"Ref": "Front"}, name)
            found = [path for path, mapping in walk(stack) if mapping == {"Ref": "OriginSecretArn"}]
            self.assertEqual(found, [])
            for path, mapping in walk(stack):
                if "Statement" in mapping:
                    self.assertTrue(mapping["Statement"], path)

    def test_the_distribution_never_stands_without_its_mark(self):
        (rule,) = template("api.yaml")["Rules"].values()
        (assertion,) = rule["Assertions"]
        for front, secret, wanted in [
            ("cloudfront", "none", False),
            ("cloudfront", "arn", True),
            ("gateway", "none", True),
        ]:
            told = {"Front": front, "OriginSecretArn": secret}
            asked = truth(rule["RuleCondition"], told, {})
            self.assertIs(not asked or truth(assertion["Assert"], told, {}), wanted, told)


class Callers(unittest.TestCase):
    def test_no_service_may_call_a_function_for_everybody(self):
        permissions = of_type(translated(), "AWS::Lambda::Permission")
        self.assertGreater(len(permissions), 60)
        for name, permission in permissions.items():
            self.assertIn("SourceArn", permission["Properties"], name)

    def test_the_load_balancer_may_call_for_its_own_target_group_alone(self):
        resources = template("api.yaml")["Resources"]
        group = resources["WebhookTargetGroup"]["Properties"]["Name"]["Fn::Sub"]
        permission = resources["WebhookTargetPermission"]["Properties"]
        _, (_, place) = permission["SourceArn"]["Fn::Join"]
        self.assertEqual(place["Fn::Sub"], f"targetgroup/{group}/*")
        pattern = template("api.yaml")["Parameters"]["Deployment"]["AllowedPattern"]
        longest = "a" * 26 + group.removeprefix("${Deployment}")
        self.assertRegex("a" * 26, f"^{pattern}$")
        self.assertNotRegex("a" * 27, f"^{pattern}$")
        self.assertLessEqual(len(longest), 32)


if __name__ == "__main__":
    unittest.main()
