"""A browser, and the real server with the invented plan behind it, once for each worker.

The server is a process with its own database file, so nothing depends on which database the other tests run on.
"""

import sys
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from tests.conftest import CHINA, VELLMARK, VELLMARK_TEXT
from tests.run import CHROMIUM

from .serving import SERVER_ALONE, environment, manage, serving

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# Target size (WCAG 2.2, 2.5.8) is the one rule of level AA that axe leaves off.
AXE_OPTIONS = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
STAFF = {"username": "adam", "password": "a-long-word-for-adam"}


@pytest.fixture(scope="package")
def chromium():
    """Debian's Chromium, or a skip that says what is missing."""
    program = next((path for path in CHROMIUM if Path(path).exists()), None)
    if program is None:
        pytest.skip("No Chromium was found (on Debian: apt install chromium).")
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright leaves an event loop running in this thread; Django would refuse the database because of it.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield browser
        browser.close()


def vellmark_in(folder):
    """Variables for a site of its own that holds the invented plan; adam is its administrator."""
    env = environment(folder / "db.sqlite3", folder, PLAN="vellmark-2030")
    env |= {"DJANGO_SETTINGS_MODULE": "hrplan.settings", "DJANGO_SUPERUSER_PASSWORD": STAFF["password"]}
    manage("migrate", "-v0", env=env)
    manage("load_plan", str(VELLMARK), env=env)
    manage("attach_source", str(VELLMARK_TEXT), env=env)
    manage("createsuperuser", "--noinput", "--username", STAFF["username"], "--email", "adam@vellmark.example", env=env)
    manage("collectstatic", "--noinput", "-v0", env=env)
    return env


@pytest.fixture(scope="package")
def site(tmp_path_factory, chromium):
    """Address of the site that shows the invented plan; adam is its administrator."""
    with serving(SERVER_ALONE, env=vellmark_in(tmp_path_factory.mktemp("site"))) as port:
        yield f"http://127.0.0.1:{port}"


@pytest.fixture(scope="package")
def lived_site(tmp_path_factory, chromium):
    """Address of the same site some months on: figures, findings and accounts that differ."""
    env = vellmark_in(tmp_path_factory.mktemp("lived-site"))
    manage("shell", "-v0", "-c", "from tests.browser.lived import publish; publish()", env=env)
    with serving(SERVER_ALONE, env=env) as port:
        yield f"http://127.0.0.1:{port}"


@pytest.fixture(scope="package")
def real_site(tmp_path_factory, chromium):
    """Address of the site as make run starts it: the real plan, loaded from its seed files."""
    if not (CHINA / "plan.toml").exists():
        pytest.skip(f"There are no seed files in {CHINA}.")
    folder = tmp_path_factory.mktemp("real-site")
    env = environment(folder / "db.sqlite3", folder)
    with serving([sys.executable, "manage.py", "serve"], env=env) as port:
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def opened(chromium, site):
    """Pages in a window of a given size: ``opened("/about/", width=320)``. Other words go to the browser's context."""
    contexts = []

    def open_page(path=None, *, width=1280, height=900, at=site, **more):
        # Without motion: colours that are still on their way from one scheme to the other are no finding.
        size = {"width": width, "height": height}
        context = chromium.new_context(base_url=at, viewport=size, reduced_motion="reduce", **more)
        contexts.append(context)
        context.set_default_timeout(10_000)
        page = context.new_page()
        if path is not None:
            page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def staff_page(opened):
    """A window in which adam has signed in."""
    page = opened("/admin/login/?next=/admin/")
    page.fill("#id_username", STAFF["username"])
    page.fill("#id_password", STAFF["password"])
    page.click("input[type=submit]")
    page.wait_for_url("**/admin/")
    return page


@pytest.fixture(scope="session")
def violations():
    """What axe finds wrong on a page as it stands, one line for each element."""
    axe = Axe()

    def find(page):
        found = axe.run(page, options=AXE_OPTIONS).response["violations"]
        return [f"{rule['id']}: {node['target']} {node['html'][:120]}" for rule in found for node in rule["nodes"]]

    return find
