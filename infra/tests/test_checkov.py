"""What checkov finds, and what of it we keep (infra/tests/checkov.txt)."""

import json
import pathlib
import shutil
import subprocess
import sys
import unittest

from support import INFRA, NAMES

KEPT = INFRA / "tests/checkov.txt"


def kept():
    """(check, file) pairs with a reason."""
    for line in KEPT.read_text().splitlines():
        if line and not line.startswith("#"):
            check, files, reason = line.split(" ", 2)
            assert len(reason.split()) > 3, line
            yield from ((check, file) for file in files.split(","))


def found():
    """(check, file) pairs checkov does not like."""
    beside = pathlib.Path(sys.executable).with_name("checkov")
    program = str(beside) if beside.exists() else shutil.which("checkov")
    command = [program, "--framework", "cloudformation", "--skip-download", "-o", "json"]
    for name in NAMES:
        command += ["-f", str(INFRA / name)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    report = json.loads(run.stdout)
    reports = report if isinstance(report, list) else [report]
    results = [r["results"] for r in reports if r["check_type"] == "cloudformation"]
    assert sum(len(r["passed_checks"]) for r in results) > 300, run.stderr
    assert not any(r["parsing_errors"] for r in results), results
    return {
        (f["check_id"], pathlib.Path(f["file_path"]).name)
        for r in results
        for f in r["failed_checks"]
    }


class Checkov(unittest.TestCase):
    def test_what_it_finds_is_exactly_what_has_a_reason(self):
        self.assertEqual(found(), set(kept()))


if __name__ == "__main__":
    unittest.main()
