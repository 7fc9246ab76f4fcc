"""The image, by its own steps: in a Debian that debootstrap makes, where no registry gives the one that it names.

The steps of ``deploy/Dockerfile`` are run one after the other in that root, then its command as its user, without any
capability, on a root that is mounted read-only but for ``/data`` and ``/tmp``, as compose.yaml has it. Python is
Debian's in place of the image's.
"""

import ast
import os
import re
import shlex
import shutil
import subprocess
import time
from pathlib import Path

from tests.drills.stage import ROOT, SETTINGS, Drill, Stage, needs

DOCKERFILE = (ROOT / "deploy/Dockerfile").read_text(encoding="utf-8")
PACKAGES = "python3,python3-venv,python-is-python3,ca-certificates"
# How this machine reaches the indexes of Debian and Python: in the root while it is built.
INDEXES = ("/etc/resolv.conf", "/etc/pip.conf", "/etc/ssl/certs/ca-certificates.crt")
# Run within: what is mounted goes with the process that mounted it.
BUILDING = 'mount -t proc proc "$0/proc" && mount --rbind /dev "$0/dev" && exec chroot "$0" "$@"'
RUNNING = """set -e
touch "$0/etc/hosts"
mount --bind "$0" "$0"
mount -o remount,ro,bind "$0"
mount -t proc proc "$0/proc"
mount --rbind /dev "$0/dev"
mount --bind "$1" "$0/data"
mount -t tmpfs tmpfs "$0/tmp"
mount --bind /etc/hosts "$0/etc/hosts"
user=$2; folder=$3; shift 3
exec chroot "$0" setpriv --reuid "$user" --regid "$user" --clear-groups --no-new-privs --inh-caps=-all \
  --bounding-set=-all -- /usr/bin/env --chdir "$folder" "$@"
"""


def debian(folder):
    """A Debian with Python; the one that ``TRACKER_DRILL_BASE`` names, if it is there."""
    root = Path(os.environ.get("TRACKER_DRILL_BASE", folder / "base"))
    if not (root / "bin/sh").exists():
        suite = re.search(r"^FROM \S+-slim-(\w+)", DOCKERFILE, re.MULTILINE)[1]
        command = ["debootstrap", "--variant=minbase", f"--include={PACKAGES}", suite, str(root)]
        subprocess.run(command, check=True, capture_output=True)
    return root


def build(drill, folder):
    """Run all steps. Returns the root, the variables, the user, the folder and the command of the image."""
    base, stages = debian(folder), {}
    root, variables, user, inside, command = base, {}, "root", "/", []
    drill.say(f"a Debian with {chroot(base, 'python', '--version').strip()} in place of the image that FROM names")
    lines = DOCKERFILE.replace("\\\n", " ").splitlines()
    for word, _blank, rest in (line.partition(" ") for line in lines if line and not line.startswith("#")):
        match word:
            case "FROM":
                root = fresh(base, folder / f"stage-{len(stages)}")
                stages[rest.partition(" AS ")[2]] = root
                variables, user, inside = {}, "root", "/"
            case "WORKDIR":
                inside = rest
                (root / rest.lstrip("/")).mkdir(parents=True, exist_ok=True)
            case "COPY":
                copy(rest, stages, root, inside)
            case "RUN":
                chroot(root, "sh", "-c", f"cd {inside} && {rest}")
                drill.say(f"RUN {rest[:100]}")
            case "ENV":
                variables |= dict(each.split("=", 1) for each in shlex.split(rest))
            case "USER":
                user = rest
            case "CMD":
                command = ast.literal_eval(rest)
            case "VOLUME" | "EXPOSE" | "HEALTHCHECK":
                pass  # said to whoever runs it
            case _:
                raise ValueError(f"What is {word}?")
    return root, variables, user, inside, command


def fresh(base, root):
    """A copy of a root, from which the indexes are reached."""
    subprocess.run(["cp", "-a", base, root], check=True)
    for path in filter(os.path.exists, INDEXES):
        shutil.copy(path, f"{root}{path}")
    return root


def copy(rest, stages, root, inside):
    """``COPY``: files of this repository, or of an earlier stage."""
    source = ROOT
    if rest.startswith("--from="):
        name, _blank, rest = rest.removeprefix("--from=").partition(" ")
        source = stages[name]
    *names, target = rest.split()
    for name in names:
        origin, to = source / name.lstrip("/"), root / os.path.join(inside, target).lstrip("/")
        if origin.is_dir():
            shutil.copytree(origin, to, symlinks=True, dirs_exist_ok=True)
        else:
            shutil.copy2(origin, to / origin.name if target in (".", "./") else to)


def chroot(root, *command):
    """Run a command in a root; what it printed."""
    outside = {name: value for name, value in os.environ.items() if name.startswith("PIP_")}
    outside |= {"PATH": "/usr/local/bin:/usr/bin:/usr/sbin:/bin:/sbin", "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(
        ["unshare", "--mount", "sh", "-c", BUILDING, root, *command],
        env=outside,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{shlex.join(command)}:\n{done.stdout[-1500:]}{done.stderr[-1500:]}")
    return done.stdout


def try_out(drill, stage, image, data):
    """Run the command of an image, and ask it as its health check and a reader do."""
    root, variables, user, inside, command = image
    number = chroot(root, "id", "-u", user).strip()
    os.chown(data, int(number), int(number))
    given = SETTINGS | {"DATABASE_URL": "", "TASK_WORKERS": "1"} | variables
    given["PATH"] = given["PATH"].replace("$PATH", "/usr/local/bin:/usr/bin:/bin")

    def within(*program):
        settings = [f"{name}={value}" for name, value in given.items()]
        return ["unshare", "--mount", "sh", "-c", RUNNING, root, data, number, inside, *settings, *program]

    for path in ("/site/hrplan/x", "/venv/x", "/etc/x", "/x"):
        touched = subprocess.run(within("touch", path), capture_output=True, text=True, check=False)
        drill.promise(f"{path} cannot be written: {touched.stderr.strip()}", "Read-only" in touched.stderr)
    begun = time.monotonic()
    process = stage.start("site-a", *within(*command))
    stage.wait_until(lambda: process.poll() is not None or stage.ask("/readyz", at="site-a")[0] == 200, patience=400)
    if process.poll() is not None:
        raise RuntimeError(process.log.read_text()[-1500:])
    drill.say(f"{' '.join(command)}: /readyz is 200 after {time.monotonic() - begun:.0f} s, from an empty /data")
    status = Path(f"/proc/{process.pid}/status").read_text()
    facts = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
    who = {facts["Uid"].split()[0], facts["Gid"].split()[0]}
    drill.promise(f"it runs as {number}, not as root", who == {number} != {"0"})
    rights = {facts[name] for name in ("CapEff", "CapPrm", "CapBnd")}
    drill.promise("it has no capability, and gets none", {int(each, 16) for each in rights} == {0})
    drill.promise("nor by a program that has", facts["NoNewPrivs"] == "1")
    for path, words in (("/", b"<h1"), ("/hrap-2021-2025/", b"<h1"), ("/cards/hrap-2021-2025/plan.png", b"\x89PNG")):
        code, _headers, body = stage.ask(path, at="site-a", patience=60)
        drill.promise(f"{path}: {code}, {len(body)} bytes", code == 200 and words in body)
    health = ast.literal_eval(re.search(r"^HEALTHCHECK .*? CMD (\[.*\])", DOCKERFILE, re.MULTILINE)[1])
    healthy = subprocess.run(stage.command("site-a", *within(*health)), capture_output=True, text=True, check=False)
    drill.promise("HEALTHCHECK finds it well", healthy.returncode == 0)
    written = sorted(path.name for path in Path(data).iterdir())
    drill.say(f"in /data afterwards: {', '.join(written)}; {size(root)} MB in the image")
    begun = time.monotonic()
    stage.stop(process)
    ended = process.returncode in (0, -15, 143)
    drill.promise(f"it ends when it is asked to ({time.monotonic() - begun:.1f} s)", ended)


def size(root):
    """MB that a root takes."""
    return int(subprocess.run(["du", "-sm", root], capture_output=True, text=True, check=True).stdout.split()[0])


if __name__ == "__main__":
    needs("ip", "debootstrap", "unshare", "setpriv")
    with Drill("The image, by its own steps") as drill, Stage() as stage:
        data = stage.folder / "data"
        data.mkdir()
        try_out(drill, stage, build(drill, stage.folder), data)
