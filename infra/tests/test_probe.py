"""The example that probes a deployment: its code against a small server, its alarm, its role."""

import http.server
import json
import os
import re
import threading
import unittest
import unittest.mock
import urllib.error

from support import INFRA, ROOT, of_type, parse, runbooks
from test_alarms import sounds

STACK = parse((INFRA / "examples/probe.yaml").read_text())["Resources"]
PERSON = {"email": "probe@x.example", "password": "of the probe"}
COOKIE = "__Host-session=opaque"


class Api(http.server.BaseHTTPRequestHandler):
    """What the probe meets: a login, free slots, a logout."""

    asked = []
    login = 200
    slots = 200

    def answer(self, status, cookies=()):
        self.send_response(status)
        for cookie in cookies:
            self.send_header("Set-Cookie", cookie)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.asked.append((self.path, body, self.headers.get("Cookie")))
        if self.path != "/api/auth/login":
            self.answer(204)
        elif self.login == 200:
            self.answer(200, ["__Host-device=known; Secure", f"{COOKIE}; Path=/; Secure"])
        else:
            self.answer(self.login)

    def do_GET(self):
        self.asked.append((self.path, None, self.headers.get("Cookie")))
        self.answer(self.slots)

    def log_message(self, *_):
        pass


class Probe(unittest.TestCase):
    def run_it(self, **answers):
        """What was asked in one run."""
        api = type("One", (Api,), {"asked": [], **answers})
        server = http.server.HTTPServer(("127.0.0.1", 0), api)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        code = {}
        exec(STACK["Probe"]["Properties"]["Code"]["ZipFile"], code)  # noqa: S102
        code["account"] = lambda: PERSON
        variables = {"ORIGIN": f"http://127.0.0.1:{server.server_port}", "MACHINE": "laser"}
        with unittest.mock.patch.dict(os.environ, {**variables, "no_proxy": "127.0.0.1"}):
            self.asked = api.asked
            code["handler"]({}, None)
        return api.asked

    def test_it_logs_in_looks_and_logs_out(self):
        login, slots, logout = self.run_it()
        self.assertEqual(login, ("/api/auth/login", PERSON, None))
        path = r"/api/machines/laser/availability\?start=[0-9T:-]+Z&end=[0-9T:-]+Z"
        self.assertRegex(slots[0], f"^{path}$")
        self.assertEqual((slots[2], logout[2]), (COOKIE, COOKIE))
        self.assertEqual(logout[0], "/api/auth/logout")

    def test_it_fails_when_a_login_or_free_slots_fail_and_leaves_no_session(self):
        for answers in ({"login": 401}, {"login": 202}, {"login": 503}):
            with self.assertRaises((urllib.error.HTTPError, RuntimeError)):
                self.run_it(**answers)
            self.assertEqual([path for path, _, _ in self.asked], ["/api/auth/login"])
        with self.assertRaises(urllib.error.HTTPError):
            self.run_it(slots=503)
        self.assertEqual(self.asked[-1][0], "/api/auth/logout")

    def test_it_asks_what_the_interface_knows(self):
        paths = json.loads((ROOT / "docs/openapi.json").read_text())["paths"]
        self.assertIn("post", paths["/api/auth/login"])
        self.assertIn("post", paths["/api/auth/logout"])
        slots = paths["/api/machines/{machineId}/availability"]["get"]["parameters"]
        needed = {p["name"] for p in slots if p.get("in") == "query" and p.get("required")}
        self.assertEqual(needed, {"start", "end"})


class Around(unittest.TestCase):
    def test_two_failures_in_a_row_sound_and_so_does_silence_and_one_failure_does_not(self):
        alarm = STACK["ProbeAlarm"]["Properties"]
        for series, wanted in (([1, 1], True), ([None, None], True), ([1, 0], False)):
            self.assertIs(sounds("ops.yaml", alarm, series), wanted)
        (page,) = runbooks(STACK["ProbeAlarm"])
        self.assertIn("`ProbeAlarm`", (ROOT / page).read_text())
        (minutes,) = re.findall(r"\d+", STACK["ProbeClock"]["Properties"]["ScheduleExpression"])
        self.assertEqual(alarm["Period"], int(minutes) * 60)

    def test_its_role_reads_one_secret_and_writes_its_log(self):
        (role,) = of_type({"Resources": STACK}, "AWS::IAM::Role").values()
        (policy,) = role["Properties"]["Policies"]
        rights = [(s["Action"], s["Resource"]) for s in policy["PolicyDocument"]["Statement"]]
        self.assertEqual(rights[0], ("secretsmanager:GetSecretValue", {"Ref": "AccountSecretArn"}))
        self.assertEqual(rights[1][1], {"Fn::GetAtt": ["ProbeLogGroup", "Arn"]})
        self.assertNotIn("ManagedPolicyArns", role["Properties"])


if __name__ == "__main__":
    unittest.main()
