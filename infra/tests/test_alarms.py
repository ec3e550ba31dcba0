"""What each alarm watches, when it sounds and when it does not, and who writes what it watches."""

import json
import re
import unittest

from support import NAMES, ROOT, deployed, of_type, template, translated

ALARM = "AWS::CloudWatch::Alarm"
FUNCTION = "AWS::Serverless::Function"
GIB = 1_073_741_824
# No data in a period.
GAP = None
APP = "shared/app/tests/"
# Figures of our own that an alarm rests on, each with the test that sees it written.
FIGURES = {
    "AuditFaults": APP + "figures.rs",
    "AuditSealed": APP + "figures.rs",
    "BookingsCreated": APP + "metrics.rs",
    "CalcomBudgetPercent": APP + "figures.rs",
    "CalcomCalls": "shared/calcom/tests/logs.rs",
    "CalcomCallsFailed": "shared/calcom/tests/logs.rs",
    "CalcomCredentialRefused": "shared/calcom/tests/logs.rs",
    "CalcomDailyCalled": APP + "figures.rs",
    "CalcomHourlyCalled": APP + "figures.rs",
    "CalcomMeetingsCalled": APP + "figures.rs",
    "CalcomTasksCalled": APP + "figures.rs",
    "DeadLetters": APP + "figures.rs",
    "DeliveriesFailed": APP + "metrics.rs",
    "DriftConflicts": APP + "figures.rs",
    "DriftLostConfirmed": APP + "figures.rs",
    "DriftRepaired": APP + "figures.rs",
    "OldestDueSeconds": APP + "metrics.rs",
    "OldestLetterSeconds": APP + "figures.rs",
    "OldestPendingSeconds": APP + "metrics.rs",
    "ReconcileFullFinished": APP + "figures.rs",
    "ReconcileIncrementalFinished": APP + "figures.rs",
    "WebhookSignaturesRefused": "shared/calcom/tests/logs.rs",
}
# What each alarm watches: figures of our own by their name, others as namespace and metric. Then
# series of its periods, the last one last, with which it sounds and with which it must not; one
# value stands for all periods.
ALARMS = {
    "ApiErrorRateAlarm": (
        ["AWS/ApiGateway 5xx", "AWS/ApiGateway Count"],
        [{"e": 2, "n": 100}],
        [{"e": 1, "n": 100}, {"e": 2, "n": 10}, {"e": GAP, "n": GAP}],
    ),
    "ApiErrorsAlarm": (["AWS/ApiGateway 5xx"], [[5, 0, 5], [0, 9, 9]], [[9, 0, 0], 4, GAP]),
    "AuditFaultAlarm": (["AuditFaults"], [1], [0, GAP]),
    "AuditSealLateAlarm": (["AuditSealed"], [GAP], [1, [GAP, GAP, 1]]),
    "AuditVerifyLateAlarm": (["AuditFaults"], [GAP], [[GAP] * 25 + [1], [1] + [GAP] * 25]),
    "AvailabilitySlowAlarm": (["AWS/Lambda Duration"], [1501], [1500, [9000, 800], GAP]),
    "BounceAlarm": (["AWS/SES Reputation.BounceRate"], [0.041], [0.04, GAP]),
    "CalcomApiDownAlarm": (["AWS/ApplicationELB HealthyHostCount"], [0, GAP], [1, [0, 0, 1]]),
    "CalcomBudgetAlarm": (["CalcomBudgetPercent"], [81], [80, [99, 99, 70], GAP]),
    "CalcomCredentialAlarm": (["CalcomCredentialRefused"], [1], [0, GAP]),
    "CalcomDailyLateAlarm": (["CalcomDailyCalled"], [GAP], [1, [GAP, GAP, 1]]),
    "CalcomErrorsAlarm": (
        ["CalcomCalls", "CalcomCallsFailed"],
        [{"failed": 3, "calls": 3}, {"failed": 6, "calls": 100}],
        [{"failed": 2, "calls": 2}, {"failed": 5, "calls": 100}, {"failed": GAP, "calls": GAP}],
    ),
    "CalcomHourlyLateAlarm": (["CalcomHourlyCalled"], [GAP], [1, [GAP, GAP, 1]]),
    "CalcomMeetingsLateAlarm": (["CalcomMeetingsCalled"], [GAP], [1, [GAP, GAP, 1]]),
    "CalcomTasksLateAlarm": (["CalcomTasksCalled"], [GAP], [1, [GAP, GAP, 1]]),
    "CalcomWebDownAlarm": (["AWS/ApplicationELB HealthyHostCount"], [0, GAP], [1, [0] * 4 + [1]]),
    "ComplaintAlarm": (["AWS/SES Reputation.ComplaintRate"], [0.0009], [0.0008, GAP]),
    "ConflictAlarm": (["DriftConflicts"], [1], [0, GAP]),
    "DatabaseConnectionsAlarm": (
        ["AWS/RDS DatabaseConnections"],
        [{"open": 90}],
        [{"open": 89}, {"open": [99, 99, 10]}, {"open": GAP}],
    ),
    "DatabaseCpuAlarm": (["AWS/RDS CPUUtilization"], [81], [80, [99, 99, 10], GAP]),
    "DatabaseStorageAlarm": (
        ["AWS/RDS FreeStorageSpace"],
        [{"free": 2.9 * GIB}],
        [{"free": 3.1 * GIB}, {"free": GAP}],
    ),
    "DeadLettersAlarm": (["DeadLetters"], [1], [0, GAP]),
    "DeliveriesFailAlarm": (["DeliveriesFailed"], [1], [0, GAP]),
    "JobErrorsAlarm": (
        ["AWS/Lambda Errors"],
        [
            {"calcom": 3, "notify": 0, "compare": GAP, "seal": 0},
            {"calcom": 1, "notify": 0, "compare": 1, "seal": 1},
        ],
        [
            {"calcom": 2, "notify": 0, "compare": GAP, "seal": 0},
            {"calcom": GAP, "notify": GAP, "compare": GAP, "seal": GAP},
        ],
    ),
    "LettersLateAlarm": (
        ["OldestLetterSeconds"],
        [301, GAP],
        [300, [900] * 9 + [0], [GAP] * 9 + [0]],
    ),
    "LostReservationAlarm": (["DriftLostConfirmed"], [1], [0, GAP]),
    "MailEventAgeAlarm": (["AWS/SQS ApproximateAgeOfOldestMessage"], [301], [300, GAP]),
    "MailEventDeadLetterAlarm": (["AWS/SQS ApproximateNumberOfMessagesVisible"], [1], [0, GAP]),
    "OutboxAgeAlarm": (["AWS/SQS ApproximateAgeOfOldestMessage"], [301], [300, GAP]),
    "OutboxDeadLetterAlarm": (["AWS/SQS ApproximateNumberOfMessagesVisible"], [1], [0, GAP]),
    "OutboxLateAlarm": (["OldestDueSeconds"], [301, GAP], [300, [900] * 9 + [0], [GAP] * 9 + [0]]),
    "PendingAlarm": (["OldestPendingSeconds"], [601, GAP], [600, 0]),
    "ReceiverErrorsAlarm": (["AWS/Lambda Errors"], [1], [0, GAP]),
    "ReconcileLateAlarm": (["ReconcileIncrementalFinished"], [GAP], [1, [GAP] * 5 + [1]]),
    "ReconcileNightlyLateAlarm": (["ReconcileFullFinished"], [GAP], [[1] + [GAP] * 25]),
    "RepairsAlarm": (["DriftRepaired"], [6], [5, GAP]),
    "ReserveErrorsAlarm": (
        ["AWS/Lambda Errors", "Interlock/${Deployment} ReserveFailures"],
        [{"answered": 3, "ended": GAP}, {"answered": GAP, "ended": 3}, {"answered": 2, "ended": 1}],
        [{"answered": 2, "ended": 0}, {"answered": GAP, "ended": GAP}],
    ),
    "ReserveSlowAlarm": (["AWS/Lambda Duration"], [4001], [4000, [9000, 800], GAP]),
    "RolloutErrorsAlarm": (["AWS/ApiGateway 5xx"], [[3, 0, 3]], [[9, 0, 0], 2, GAP]),
    "SignatureAlarm": (["WebhookSignaturesRefused"], [11], [10, GAP]),
    "TableReadThrottleAlarm": (
        ["AWS/DynamoDB ReadThrottleEvents"],
        [{"own": 1, "first": GAP, "second": GAP}, {"own": GAP, "first": GAP, "second": 1}],
        [{"own": 0, "first": GAP, "second": 0}, {"own": GAP, "first": GAP, "second": GAP}],
    ),
    "TableWriteThrottleAlarm": (
        ["AWS/DynamoDB WriteThrottleEvents"],
        [{"own": 1, "first": GAP, "second": GAP}, {"own": GAP, "first": 1, "second": GAP}],
        [{"own": 0, "first": GAP, "second": 0}, {"own": GAP, "first": GAP, "second": GAP}],
    ),
    "ThrottleAlarm": (
        ["AWS/Lambda Throttles"],
        [{"all": 1, "meant": 0}, {"all": 4, "meant": 3}, {"all": 1, "meant": GAP}],
        [{"all": 3, "meant": 3}, {"all": 0, "meant": GAP}, {"all": GAP, "meant": GAP}],
    ),
    "WebhookAgeAlarm": (["AWS/SQS ApproximateAgeOfOldestMessage"], [301], [300, GAP]),
    "WebhookDeadLetterAlarm": (["AWS/SQS ApproximateNumberOfMessagesVisible"], [1], [0, GAP]),
    "WebhooksMissingAlarm": (
        ["AWS/SQS NumberOfMessagesSent", "BookingsCreated"],
        [{"made": 1, "came": 0}, {"made": 1, "came": GAP}],
        [{"made": 1, "came": 1}, {"made": GAP, "came": 0}, {"made": GAP, "came": GAP}],
    ),
    "WorkerErrorsAlarm": (["AWS/Lambda Errors"], [1], [0, GAP]),
}


def alarms():
    """Each alarm with the name of its template."""
    for file in NAMES:
        for name, alarm in of_type(template(file), ALARM).items():
            yield file, name, alarm["Properties"]


def metrics(alarm):
    """What an alarm watches, each as a mapping with namespace, name and dimensions."""
    if "Metrics" not in alarm:
        return [alarm]
    return [m["MetricStat"]["Metric"] for m in alarm["Metrics"] if "MetricStat" in m]


def word(metric):
    namespace = metric["Namespace"]
    if namespace == "Interlock":
        return metric["MetricName"]
    said = namespace["Fn::Sub"] if isinstance(namespace, dict) else namespace
    return f"{said} {metric['MetricName']}"


def expression(file, alarm):
    """The formula of an alarm on several series, with the defaults of its parameters."""
    (formula,) = (m["Expression"] for m in alarm["Metrics"] if "Expression" in m)
    if isinstance(formula, dict):
        known = template(file)["Parameters"]
        fill = lambda found: str(known[found[1]]["Default"])  # noqa: E731
        formula = re.sub(r"\$\{(\w+)\}", fill, formula["Fn::Sub"])
    return formula.replace(" AND ", " and ")


def total(values):
    there = [v for v in values if v is not GAP]
    return sum(there) if there else GAP


def point(formula, values):
    """The formula for one period; no data where what it needs has none."""
    known = {
        "IF": lambda held, yes, no: yes if held else no,
        "FILL": lambda value, instead: instead if value is GAP else value,
        "SUM": total,
    }
    try:
        return eval(formula, {"__builtins__": {}}, {**known, **values})  # noqa: S307
    except (TypeError, ZeroDivisionError):
        return GAP


def sounds(file, alarm, series):
    """Whether an alarm sounds after these periods."""
    periods = alarm["EvaluationPeriods"]
    row = lambda value: value if isinstance(value, list) else [value] * periods  # noqa: E731
    if isinstance(series, dict):
        rows = {name: row(value) for name, value in series.items()}
        formula = expression(file, alarm)
        points = [point(formula, {n: r[i] for n, r in rows.items()}) for i in range(periods)]
    else:
        points = row(series)
    assert len(points) == periods, points
    compare = {
        "GreaterThanThreshold": lambda value: value > alarm["Threshold"],
        "GreaterThanOrEqualToThreshold": lambda value: value >= alarm["Threshold"],
        "LessThanThreshold": lambda value: value < alarm["Threshold"],
    }[alarm["ComparisonOperator"]]
    silence = alarm["TreatMissingData"] == "breaching"
    breaching = [silence if value is GAP else compare(value) for value in points]
    return sum(breaching) >= alarm.get("DatapointsToAlarm", periods)


class Driven(unittest.TestCase):
    def test_every_alarm_is_listed_with_what_it_watches(self):
        found = {name: sorted({word(m) for m in metrics(a)}) for _, name, a in alarms()}
        self.assertEqual(found, {name: sorted(row[0]) for name, row in ALARMS.items()})

    def test_every_alarm_sounds_when_it_must_and_not_when_it_must_not(self):
        for file, name, alarm in alarms():
            _, loud, silent = ALARMS[name]
            self.assertTrue(loud and silent, name)
            for wanted, rows in ((True, loud), (False, silent)):
                for series in rows:
                    with self.subTest(alarm=name, series=series):
                        self.assertIs(sounds(file, alarm, series), wanted)

    def test_every_figure_of_ours_that_an_alarm_rests_on_is_seen_written_by_a_test(self):
        every = [metric for _, _, alarm in alarms() for metric in metrics(alarm)]
        watched = {word(m) for m in every if m["Namespace"] == "Interlock"}
        self.assertEqual(watched, set(FIGURES))
        for figure, file in FIGURES.items():
            self.assertRegex((ROOT / file).read_text(), rf"\b{figure}\b", file)

    def test_figures_of_ours_are_those_of_the_deployment(self):
        wanted = [{"Name": "Deployment", "Value": {"Ref": "Deployment"}}]
        for _, name, alarm in alarms():
            for metric in metrics(alarm):
                if metric["Namespace"] == "Interlock":
                    self.assertEqual(metric["Dimensions"], wanted, name)

    def test_the_page_of_figures_says_which_have_an_alarm(self):
        page = (ROOT / "docs/LOGGING.md").read_text().split("## Figures for alarms", 1)[1]
        rows = [line for line in page.splitlines() if line.startswith("| `")]
        for figure in FIGURES:
            (row,) = (row for row in rows if f"`{figure}`" in row.split("|")[1])
            self.assertNotEqual(row.split("|")[3].strip(), "none", figure)


class Silence(unittest.TestCase):
    def test_what_must_come_by_itself_sounds_when_it_stays_away(self):
        breaching = {n for _, n, a in alarms() if a["TreatMissingData"] == "breaching"}
        late = {n for _, n, _ in alarms() if n.endswith("LateAlarm")}
        by_itself = {"PendingAlarm", "CalcomApiDownAlarm", "CalcomWebDownAlarm"}
        self.assertEqual(breaching - late, by_itself)
        self.assertEqual(late - breaching, set())

    def test_a_sweep_that_stays_away_is_told_within_ten_minutes_and_one_that_is_missed_is_not(self):
        for _, name, alarm in alarms():
            if re.fullmatch("Oldest[A-Za-z]+Seconds", word(metrics(alarm)[0])):
                span = alarm["Period"] * alarm["EvaluationPeriods"]
                self.assertTrue(300 <= span <= 600, name)

    def test_errors_of_every_job_are_counted_but_of_the_one_that_has_alarms_of_its_own(self):
        (alarm,) = (a for _, n, a in alarms() if n == "JobErrorsAlarm")
        counted = {m["Dimensions"][0]["Value"]["Fn::Sub"] for m in metrics(alarm)}
        wanted = {named(f) for n, f in scheduled().items() if n != "CalcomCronFunction"}
        self.assertEqual(counted, wanted)


class Starts(unittest.TestCase):
    def test_what_is_refused_a_start_by_design_does_not_sound(self):
        (alarm,) = (a for _, n, a in alarms() if n == "ThrottleAlarm")
        every, *meant = metrics(alarm)
        self.assertNotIn("Dimensions", every)
        without = {m["Dimensions"][0]["Value"]["Fn::Sub"] for m in meant}
        crowded = {named(f) for f in scheduled().values() if not roomy(f)}
        self.assertEqual(without, crowded)

    def test_a_run_that_failed_is_left_to_the_next_one(self):
        configs = of_type(translated(), "AWS::Lambda::EventInvokeConfig")
        found = {c["Properties"]["FunctionName"]["Ref"]: c["Properties"] for c in configs.values()}
        self.assertEqual(set(found), set(scheduled()))
        for name, its in found.items():
            self.assertEqual(its["MaximumRetryAttempts"], 0, name)
            self.assertEqual(its["Qualifier"], "$LATEST", name)
        # A nightly pass may have to wait for a slice, and for the pause between two tries.
        source = (ROOT / "shared/app/src/reconcile/mod.rs").read_text()
        (minutes,) = re.findall(r"const SLICE: .* = SignedDuration::from_mins\((\d+)\);", source)
        wait = found["ReconcileFunction"]["MaximumEventAgeInSeconds"]
        self.assertGreaterEqual(wait, int(minutes) * 60 + 300)


def scheduled():
    """Functions that a schedule calls."""
    return {
        name: function["Properties"]
        for name, function in of_type(template("api.yaml"), FUNCTION).items()
        if schedules(function["Properties"])
    }


def schedules(function):
    return [e for e in function.get("Events", {}).values() if e["Type"] == "ScheduleV2"]


def roomy(function):
    """Whether as many may run at once as there are schedules."""
    most = function.get("ReservedConcurrentExecutions")
    return most is None or most >= len(schedules(function))


def named(function):
    return function["FunctionName"]["Fn::Sub"]


class Reach(unittest.TestCase):
    def test_alarms_of_what_people_wait_for_are_about_machines_and_hosts(self):
        functions = of_type(template("api.yaml"), FUNCTION).values()
        for name in ("AvailabilitySlowAlarm", "ReserveSlowAlarm", "ReserveErrorsAlarm"):
            (alarm,) = (a for _, n, a in alarms() if n == name)
            (watched,) = (
                m["Dimensions"][0]["Value"]["Fn::Sub"]
                for m in metrics(alarm)
                if m["Namespace"] == "AWS/Lambda"
            )
            (function,) = (f["Properties"] for f in functions if named(f["Properties"]) == watched)
            paths = [e["Properties"]["Path"] for e in function["Events"].values()]
            kinds = {path.split("/")[2] for path in paths}
            self.assertLessEqual({"machines", "hosts"}, kinds, name)

    def test_reserving_that_fails_is_counted_in_the_lines_that_functions_write(self):
        stack = template("api.yaml")["Resources"]
        its = stack["ReserveFailures"]["Properties"]
        self.assertEqual(its["LogGroupName"], {"Ref": "ApiLogGroup"})
        route, status = re.findall(r"\(\$\.(\w+) ", its["FilterPattern"])
        line = (ROOT / "docs/LOGGING.md").read_text()
        for field in (route, status):
            self.assertIn(f"| `{field}` |", line)
        (name,) = re.findall(r'= "([a-z.]+)"', its["FilterPattern"])
        source = (ROOT / "functions/reservations/src/create.rs").read_text()
        self.assertIn(f'Route::post("{name}"', source)
        self.assertIn(">= 500", its["FilterPattern"])

    def test_throttles_of_the_table_and_of_each_index_are_counted(self):
        (table,) = of_type(template("data.yaml"), "AWS::DynamoDB::Table").values()
        indexes = {i["IndexName"] for i in table["Properties"]["GlobalSecondaryIndexes"]}
        for name in ("TableReadThrottleAlarm", "TableWriteThrottleAlarm"):
            (alarm,) = (a for _, n, a in alarms() if n == name)
            seen = [{d["Name"]: d["Value"] for d in m["Dimensions"]} for m in metrics(alarm)]
            self.assertEqual({d.get("GlobalSecondaryIndexName") for d in seen}, {None, *indexes})

    def test_without_a_network_stack_calls_and_signatures_are_still_watched(self):
        stack = deployed("ops.yaml", LoadBalancerName="none")
        for name in ("CalcomErrorsAlarm", "SignatureAlarm", "WebhooksMissingAlarm"):
            self.assertIn(name, stack)
        self.assertNotIn("CalcomApiDownAlarm", stack)


class Dashboard(unittest.TestCase):
    def body(self):
        (board,) = of_type(template("ops.yaml"), "AWS::CloudWatch::Dashboard").values()
        return json.loads(board["Properties"]["DashboardBody"]["Fn::Sub"])

    def test_it_has_a_picture_of_each_kind_and_none_over_another(self):
        widgets = self.body()["widgets"]
        titles = {re.split("[: ]", w["properties"]["title"])[0] for w in widgets}
        kinds = "Requests Gate Cal.com Queues Inbox Mail Reconciliation Cost"
        self.assertLessEqual(set(kinds.split()), titles)
        self.assertEqual(len({(w["x"], w["y"]) for w in widgets}), len(widgets))

    def test_it_stays_below_what_is_free(self):
        shown = [m for w in self.body()["widgets"] for m in w["properties"]["metrics"]]
        self.assertLessEqual(len(shown), 50)

    def test_its_figures_of_ours_are_written(self):
        page = (ROOT / "docs/LOGGING.md").read_text()
        for widget in self.body()["widgets"]:
            for metric in widget["properties"]["metrics"]:
                if metric[0] == "Interlock":
                    self.assertIn(f"`{metric[1]}`", page)
                    self.assertEqual(metric[2:4], ["Deployment", "${Deployment}"])


if __name__ == "__main__":
    unittest.main()
