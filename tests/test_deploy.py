"""What runs the site elsewhere: the image's steps, the settings that its files name, and that they are refused."""

import configparser
import re
import shutil
import subprocess
import sys

import pytest
import yaml
from django.conf import settings
from django.core.management import get_commands

from .postgres import free_port

DEPLOY = settings.BASE_DIR / "deploy"
IMAGE = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
DOCUMENTED = set(re.findall(r"^``([A-Z_]+)``", (settings.BASE_DIR / "hrplan/settings.py").read_text(), re.MULTILINE))
SITES = {"prepare", "site-a", "site-b", "work"}


class Once(yaml.SafeLoader):
    """As Docker reads YAML: a key that stands twice is refused, where Python's reader takes the last one."""

    def construct_mapping(self, node, deep=False):
        """The mapping, whose keys stand once, but for those that it takes over from another."""
        keys = [key.value for key, _value in node.value]
        assert len(keys) == len(set(keys)), (keys, str(node.start_mark))
        return super().construct_mapping(node, deep)


COMPOSE = yaml.load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"), Once)  # noqa: S506  (a safe one)


def test_every_setting_that_is_named_is_one():
    of_image = set(re.findall(r"\b([A-Z_]+)=", re.search(r"^ENV (.*)$", IMAGE, re.MULTILINE)[1]))
    assert of_image - {"PATH", "PYTHONUNBUFFERED"} <= DOCUMENTED
    for name in SITES:
        assert set(COMPOSE["services"][name]["environment"]) <= DOCUMENTED
        assert COMPOSE["services"][name]["env_file"][0]["path"] == ".env"  # so that none of the others is lost
    example = (settings.BASE_DIR / "docs/operating.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^    ([A-Z_]+)=", example, re.MULTILINE)) <= DOCUMENTED


def test_no_site_runs_as_root_or_writes_but_into_its_folder():
    assert re.search(r"^USER (?!root)", IMAGE, re.MULTILINE)
    for name in SITES:
        service = COMPOSE["services"][name]
        assert service["read_only"]
        assert service["cap_drop"] == ["ALL"]
        assert [volume.partition(":")[2] for volume in service["volumes"]] == ["/data"]
        assert "ports" not in service  # nobody reaches it but through the proxy
    assert COMPOSE["services"]["site-a"]["depends_on"] == {"prepare": {"condition": "service_completed_successfully"}}


def test_redis_keeps_nothing_and_is_bounded():
    redis = COMPOSE["services"]["redis"]
    options = dict(zip(redis["command"][1::2], redis["command"][2::2], strict=True))
    assert options == {
        "--save": "",
        "--appendonly": "no",
        "--maxmemory": "256mb",
        "--maxmemory-policy": "allkeys-lru",
    }
    assert not {"ports", "volumes"} & set(redis)
    assert COMPOSE["services"]["site-a"]["environment"]["REDIS_URL"] == "redis://redis:6379/0"


def test_a_command_runs_as_the_sites_user_with_the_sites_settings(tmp_path):
    """``deploy/tracker`` with settings as the guide writes them."""
    script = (DEPLOY / "tracker").read_text(encoding="utf-8")
    (tmp_path / "runuser").write_text('#!/bin/sh\necho "$@|$OPERATOR|$VAR|$(umask)"\n')
    (tmp_path / "runuser").chmod(0o755)
    (tmp_path / "env").write_text('OPERATOR="Who runs this site, in a sentence."\nVAR="/elsewhere"\n')
    script = script.replace("/etc/tracker.env", str(tmp_path / "env")).replace("cd /srv/tracker", f"cd {tmp_path}")
    path = {"PATH": f"{tmp_path}:/usr/bin:/bin"}
    done = subprocess.run(["sh", "-c", script, "tracker", "purge", "-v0"], env=path, capture_output=True, text=True)
    command = "-u tracker -- .venv/bin/python manage.py purge -v0"
    assert done.stdout == f"{command}|Who runs this site, in a sentence.|/var/lib/tracker|0077\n", done.stderr


def test_the_proxy_leads_to_every_host_and_not_to_what_is_asked_from_inside():
    proxy = (DEPLOY / "Caddyfile").read_text(encoding="utf-8")
    assert re.search(r"reverse_proxy site-a:8000 site-b:8000 ", proxy)
    assert "request_header -X_*\n" in proxy  # which a server reads as the names of the proxy's own
    assert "Host {$DOMAIN}" in proxy  # a name that every release knows
    nginx = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    assert re.findall(r"server (site-[ab]:8000) ", nginx) == ["site-a:8000", "site-b:8000"]
    for path in ("/prometheus", "/readyz", "/livez"):
        assert path in re.search(r"@inside path (.*)", proxy)[1].split()
        assert path[1:] in re.search(r"location ~ \^/\((.*)\)\$", nginx)[1].split("|")
    for text in (proxy, nginx):
        for header in ("Retry-After 10", "Cache-Control no-store", "X-Content-Type-Options nosniff"):
            assert f"header {header}" in text


@pytest.mark.parametrize("path", sorted(DEPLOY.glob("*.service")), ids=lambda path: path.stem)
def test_a_service_runs_a_command_that_there_is_as_nobody_of_power(path):
    unit = configparser.RawConfigParser(strict=False)
    unit.optionxform = str
    unit.read(path)
    service = unit["Service"]
    assert service["ExecStart"].split()[2] in get_commands()
    assert (service["User"], service["NoNewPrivileges"], service["CapabilityBoundingSet"]) == ("tracker", "yes", "")
    assert service["EnvironmentFile"] == "/etc/tracker.env"
    timer = path.with_suffix(".timer")
    assert timer.exists() is (service.get("Type") == "oneshot")
    assert (
        path.name in (settings.BASE_DIR / "docs/operating.md").read_text()
        or timer.name in (settings.BASE_DIR / "docs/operating.md").read_text()
    )


@pytest.mark.slow
def test_what_the_image_copies_is_enough_to_prepare_a_site(tmp_path, write_database):
    """Its COPY steps, run into an empty folder, and its command as far as the server."""
    site = tmp_path / "site"
    site.mkdir()
    for names, target in re.findall(r"^COPY (?!--from)(.+) (\S+)$", IMAGE.partition("\nFROM ")[2], re.MULTILINE):
        for name in names.split():
            source = settings.BASE_DIR / name
            copy = shutil.copytree if source.is_dir() else shutil.copy2
            copy(source, site / (name if target == "./" else target))
    shutil.rmtree(site / "seeds" / "hrap-2021-2025")
    (tmp_path / "data").mkdir()
    write_database("china", tmp_path / "data" / "db.sqlite3")  # from nothing: test_serve.py
    environment = {
        "VAR": str(tmp_path / "data"),
        "PLANS": "",
        "PORT": str(free_port()),
        "PATH": "/usr/bin:/bin",
    }
    command = [sys.executable, "manage.py", "serve", "--prepare-only"]
    done = subprocess.run(command, cwd=site, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "Prepared" in done.stdout
    assert (tmp_path / "data" / "static" / "staticfiles.json").exists()
    assert len(list((tmp_path / "data" / "tiles").iterdir())) > 20  # of the tree, so that no reader waits for them
