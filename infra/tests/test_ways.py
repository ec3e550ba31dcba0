"""Ways in: routes and what each lets through, the receiver's two doors, its host."""

import unittest

from support import deployed, of_type, template, text, translated, walk

FUNCTION = "AWS::Serverless::Function"
API = template("api.yaml")
# (calls a second, burst) of all people together, and where a route differs.
USUAL = (50, 100)
LIMITS = {
    "POST /api/machines/{machineId}/reservations": (10, 50),
    "POST /api/hosts/{hostId}/reservations": (10, 50),
    "POST /api/training/progress": (100, 200),
}


def stages():
    return of_type(translated(), "AWS::ApiGatewayV2::Stage")


def settings():
    (stage,) = (s for s in stages().values() if s["Properties"]["ApiId"] == {"Ref": "HttpApi"})
    return stage["Properties"]["DefaultRouteSettings"], stage["Properties"]["RouteSettings"]


def limits(of):
    return of["ThrottlingRateLimit"], of["ThrottlingBurstLimit"]


def routes():
    return {
        f"{event['Properties']['Method']} {event['Properties']['Path']}"
        for function in of_type(API, FUNCTION).values()
        for event in function["Properties"].get("Events", {}).values()
        if event["Type"] == "HttpApi"
    }


def looked_at():
    """Routes whose own figures an alarm or the dashboard looks at."""
    for name in ("api.yaml", "ops.yaml"):
        for _, mapping in walk(template(name)):
            named = mapping.get("Dimensions")
            by_name = {d["Name"]: d["Value"] for d in named} if isinstance(named, list) else {}
            if "Resource" in by_name:
                yield f"{by_name['Method']} {by_name['Resource']}"


class Routes(unittest.TestCase):
    def test_progress_and_reserving_have_limits_of_their_own(self):
        default, by_route = settings()
        self.assertEqual(limits(default), USUAL)
        self.assertEqual({route: limits(of) for route, of in by_route.items()}, LIMITS)
        self.assertLessEqual(set(LIMITS), routes())

    def test_an_override_leaves_no_setting_to_guess(self):
        default, by_route = settings()
        for route, its in by_route.items():
            self.assertEqual(set(its), set(default), route)

    def test_exactly_the_routes_that_somebody_looks_at_have_figures_of_their_own(self):
        default, by_route = settings()
        self.assertIs(default["DetailedMetricsEnabled"], False)
        paid = {route for route, its in by_route.items() if its["DetailedMetricsEnabled"]}
        self.assertEqual(paid, set(looked_at()))
        self.assertNotIn('"Resource"', text("ops.yaml"))  # in the dashboard, which is text


class Hooks(unittest.TestCase):
    def test_nothing_is_put_beside_the_routes_of_an_api_that_is_written_as_a_whole(self):
        resources = translated()["Resources"]
        kinds = ("Route", "Integration", "Authorizer", "Model", "RouteResponse")
        parts = [
            (name, part["Properties"]["ApiId"])
            for name, part in resources.items()
            if part["Type"] in {f"AWS::ApiGatewayV2::{kind}" for kind in kinds}
        ]
        self.assertEqual(len(parts), 2)
        for name, api in parts:
            self.assertNotIn("Body", resources[api["Ref"]]["Properties"], name)
            self.assertNotIn("BodyS3Location", resources[api["Ref"]]["Properties"], name)

    def test_the_door_for_a_cal_com_elsewhere_is_there_as_a_whole_or_not_at_all(self):
        wanted = {
            f"WebhookPublic{part}"
            for part in ("Api", "Stage", "Integration", "Route", "Permission")
        }
        for value, made in (("true", wanted), ("false", set())):
            stack = deployed("api.yaml", PublicWebhook=value)
            self.assertEqual({name for name in stack if name.startswith("WebhookPublic")}, made)

    def test_it_lets_no_more_in_than_the_receiver_runs(self):
        stack = deployed("api.yaml", PublicWebhook="true")
        most = stack["WebhooksCalcomFunction"]["Properties"]["ReservedConcurrentExecutions"]
        its = stack["WebhookPublicStage"]["Properties"]["DefaultRouteSettings"]
        self.assertEqual(limits(its), (most, most))

    def test_the_distribution_leads_deliveries_there_and_marks_them(self):
        path = "/api/webhooks/calcom"
        for host, found in (("", []), ("a1.execute-api.eu-west-1.amazonaws.com", [path])):
            stack = deployed("edge.yaml", HookHost=host)
            config = stack["Distribution"]["Properties"]["DistributionConfig"]
            order = [b["PathPattern"] for b in config["CacheBehaviors"]]
            self.assertEqual([p for p in order if p == path], found)
            origins = {o["Id"]: o for o in config["Origins"]}
            if found:
                self.assertLess(order.index(path), order.index("/api/*"))
                marks = [origins[o]["OriginCustomHeaders"] for o in ("api", "hooks")]
                self.assertEqual(marks[0], marks[1])
            else:
                self.assertNotIn("hooks", origins)
        route = API["Resources"]["WebhookPublicRoute"]["Properties"]["RouteKey"]
        self.assertEqual(route, f"POST {path}")

    def test_the_balancer_leads_to_the_receiver_under_its_own_host_alone(self):
        rule = API["Resources"]["WebhookListenerRule"]["Properties"]
        fields = {one["Field"]: one for one in rule["Conditions"]}
        self.assertEqual(set(fields), {"host-header", "http-request-method", "path-pattern"})
        (host,) = fields["host-header"]["HostHeaderConfig"]["Values"]
        pattern, parts = host["Fn::Sub"]
        place, (mark, url) = parts["Domain"]["Fn::Select"][0], parts["Domain"]["Fn::Select"][1][
            "Fn::Split"
        ]
        self.assertEqual(url, {"Ref": "CalcomUrl"})
        network = template("network-calcom.yaml")
        told = network["Resources"]["CalcomUrlPlace"]["Properties"]["Value"]["Fn::Sub"]
        domain = told.split(mark)[place]
        called = network["Outputs"]["WebhookUrl"]["Value"]["Fn::Sub"]
        wanted = pattern.replace("${Domain}", domain)
        self.assertEqual(called, f"https://{wanted}/api/webhooks/calcom")
        names = of_type(network, "AWS::Route53::RecordSet").values()
        self.assertIn(wanted, [n["Properties"]["Name"]["Fn::Sub"] for n in names])


class Data(unittest.TestCase):
    def test_a_name_of_a_deployment_is_good_for_every_stack_or_for_none(self):
        patterns = {
            template(name)["Parameters"]["Deployment"]["AllowedPattern"]
            for name in ("data.yaml", "api.yaml", "edge.yaml")
        }
        self.assertEqual(len(patterns), 1)

    def test_the_fuse_for_the_bill_holds_for_the_table_and_each_index(self):
        table = template("data.yaml")["Resources"]["Table"]["Properties"]
        self.assertEqual(len(table["GlobalSecondaryIndexes"]), 2)
        for index in table["GlobalSecondaryIndexes"]:
            self.assertEqual(index["OnDemandThroughput"], table["OnDemandThroughput"])

    def test_no_file_is_kept_by_a_header_that_a_404_would_have_too(self):
        for policy in of_type(
            template("edge.yaml"), "AWS::CloudFront::ResponseHeadersPolicy"
        ).values():
            self.assertNotIn("cache-control", str(policy).lower())


if __name__ == "__main__":
    unittest.main()
