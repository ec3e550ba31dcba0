"""Cal.com's own schedules: what is called when, and who notices if it is not."""

import json
import re
import unittest

from support import ROOT, deployed, of_type, template

CRON = "CalcomCronFunction"
# Pace of each call, as Cal.com wants it.
PACES = {
    "meetings": "rate(1 minute)",
    "tasks": "rate(1 minute)",
    "time-zones": "rate(1 hour)",
    "tasks-cleanup": "rate(1 day)",
    "calendar-subscriptions": "rate(5 minutes)",
    "selected-calendars": "rate(5 minutes)",
    "credentials": "rate(5 minutes)",
    "calendar-cleanup": "rate(1 day)",
}
LINKED = {"calendar-subscriptions", "selected-calendars", "credentials", "calendar-cleanup"}


def rows(**parameters):
    """Call, pace and state of each schedule."""
    function = deployed("api.yaml", **parameters)[CRON]
    for event in function["Properties"]["Events"].values():
        its = event["Properties"]
        yield json.loads(its["Input"])["call"], its["ScheduleExpression"], its["State"]


class Cron(unittest.TestCase):
    def test_every_call_of_the_code_has_a_schedule_at_its_pace_and_no_other_has(self):
        source = (ROOT / "shared/app/src/ports/chores.rs").read_text()
        named = source.split("pub fn name", 1)[1].split("pub fn named", 1)[0]
        self.assertEqual(set(re.findall(r'=> "([a-z-]+)",', named)), set(PACES))
        self.assertEqual({call: pace for call, pace, _ in rows()}, PACES)

    def test_calls_for_linked_calendars_are_made_where_there_are_some_alone(self):
        for linked in ("true", "false"):
            on = {call for call, _, state in rows(LinkedCalendars=linked) if state == "ENABLED"}
            self.assertEqual(on, set(PACES) if linked == "true" else set(PACES) - LINKED)

    def test_without_a_web_app_nothing_is_called_and_nothing_sounds(self):
        settings = {"CalcomWebUrl": "none", "LinkedCalendars": "true"}
        self.assertEqual({state for _, _, state in rows(**settings)}, {"DISABLED"})
        stack = deployed("api.yaml", **settings)
        self.assertEqual([n for n in stack if "LateAlarm" in n and n.startswith("Calcom")], [])
        variables = stack[CRON]["Properties"]["Environment"]["Variables"]
        self.assertEqual(variables["INTERLOCK_CALCOM_WEB_URL"], "")

    def test_an_alarm_sounds_when_three_runs_of_any_pace_stay_away(self):
        source = (ROOT / "shared/app/src/chores.rs").read_text()
        counted = set(re.findall(r"(Calcom[A-Za-z]+Called) = 1", source))
        alarms = {
            a["Properties"]["MetricName"]: a["Properties"]
            for a in of_type(template("api.yaml"), "AWS::CloudWatch::Alarm").values()
            if a["Properties"].get("MetricName", "").endswith("Called")
        }
        # Linked calendars are few people's, and what they lose shows in Cal.com.
        self.assertEqual(counted - set(alarms), {"CalcomCalendarsCalled"})
        for alarm in alarms.values():
            self.assertEqual(alarm["EvaluationPeriods"], 3)
            self.assertEqual(alarm["TreatMissingData"], "breaching")

    def test_it_may_read_one_secret_and_its_role_call_one_function(self):
        stack = template("api.yaml")["Resources"]
        (policy,) = stack[CRON]["Properties"]["Policies"]
        (statement,) = policy["Statement"]
        self.assertEqual(statement["Action"], "secretsmanager:GetSecretValue")
        self.assertEqual(statement["Resource"], {"Ref": "CalcomCronSecretArn"})
        (policy,) = stack["CalcomCronScheduleRole"]["Properties"]["Policies"]
        (statement,) = policy["PolicyDocument"]["Statement"]
        self.assertEqual(statement["Action"], "lambda:InvokeFunction")
        self.assertEqual(statement["Resource"], {"Fn::GetAtt": [CRON, "Arn"]})


if __name__ == "__main__":
    unittest.main()
