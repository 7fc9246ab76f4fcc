"""The image, built by buildah and run by podman, which need no service of their own, with what compose.yaml asks for.

Where no registry gives the image that ``deploy/Dockerfile`` names, a Debian that debootstrap makes stands in for it,
with Debian's own Python. All else is the Dockerfile's. It runs as its user, without any capability, on a root that is
read-only but for ``/data`` and ``/tmp``.
"""

import ast
import os
import re
import subprocess
import time
from pathlib import Path

import yaml

from tests.drills.stage import ROOT, SETTINGS, Drill, Stage, needs

DOCKERFILE = (ROOT / "deploy/Dockerfile").read_text(encoding="utf-8")
COMPOSE = yaml.safe_load((ROOT / "deploy/compose.yaml").read_text(encoding="utf-8"))
BASE = re.search(r"^FROM (\S+-slim-(\w+))", DOCKERFILE, re.MULTILINE)
PACKAGES = "python3,python3-venv,python-is-python3,ca-certificates"
# How this machine reaches the indexes of Debian and Python.
INDEXES = ("/etc/resolv.conf", "/etc/pip.conf", "/etc/ssl/certs/ca-certificates.crt")
LIMITS = ("--ulimit=nofile=10000:10000", "--ulimit=nproc=1000:1000")  # which a drill may set anywhere


class Engine:
    """buildah and podman on a store of images of their own."""

    def __init__(self, folder):
        self.store = ["--storage-driver=overlay", f"--root={folder}/store", f"--runroot={folder}/run"]
        self.podman = ["podman", *self.store, "--runtime=runc", "--cgroup-manager=cgroupfs"]

    def run(self, *command):
        """What a command prints; ``RuntimeError`` with what it says where it fails."""
        done = subprocess.run(list(map(str, command)), cwd=ROOT, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{' '.join(map(str, command))}:\n{done.stdout[-1500:]}{done.stderr[-1500:]}")
        return done.stdout.strip()

    def build(self, drill, folder):
        """Build the image, as Docker would by the same file."""
        buildah = ["buildah", *self.store]
        base = Path(os.environ.get("TRACKER_DRILL_BASE", folder / "base"))
        if not (base / "bin/sh").exists():
            self.run("debootstrap", "--variant=minbase", f"--include={PACKAGES}", BASE[2], base)
        container = self.run(*buildah, "from", "scratch")
        self.run(*buildah, "add", container, base, "/")
        for path in filter(os.path.exists, INDEXES):
            self.run(*buildah, "copy", container, path, path)
        self.run(*buildah, "commit", "--rm", container, BASE[1])
        drill.say(f"a Debian ({BASE[2]}) in place of {BASE[1]}")
        said = self.run(
            *(*buildah, "build", "--isolation=chroot", "--network=host", "--pull-never", "--tag=tracker"),
            *("--file=deploy/Dockerfile", "."),
        )
        drill.say(f"{said.count('STEP ')} steps of the Dockerfile, none failed")
        size = int(self.run(*self.podman, "image", "inspect", "--format={{.Size}}", "tracker")) // 10**6
        drill.say(f"the image: {size} MB")

    def running(self, data, *command, name="other", network="none"):
        """The command that runs the image, as compose.yaml has its sites."""
        site = COMPOSE["services"]["site-a"]
        given = {k: v for k, v in (SETTINGS | {"DATABASE_URL": "", "TASK_WORKERS": "1"}).items() if k != "HOST"}
        return [
            *(*self.podman, "run", "--rm", *LIMITS, f"--name={name}", f"--network={network}", f"--volume={data}:/data"),
            "--read-only" if site["read_only"] else "--read-only=false",
            *(f"--tmpfs={each}" for each in site["tmpfs"]),
            *(f"--cap-drop={each}" for each in site["cap_drop"]),
            *(f"--security-opt={each.removesuffix(':true')}" for each in site["security_opt"]),
            *(f"--env={name}={value}" for name, value in given.items()),
            *("tracker", *command),
        ]


def try_out(drill, stage, engine, data):
    """Run the command of the image, and ask it as its health check and a reader do."""
    for path in ("/site/hrplan/x", "/venv/x", "/etc/x", "/x"):
        touch = engine.running(data, "touch", path)
        touched = subprocess.run(touch, capture_output=True, text=True, check=False)
        drill.promise(f"{path} cannot be written: {touched.stderr.strip()}", "Read-only" in touched.stderr)
    begun = time.monotonic()
    process = stage.start("", *engine.running(data, name="site", network=f"ns:/run/netns/{stage.inside('site-a')}"))
    stage.wait_until(lambda: process.poll() is not None or stage.ask("/readyz", at="site-a")[0] == 200, patience=400)
    if process.poll() is not None:
        raise RuntimeError(process.log.read_text()[-1500:])
    drill.say(f"its command: /readyz is 200 after {time.monotonic() - begun:.0f} s, from an empty /data")
    pid = engine.run(*engine.podman, "inspect", "--format={{.State.Pid}}", "site")
    status = Path(f"/proc/{pid}/status").read_text()
    facts = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
    number = re.search(r"--uid (\d+)", DOCKERFILE)[1]
    drill.promise(f"it runs as {number}, not as root", set(facts["Uid"].split()) == {number})
    rights = {facts[name] for name in ("CapEff", "CapPrm", "CapBnd")}
    drill.promise("it has no capability, and gets none", {int(each, 16) for each in rights} == {0})
    drill.promise("nor by a program that has", facts["NoNewPrivs"] == "1")
    for path, words in (("/", b"<h1"), ("/hrap-2021-2025/", b"<h1"), ("/cards/hrap-2021-2025/plan.png", b"\x89PNG")):
        code, _headers, body = stage.ask(path, at="site-a", patience=60)
        drill.promise(f"{path}: {code}, {len(body)} bytes", code == 200 and words in body)
    health = ast.literal_eval(re.search(r"^HEALTHCHECK .*? CMD (\[.*\])", DOCKERFILE, re.MULTILINE)[1])
    healthy = subprocess.run([*engine.podman, "exec", "site", *health], capture_output=True, check=False)
    drill.promise("HEALTHCHECK finds it well", healthy.returncode == 0)
    drill.say(f"in /data afterwards: {', '.join(sorted(path.name for path in Path(data).iterdir()))}")
    begun = time.monotonic()
    stage.stop(process)
    ended = process.returncode in (0, -15, 143)
    drill.promise(f"it ends when it is asked to ({time.monotonic() - begun:.1f} s)", ended)


if __name__ == "__main__":
    needs("ip", "debootstrap", "buildah", "podman", "runc")
    with Drill("The image, built and run") as drill, Stage() as stage:
        data, engine = stage.folder / "data", Engine(stage.folder)
        data.mkdir()
        os.chown(data, *[int(re.search(r"--uid (\d+)", DOCKERFILE)[1])] * 2)
        engine.build(drill, stage.folder)
        try_out(drill, stage, engine, data)
