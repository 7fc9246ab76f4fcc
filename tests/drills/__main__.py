"""make drills: each drill after the other, or those that are named; the database is filled once for all of them."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

# As docs/drills.md lists them.
DRILLS = ("hosts", "proxy", "gone", "slow", "image", "replica", "disk", "killed", "clock", "publishers", "restored")

if __name__ == "__main__":
    names = [name for name in sys.argv[1:] or DRILLS if Path(__file__).with_name(f"{name}.py").exists()]
    with tempfile.TemporaryDirectory(prefix="tracker-drills-") as state:
        env = {"TRACKER_DRILL_STATE": state} | os.environ
        command = [sys.executable, "-m"]
        ended = {name: subprocess.run([*command, f"tests.drills.{name}"], env=env).returncode for name in names}
    for name, status in ended.items():
        print(f"{name}: {'as promised' if status == 0 else 'not held here' if status == 2 else 'otherwise'}")
    sys.exit(any(status not in (0, 2) for status in ended.values()))
