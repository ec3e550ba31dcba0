"""What the build of Cal.com's images makes: run as it stands, with programs that pretend."""

import json
import os
import pathlib
import subprocess
import tempfile
import unittest

from support import parse, template, text

IMAGES = "calcom-images.yaml"
COMMIT = "0123456789abcdef0123456789abcdef01234567"
TAG = f"{COMMIT}-cal.lab.test"
REGISTRY = "1.dkr.ecr.eu-west-1.amazonaws.com"
# Writes down what it was called with, and answers as `registry` and `bundle` say.
PRETEND = f"""#!/bin/bash
echo "$(basename "$0") $*" >> "$HERE/calls"
case "$(basename "$0") $*" in
  "aws ecr list-images "*-web*) grep -o '^web .*' "$HERE/registry" | cut -d' ' -f2;;
  "aws ecr list-images "*-api*) grep -o '^api .*' "$HERE/registry" | cut -d' ' -f2;;
  "curl "*) cp "$HERE/bundle" trust/rds.pem;;
  "git init"*) mkdir source;;
  "git rev-parse"*) echo {COMMIT};;
  "docker build "*"-f -"*) cat >> "$HERE/layers"; ls "${{!#}}" >> "$HERE/layers";;
  "docker push"*) test ! -e "$HERE/refuses" || ! grep -q api <<< "$*";;
esac
"""


def script():
    (build,) = (r for r in template(IMAGES)["Resources"].values() if "CodeBuild" in r["Type"])
    (command,) = parse(build["Properties"]["Source"]["BuildSpec"])["phases"]["build"]["commands"]
    return command


def authority(folder, name):
    made = subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
        + ["-keyout", str(folder / "key"), "-subj", f"/OU={name}/CN={name} Root CA"],
        capture_output=True,
        check=True,
    )
    return made.stdout.decode()


class Build(unittest.TestCase):
    def setUp(self):
        self.here = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        programs = self.here / "programs"
        programs.mkdir()
        for name in ("aws", "docker", "git", "curl"):
            (programs / name).write_text(PRETEND)
            (programs / name).chmod(0o755)
        (self.here / "registry").write_text("")
        (self.here / "bundle").write_text(authority(self.here, "Amazon RDS") * 2)

    def build(self):
        """Builds once; code and what was called."""
        (self.here / "calls").unlink(missing_ok=True)
        variables = {
            "HERE": str(self.here),
            "PATH": f"{self.here}/programs:{os.environ['PATH']}",
            "COMMIT": COMMIT,
            "TAG": TAG,
            "WEB": f"{REGISTRY}/interlock-dev-calcom-web",
            "API": f"{REGISTRY}/interlock-dev-calcom-api",
            "API_URL": "https://calapi.cal.lab.test/v2",
            "REPOSITORY": "https://example.test/x.git",
            "AUTHORITIES": "https://truststore.pki.test/all.pem",
        }
        with tempfile.TemporaryDirectory() as folder:
            run = subprocess.run(
                ["bash", "-c", script()], cwd=folder, env=variables, capture_output=True, check=False
            )
        return run.returncode, (self.here / "calls").read_text()

    def test_both_are_pushed_under_commit_and_domain_and_trust_the_database(self):
        code, calls = self.build()
        self.assertEqual(code, 0)
        for kind in ("web", "api"):
            self.assertIn(f"docker push -q {REGISTRY}/interlock-dev-calcom-{kind}:{TAG}", calls)
        layers = (self.here / "layers").read_text()
        for line in (
            "FROM calcom-web",
            "FROM calcom-api",
            "COPY rds.pem /etc/ssl/rds.pem",
            "ENV NODE_EXTRA_CA_CERTS=/etc/ssl/rds.pem",
        ):
            self.assertIn(line, layers)
        self.assertEqual(layers.splitlines().count("rds.pem"), 2, "the layer's folder has it")

    def test_a_build_that_broke_off_is_started_again_and_makes_the_rest(self):
        (self.here / "refuses").touch()
        code, _ = self.build()
        self.assertNotEqual(code, 0)
        (self.here / "refuses").unlink()
        (self.here / "registry").write_text(f"web {TAG}\n")
        code, calls = self.build()
        self.assertEqual(code, 0)
        self.assertNotIn("calcom-web:", calls)
        self.assertIn(f"docker push -q {REGISTRY}/interlock-dev-calcom-api:{TAG}", calls)

    def test_nothing_is_built_where_both_are_there_and_another_domain_is_not_there(self):
        (self.here / "registry").write_text(f"web {TAG}\napi {TAG}\n")
        code, calls = self.build()
        self.assertEqual((code, calls.count("docker build")), (0, 0))
        (self.here / "registry").write_text(f"web {COMMIT}-other.test\napi {COMMIT}-other.test\n")
        code, calls = self.build()
        self.assertEqual((code, calls.count("docker push")), (0, 2))

    def test_a_bundle_that_is_cut_or_of_others_ends_the_build(self):
        whole = (self.here / "bundle").read_text()
        other = authority(self.here, "Somebody Else")
        for bundle in ("", "<html></html>", whole[:-60], whole + other):
            (self.here / "bundle").write_text(bundle)
            code, calls = self.build()
            self.assertNotEqual(code, 0, bundle[-60:])
            self.assertNotIn("docker push", calls)


class Tags(unittest.TestCase):
    def test_the_places_name_the_tag_that_is_built(self):
        resources = template(IMAGES)["Resources"]
        project = resources["Build"]["Properties"]["Environment"]["EnvironmentVariables"]
        (tag,) = (v["Value"]["Fn::Sub"] for v in project if v["Name"] == "TAG")
        self.assertEqual(tag, "${CalcomCommit}-${InternalDomain}")
        for kind in ("Web", "Api"):
            place = resources[f"Calcom{kind}ImagePlace"]["Properties"]["Value"]["Fn::Sub"]
            self.assertEqual(place, f"${{{kind}Images.RepositoryUri}}:{tag}")

    def test_the_longest_tag_is_one(self):
        its = template(IMAGES)["Parameters"]["InternalDomain"]["MaxLength"]
        self.assertLessEqual(len(COMMIT) + 1 + its, 128)
        network = template("network-calcom.yaml")["Parameters"]["InternalDomain"]
        self.assertEqual(network, {**network, "MaxLength": its})

    def test_the_role_may_look_for_a_tag(self):
        self.assertIn("ecr:ListImages", json.dumps(template(IMAGES)["Resources"]["BuildRole"]))

    def test_every_environment_pins_the_commit_that_was_recorded(self):
        config, upgrade = text("samconfig.toml"), text("../docs/UPGRADE.md")
        commits = {part.split('"')[0] for part in config.split("CalcomCommit=")[1:]}
        self.assertEqual(config.count("CalcomCommit="), 3)
        (commit,) = commits
        self.assertRegex(commit, "^[0-9a-f]{40}$")
        self.assertIn(f"at `{commit}`", upgrade)


if __name__ == "__main__":
    unittest.main()
