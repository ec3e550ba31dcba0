"""How the functions that people and Cal.com wait for are replaced, and what takes them back."""

import unittest

from support import ROOT, deployed, of_type, template, translated

FUNCTION = "AWS::Serverless::Function"
GROUP = "AWS::CodeDeploy::DeploymentGroup"
# Each with what is looked at while its new version gets a tenth of the calls.
CRITICAL = {
    "AuthLoginFunction": ["RolloutErrorsAlarm"],
    "MachinesAvailabilityFunction": ["RolloutErrorsAlarm"],
    "ReservationsCreateFunction": ["RolloutErrorsAlarm"],
    "ReservationsCancelFunction": ["RolloutErrorsAlarm"],
    "ReservationsRescheduleFunction": ["RolloutErrorsAlarm"],
    "TrainingProgressFunction": ["RolloutErrorsAlarm"],
    "WebhooksCalcomFunction": ["ReceiverErrorsAlarm"],
    "WebhookWorkerFunction": [
        "WorkerErrorsAlarm",
        "DeliveriesFailAlarm",
        "WebhookDeadLetterAlarm",
    ],
}
# A canary lasts five minutes.
CANARY_SECONDS = 300


def alarms(function):
    return [alarm["Ref"] for alarm in function["Properties"]["DeploymentPreference"]["Alarms"]]


class Rollout(unittest.TestCase):
    def test_the_eight_that_are_waited_for_are_replaced_step_by_step_and_no_other(self):
        found = {
            name: alarms(function)
            for name, function in of_type(template("api.yaml"), FUNCTION).items()
            if "DeploymentPreference" in function["Properties"]
        }
        self.assertEqual(found, CRITICAL)

    def test_the_step_is_a_parameter_and_of_a_change_of_settings_too(self):
        functions = of_type(template("api.yaml"), FUNCTION)
        for name in CRITICAL:
            its = functions[name]["Properties"]
            self.assertEqual(its["DeploymentPreference"]["Type"], {"Ref": "Rollout"}, name)
            self.assertEqual(its["AutoPublishAlias"], "live", name)
            self.assertIs(its["AutoPublishAliasAllProperties"], True, name)
        rollout = template("api.yaml")["Parameters"]["Rollout"]
        self.assertIn("Canary10Percent5Minutes", rollout["AllowedValues"])
        sample = (ROOT / "infra/samconfig.toml").read_text()
        self.assertIn('"Rollout=Canary10Percent5Minutes"', sample)

    def test_codedeploy_goes_back_when_an_alarm_sounds(self):
        groups = of_type(translated(), GROUP)
        self.assertEqual(set(groups), {f"{name}DeploymentGroup" for name in CRITICAL})
        for name, wanted in CRITICAL.items():
            its = groups[f"{name}DeploymentGroup"]["Properties"]
            watched = its["AlarmConfiguration"]
            self.assertIs(watched["Enabled"], True, name)
            self.assertEqual([alarm["Name"]["Ref"] for alarm in watched["Alarms"]], wanted)
            back = its["AutoRollbackConfiguration"]
            self.assertIs(back["Enabled"], True, name)
            self.assertIn("DEPLOYMENT_STOP_ON_ALARM", back["Events"], name)

    def test_what_calls_the_eight_calls_their_alias(self):
        functions = of_type(translated(), "AWS::Lambda::Function")
        aliases = of_type(translated(), "AWS::Lambda::Alias")
        for name in CRITICAL:
            self.assertIn(f"{name}Aliaslive", aliases)
            self.assertIn(name, functions)
        called = []
        for path, value in references(translated()["Resources"]):
            if "::Integration" in path or "EventSourceMapping" in path:
                self.assertNotIn(value, CRITICAL, path)
                called.append(value)
        self.assertIn("WebhookWorkerFunctionAliaslive", called)

    def test_every_alarm_watches_its_function_and_can_sound_while_a_version_is_tried(self):
        stack = deployed("api.yaml")
        for function, wanted in CRITICAL.items():
            spans = []
            for name in wanted:
                its = stack[name]["Properties"]
                spans.append(its["Period"] * its["EvaluationPeriods"] + set_aside(stack, its))
                if its["Namespace"] == "AWS/Lambda":
                    (dimension,) = its["Dimensions"]
                    named = stack[function]["Properties"]["FunctionName"]
                    self.assertEqual(dimension, {"Name": "FunctionName", "Value": named})
            self.assertLess(min(spans), CANARY_SECONDS, function)

    def test_the_runbook_names_the_alarms_that_take_back(self):
        page = (ROOT / "docs/runbooks/rollout.md").read_text()
        for wanted in CRITICAL.values():
            for alarm in wanted:
                self.assertIn(f"`{alarm}`", page)


def set_aside(stack, alarm):
    """Seconds before a message that fails is among the dead letters an alarm counts, or none."""
    for dimension in alarm["Dimensions"]:
        value = dimension["Value"]
        if dimension["Name"] != "QueueName" or not isinstance(value, dict):
            continue
        (dead, _) = value["Fn::GetAtt"]
        for queue in (r for r in stack.values() if r["Type"] == "AWS::SQS::Queue"):
            redrive = queue["Properties"].get("RedrivePolicy")
            if redrive and redrive["deadLetterTargetArn"]["Fn::GetAtt"][0] == dead:
                return queue["Properties"]["VisibilityTimeout"] * (redrive["maxReceiveCount"] - 1)
    return 0


def references(value, path=""):
    """Every `Ref` and `GetAtt` in a value, with the way to it."""
    if isinstance(value, dict):
        if set(value) == {"Ref"}:
            yield path, value["Ref"]
        elif set(value) == {"Fn::GetAtt"}:
            yield path, value["Fn::GetAtt"][0]
        for key, inner in value.items():
            kind = inner.get("Type", "") if isinstance(inner, dict) else ""
            yield from references(inner, f"{path}/{key}:{kind}" if kind else f"{path}/{key}")
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner, path)


if __name__ == "__main__":
    unittest.main()
