"""The examples: what fits together, and the smoke test against an API that pretends."""

import hmac
import http.server
import json
import os
import pathlib
import re
import subprocess
import tempfile
import threading
import tomllib
import unittest

import yaml

from support import INFRA, as_list, parse, text, walk

EXAMPLES = INFRA / "examples"
SESSION = "__Host-session=abc"


def example(name):
    return (EXAMPLES / name).read_text()


class Fits(unittest.TestCase):
    def test_the_role_may_use_the_bucket_that_sam_keeps(self):
        config = tomllib.loads(text("samconfig.toml"))
        for title, command in config.items():
            if title != "version":
                its = command["deploy"]["parameters"]
                self.assertIs(its["resolve_s3"], True)
                self.assertNotIn("s3_bucket", its)
        role = parse(example("deploy-roles.yaml"))["Resources"]["DeployRole"]
        rights = {}
        for _, one in walk(role):
            if "Effect" in one and "Resource" in one:
                for action in as_list(one["Action"]):
                    rights[action] = rights.get(action, "") + json.dumps(one["Resource"])
        stack, bucket = "stack/aws-sam-cli-managed-default/*", "aws-sam-cli-managed-default-samcli*"
        self.assertIn(stack, rights["cloudformation:DescribeStacks"])
        self.assertNotIn(stack, rights["cloudformation:CreateChangeSet"])
        for action in ("s3:GetObject", "s3:PutObject", "s3:ListBucket"):
            self.assertIn(bucket, rights[action])
        self.assertIn("cloudwatch:GetMetricStatistics", rights)
        for name in ("deploy-roles.yaml", "deploy-workflow.yaml", "deploy.sh"):
            self.assertNotIn("interlock-artifacts", example(name))

    def test_every_deployment_is_followed_by_the_smoke_test_and_prod_can_go_back(self):
        jobs = yaml.safe_load(example("deploy-workflow.yaml"))["jobs"]
        for name in ("staging", "prod", "back"):
            runs = [step["run"] for step in jobs[name]["steps"] if "run" in step]
            self.assertEqual(
                [r for r in runs if r.startswith("bash")],
                ["bash infra/examples/deploy.sh", "bash infra/examples/smoke.sh"],
                name,
            )
            wanted = set(re.findall(r"\$\{?([A-Z]+_[A-Z_]+)", example("smoke.sh"))) - {"SMOKE_PAUSE"}
            given = jobs[name]["steps"][-1]["env"]
            self.assertEqual(wanted | {"SMOKE_EMAIL", "SMOKE_PASSWORD"}, set(given), name)
            self.assertIn("secrets.", given["SMOKE_PASSWORD"])
        self.assertIn("needs.prod.result == 'failure'", jobs["back"]["if"])
        self.assertEqual(jobs["back"]["environment"], "prod")

    def test_back_elects_what_prod_took_and_never_what_failed_or_runs(self):
        step = yaml.safe_load(example("deploy-workflow.yaml"))["jobs"]["back"]["steps"][0]
        now, good, older = "a" * 40, "b" * 40, "c" * 40
        for back_to, listed, chosen in (
            ("", [now, good, older], good),
            ("", [good, older], good),
            (older, [good], older),
            ("", [now], None),
            ("main", [good], None),
        ):
            with self.subTest(back_to=back_to, listed=listed), tempfile.TemporaryDirectory() as at:
                gh, out = pathlib.Path(at, "gh"), pathlib.Path(at, "out")
                lines = "\n".join(listed)
                gh.write_text(f"#!/bin/sh\necho \"$@\" > {at}/asked\necho '{lines}'\n")
                gh.chmod(0o755)
                env = {
                    "PATH": f"{at}:{os.environ['PATH']}",
                    "BACK_TO": back_to,
                    "GITHUB_SHA": now,
                    "GITHUB_OUTPUT": str(out),
                }
                done = subprocess.run(["bash", "-c", step["run"]], env=env, capture_output=True)
                self.assertEqual(done.returncode == 0, chosen is not None, done.stderr)
                said = out.read_text() if out.exists() else ""
                self.assertEqual(said, f"sha={chosen}\n" if chosen else "")
                if not back_to:
                    asked = pathlib.Path(at, "asked").read_text()
                    self.assertTrue(asked.startswith("run list --workflow deploy "))
                    # a run that went back has failed, and one that somebody started is no push
                    self.assertIn("--event push --status success", asked)

    def test_a_deployment_stops_where_the_templates_of_calcom_are_newer(self):
        jobs = yaml.safe_load(example("deploy-workflow.yaml"))["jobs"]
        for name in ("staging", "prod"):
            checkout, guard = jobs[name]["steps"][:2]
            self.assertEqual(checkout["with"]["fetch-depth"], 0)
            self.assertEqual(guard["env"]["CALCOM_AT"], "${{ vars.CALCOM_AT }}")
        with tempfile.TemporaryDirectory() as at:

            def git(*words):
                named = ["git", "-C", at, "-c", "user.name=a", "-c", "user.email=a@b.test"]
                return subprocess.run(
                    [*named, *words], check=True, capture_output=True, text=True
                ).stdout.strip()

            def passes(since):
                run = subprocess.run(
                    ["bash", "-c", guard["run"]],
                    cwd=at,
                    env={"PATH": os.environ["PATH"], "CALCOM_AT": since},
                    capture_output=True,
                )
                return run.returncode == 0

            def commit(file):
                path = pathlib.Path(at, file)
                path.parent.mkdir(exist_ok=True)
                path.write_text(path.read_text() + "x" if path.exists() else "x")
                git("add", ".")
                git("commit", "-qm", file)
                return git("rev-parse", "HEAD")

            git("init", "-q")
            first = commit("infra/network-calcom.yaml")
            commit("infra/api.yaml")
            self.assertTrue(passes(first))
            self.assertFalse(passes(""))
            for file in ("infra/network-calcom.yaml", "infra/calcom-images.yaml"):
                newer = commit(file)
                self.assertFalse(passes(first), file)
                self.assertTrue(passes(newer), file)

    def test_firewalls_begin_by_counting_and_the_name_is_a_choice(self):
        config = tomllib.loads(text("samconfig.toml"))
        for env in ("dev", "staging", "prod"):
            given = config[f"{env}.edge"]["deploy"]["parameters"]["parameter_overrides"]
            self.assertIn("Firewall=count", given)
            self.assertIn('HostedZoneId=""', given)

    def test_the_real_cases_wait_for_a_server_that_answers(self):
        api = yaml.safe_load(example("calcom-compose.yaml"))["services"]["api"]
        self.assertIn("/health", str(api["healthcheck"]["test"]))
        asked = re.findall(r"\$\{([A-Z_]*VAPID[A-Z_]*)\}", str(api["environment"]))
        self.assertEqual(set(asked), {"NEXT_PUBLIC_VAPID_PUBLIC_KEY", "VAPID_PRIVATE_KEY"})
        steps = yaml.safe_load(example("calcom-real-workflow.yaml"))["jobs"]["real"]["steps"]
        runs = [step.get("run", "") for step in steps]
        keys = next(i for i, r in enumerate(runs) if "calcom-keys.sh" in r)
        up = next(i for i, r in enumerate(runs) if "--wait " in r)
        first = next(i for i, r in enumerate(runs) if "localhost:5555" in r)
        self.assertLess(keys, up)
        self.assertLess(up, first)
        self.assertIn("--retry-all-errors", runs[first])
        for name in asked:
            self.assertIn(name, runs[keys])

    def test_upgrading_names_the_commands_that_the_example_runs(self):
        page = (INFRA.parent / "docs/UPGRADE.md").read_text()
        for part in ("/assets", "--exclude index.html", "create-invalidation", "npm run build"):
            self.assertIn(part, page)
            self.assertIn(part, example("deploy.sh") + example("deploy-workflow.yaml"))

    def test_upgrading_says_what_goes_before_the_api_and_which_rights_it_wants(self):
        page = (INFRA.parent / "docs/UPGRADE.md").read_text()
        order = re.search(r"deploy (`data`[^;.]*`ops`)", page).group(1)
        names = re.findall(r"`([a-z-]+)`", order)
        self.assertEqual(names, ["data", "calcom-images", "network-calcom", "api", "edge", "ops"])
        roles = parse(example("deploy-roles.yaml"))
        said = roles["Parameters"]["ExecutionPolicyArns"]["Description"]
        for right in (
            "iam:PutRolePermissionsBoundary",
            "iam:CreatePolicy",
            "xray:*SamplingRule",
            "logs:PutMetricFilter",
            "lambda:*FunctionEventInvokeConfig",
            "ec2:*LaunchTemplate*",
        ):
            self.assertIn(right, said)
            self.assertIn(right, page)

    def test_a_signature_made_by_hand_shows_no_secret_and_is_true(self):
        page = (INFRA.parent / "docs/TROUBLESHOOTING.md").read_text()
        block = next(b for b in page.split("```") if "SIGN=" in b)
        self.assertNotIn("-hmac", block)
        lines = block.removeprefix("sh\n").split("curl ")[0]
        run = subprocess.run(
            ["bash", "-c", lines + 'printf "%s\n%s\n%s" "$SIGN" "${SECRET-gone}" "$BODY"'],
            input="s3 cret\n",
            capture_output=True,
            text=True,
            check=True,
        )
        sign, secret, body = run.stdout.split("\n")
        want = hmac.new(b"s3 cret", body.encode(), "sha256").hexdigest()
        self.assertEqual((sign, secret), (want, "gone"))


class Api(http.server.BaseHTTPRequestHandler):
    """As much of the API as the smoke test meets; `faults` change answers."""

    faults: dict = {}
    seen: list = []
    status = "none"

    def answer(self, code, body, **headers):
        self.send_response(code)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def do_GET(self):
        path = self.path.split("?")[0]
        if path == "/api/health":
            return self.answer(200, {})
        if self.headers["Cookie"] != SESSION:
            return self.answer(401, {"code": "unauthenticated"})
        if path.endswith("/availability"):
            free = self.faults.get("free", True)
            slots = [{"start": "a", "bookable": False}, {"start": "b", "bookable": free}]
            return self.answer(200, {"slots": slots})
        return self.answer(200, {"reservation": {"id": "r", "status": Api.status}})

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        Api.seen.append(self.path)
        if self.path == "/api/auth/login":
            good = body == {"email": "s@lab.test", "password": "p"}
            code = 200 if good and not self.faults.get("login") else 401
            return self.answer(code, {}, Set_Cookie=f"{SESSION}; Path=/; Secure")
        if self.headers["Cookie"] != SESSION or not self.headers["X-Requested-With"]:
            return self.answer(403, {})
        if self.path.endswith("/cancel"):
            Api.status = "cancelled"
            return self.answer(200, {"reservation": {"id": "r", "status": "cancelled"}})
        assert body == {"start": "b"} and self.headers["Idempotency-Key"], body
        Api.status = self.faults.get("status", "confirmed")
        return self.answer(201, {"reservation": {"id": "r", "status": Api.status}})

    def log_message(self, *_):
        pass


class Smoke(unittest.TestCase):
    def smoke(self, webhooks="1", **faults):
        """Runs it once; code, lines and what was written."""
        Api.faults, Api.seen, Api.status = faults, [], "none"
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Api)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with tempfile.TemporaryDirectory() as folder:
            aws = pathlib.Path(folder, "aws")
            aws.write_text(f"#!/bin/sh\necho {webhooks}\n")
            aws.chmod(0o755)
            env = {
                "PATH": f"{folder}:{os.environ['PATH']}",
                "APP_ORIGIN": f"http://127.0.0.1:{server.server_port}",
                "SMOKE_EMAIL": "s@lab.test",
                "SMOKE_PASSWORD": "p",
                "SMOKE_MACHINE": "mch_smoke",
                "SMOKE_PAUSE": "0",
                "WEBHOOK_FUNCTION": "f",
            }
            run = subprocess.run(
                ["bash", str(EXAMPLES / "smoke.sh")], env=env, capture_output=True, text=True
            )
        server.shutdown()
        server.server_close()
        return run.returncode, run.stdout + run.stderr, Api.seen

    def test_the_whole_way(self):
        code, said, seen = self.smoke()
        self.assertEqual(code, 0, said)
        self.assertEqual(
            seen,
            [
                "/api/auth/login",
                "/api/machines/mch_smoke/reservations",
                "/api/reservations/r/cancel",
            ],
        )

    def test_whatever_is_wrong_ends_it_and_what_it_booked_is_given_back(self):
        for faults, cancels in (
            ({"login": True}, 0),
            ({"free": False}, 0),
            ({"status": "pending"}, 1),
            ({"status": "awaiting"}, 1),
            ({"webhooks": "0"}, 1),
        ):
            code, said, seen = self.smoke(**faults)
            with self.subTest(faults):
                self.assertEqual(code, 1, said)
                self.assertEqual(sum(p.endswith("/cancel") for p in seen), cancels, said)


if __name__ == "__main__":
    unittest.main()
