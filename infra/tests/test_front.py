"""The mark by which a function knows the distribution, and who may call a function at all."""

import json
import unittest

from support import ROOT, as_list, deployed, of_type, template, translated

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
        variables = template("api.yaml")["Globals"]["Function"]["Environment"]["Variables"]
        self.assertEqual(variables["INTERLOCK_ORIGIN_SECRET"], {"Ref": "OriginSecretArn"})

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
