"""CI asks whether a hole is known in what is locked: one that is ends it, and nobody to ask does not."""

import json
import subprocess
import sys

import pytest
from django.conf import settings

HOLE = {"id": "PYSEC-2026-1", "aliases": ["CVE-2026-1"], "fix_versions": ["5.2.20"], "description": "Quadratic."}
WHOLE = {"name": "segno", "version": "1.6.6", "vulns": []}
HOLED = {"name": "django", "version": "5.2.19", "vulns": [HOLE]}
SKIPPED = {"name": "redis", "skip_reason": "Dependency not found on PyPI and could not be audited: redis (7.4.1)"}


@pytest.mark.parametrize(
    ("answer", "status", "words"),
    [
        ([WHOLE], 0, "requirements.lock: no hole is known in 1 packages."),
        ([WHOLE, HOLED], 1, "django 5.2.19: PYSEC-2026-1 (CVE-2026-1); mended in 5.2.20"),
        ([HOLED, SKIPPED], 1, "Not audited, because nothing is known of them here: redis."),
        ([SKIPPED, SKIPPED], 0, "was not audited: no advisories can be had here for any of its 2 packages."),
        (None, 0, "requirements.lock was not audited: ConnectionError: Failed to resolve 'pypi.org'"),
    ],
)
def test_a_known_hole_ends_ci_and_nobody_to_ask_is_said_in_a_line(tmp_path, answer, status, words):
    says = json.dumps({"dependencies": answer, "fixes": []})
    fails = "sys.exit('Traceback …\\nConnectionError: Failed to resolve \\'pypi.org\\'')"
    program = f"import sys\n{fails if answer is None else f'print({says!r})'}\n"
    (tmp_path / "pip_audit.py").write_text(program, encoding="utf-8")
    command, place = [sys.executable, ".ci/audit"], {"cwd": settings.BASE_DIR, "env": {"PYTHONPATH": str(tmp_path)}}
    done = subprocess.run(command, capture_output=True, text=True, check=False, **place)
    assert (done.returncode, words in done.stdout) == (status, True), done.stdout + done.stderr
