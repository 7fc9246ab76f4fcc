"""The page about the API: true of every address and parameter, and its requests can be copied and run."""

import html
import json
import re
import subprocess
import sys
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from django.conf import settings as project

from tests.browser.serving import SERVER_ALONE, environment, serving
from tracker.api.resources import RESOURCES
from tracker.snapshot.cache import read_snapshot

from .reading import squeezed

SITE = "http://127.0.0.1:8000"


def text_of(client):
    response = client.get("/api/")
    assert response.status_code == 200
    return response.content.decode()


def examples_of(page):
    """The requests to copy, by the name of their language."""
    examples = re.findall(r'<pre class="code"><code id="(\w+)">(.*?)</code></pre>', page, re.S)
    return {name: html.unescape(text) for name, text in examples}


def test_it_names_every_list_every_parameter_and_every_key(client, vellmark):
    page = text_of(client)
    for each in RESOURCES:
        section = page.split(f'<h3 id="{each.name}">')[1].split("</section>")[0]
        assert str(each.about) in html.unescape(section)
        assert f"{SITE}/api/v1/{each.name}/" in section
        for name in [*each.filters] + [column.name for column in each.columns]:
            assert f"<code>{name}</code>" in section, (each.name, name)
        for name, parameter in each.filters.items():
            for value, _words in parameter.pairs:
                assert f"<code>{html.escape(value)}</code>" in section, (name, value)


def test_what_every_list_takes_is_said_once(client, vellmark):
    page = squeezed(text_of(client))
    before_the_lists = page.split('<h3 id="plans">')[0]
    for name in ("on", "known", "fields", "page", "page_size"):
        assert f'<th scope="row"><code>{name}</code>' in before_the_lists
    assert "a whole number from 1 to 1000, otherwise 100" in page
    assert "600 requests in one minute" in page


def test_every_address_on_it_answers(client, vellmark):
    matches = set(re.findall(rf'(?:href=")({SITE}/api/[^"]*)"', text_of(client)))
    assert len(matches) == len(RESOURCES) + 3  # the start, the search and the page's own address too
    for address in matches:
        assert client.get(address.removeprefix(SITE)).status_code == 200, address


def test_its_requests_ask_for_something_that_is_there(client, vellmark):
    examples = examples_of(text_of(client))
    assert list(examples) == ["curl", "python", "pandas", "r"]
    for name, text in examples.items():
        (address,) = re.findall(r'"(http[^"]*)"', text)
        parts = urlsplit(address)
        response = client.get(f"{parts.path}?{parts.query}")
        assert response.status_code == 200, name
        assert response.json()["count"] > 0, name


def test_before_a_plan_is_loaded_it_is_there(client, db):
    assert "?fields=code,title,status" in examples_of(text_of(client))["curl"]


def test_it_takes_no_parameter(client, vellmark):
    assert client.get("/api/?on=2026-01-01").status_code == 400


def test_it_asks_the_database_once(client, vellmark, django_assert_num_queries):
    client.get("/api/")
    with django_assert_num_queries(1):
        client.get("/api/")


def test_it_loads_nothing_from_elsewhere(client, vellmark):
    page = text_of(client)
    assert "<script" not in page
    assert not re.findall(r'<(?:link|img|script)[^>]*(?:src|href)="https?://(?!127\.0\.0\.1:8000)', page)


@pytest.mark.slow
def test_the_requests_run_against_the_live_server(vellmark, write_database, tmp_path):
    codes = [c.code for c in read_snapshot().plan("vellmark-2030").by_category["I"]]
    env = environment(tmp_path / "db.sqlite3", tmp_path, PLAN="vellmark-2030")
    env["DJANGO_SETTINGS_MODULE"] = "hrplan.settings"
    write_database("vellmark", tmp_path / "db.sqlite3")
    (tmp_path / "static").symlink_to(project.STATIC_ROOT)
    with serving(SERVER_ALONE, env=env) as port:
        with urlopen(f"http://127.0.0.1:{port}/api/") as page:
            examples = examples_of(page.read().decode())
        answer = json.loads(run("sh", "-c", examples["curl"].replace("curl ", "curl -sS ")))
        by_page = examples["python"].replace("/?plan", "/?page_size=3&plan")  # so that it has to go on
        lines = run(sys.executable, "-c", by_page).splitlines()
    assert [row["code"] for row in answer["results"]] == codes
    assert list(answer["results"][0]) == ["code", "title", "status"]
    assert [line.split()[0] for line in lines] == codes


def run(*command):
    """What a command writes, which must not complain."""
    ended = subprocess.run(
        command, capture_output=True, text=True, timeout=60, check=False, cwd=project.BASE_DIR / "tests"
    )
    assert (ended.returncode, ended.stderr) == (0, ""), command
    return ended.stdout
