"""The data stack made by an emulator, where one is named by MINISTACK as in .ci/run."""

import os
import pathlib
import socket
import subprocess
import tempfile
import time
import unittest

from support import of_type, template, text

EMULATOR = os.environ.get("MINISTACK")
SECONDS = 120


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@unittest.skipUnless(EMULATOR, "MINISTACK names no emulator")
class Emulated(unittest.TestCase):
    def setUp(self):
        port = free_port()
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        program = str(pathlib.Path(EMULATOR).resolve())
        self.server = subprocess.Popen(
            [program],
            cwd=self.folder.name,
            env={**os.environ, "GATEWAY_PORT": str(port)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.addCleanup(self.server.wait)
        self.addCleanup(self.server.terminate)
        until = time.monotonic() + SECONDS
        while time.monotonic() < until:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.2)
        self.address = f"http://127.0.0.1:{port}"

    def client(self, service):
        import boto3

        return boto3.client(
            service,
            endpoint_url=self.address,
            region_name="eu-west-1",
            aws_access_key_id="none",
            aws_secret_access_key="none",
        )

    def test_the_data_stack_is_made_and_puts_down_what_others_take(self):
        stacks = self.client("cloudformation")
        stacks.create_stack(
            StackName="interlock-dev-data",
            TemplateBody=text("data.yaml"),
            Parameters=[
                {"ParameterKey": "Deployment", "ParameterValue": "dev"},
                {"ParameterKey": "AlarmEmail", "ParameterValue": "alarms@lab.test"},
            ],
        )
        until = time.monotonic() + SECONDS
        status = "CREATE_IN_PROGRESS"
        while status == "CREATE_IN_PROGRESS" and time.monotonic() < until:
            time.sleep(0.2)
            (stack,) = stacks.describe_stacks(StackName="interlock-dev-data")["Stacks"]
            status = stack["StackStatus"]
        self.assertEqual(status, "CREATE_COMPLETE")
        # One page holds ten at most.
        pages = self.client("ssm").get_paginator("get_parameters_by_path")
        found = [
            place
            for page in pages.paginate(Path="/interlock/dev")
            for place in page["Parameters"]
        ]
        places = of_type(template("data.yaml"), "AWS::SSM::Parameter")
        self.assertEqual(len(found), len(places))
        (table,) = self.client("dynamodb").list_tables()["TableNames"]
        self.assertIn(table, {place["Value"] for place in found})


if __name__ == "__main__":
    unittest.main()
