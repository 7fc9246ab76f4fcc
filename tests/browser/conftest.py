"""A browser, and the real server with an invented or the real plan behind it, each once a run.

A server is a process with its own database file, so nothing depends on which database the other tests run on.
"""

import io
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.management import call_command
from playwright.sync_api import sync_playwright

from tests import databases
from tests.conftest import VELLMARK_TEXT
from tests.run import CHROMIUM

from . import lived, rules
from .serving import SERVER_ALONE, environment, serving
from .window import Window

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Each page runs axe anew, for less than a second: to compile it better takes a tenth more of the processor in all
    # than it saves.
    "--js-flags=--no-turbofan,--no-maglev,--single-threaded-gc",
]
STAFF = {"username": "adam", "password": "a-long-word-for-adam"}

# What the first site has made by a process apart, the others make at once: that process takes two seconds to begin.
MADE_AT_ONCE = {"DJANGO_SETTINGS_MODULE": "tests.benchmarks.uncached"}
TO_BE_MADE = 120_000  # milliseconds for a page: one that is made apart gives way to all else on a busy machine


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


def _attach_and_sign_up():
    """The plan's own text, and adam."""
    call_command("attach_source", VELLMARK_TEXT, plan="vellmark-2030", stdout=io.StringIO())
    password = Argon2PasswordHasher().encode(STAFF["password"], "salt-of-adam")
    get_user_model().objects.create(username=STAFF["username"], password=password, is_staff=True, is_superuser=True)


databases.add("with_adam", after="vellmark", fill=_attach_and_sign_up, module=__name__)
databases.add("months_on", after="with_adam", fill=lived.publish, module=__name__)
databases.add("with_edith_and_rana", after="vellmark", fill=lived.sign_up, module=__name__)
databases.add("with_rows_that_wait", after="with_adam", fill=lived.wait, module=__name__)


@pytest.fixture(scope="package")
def site_of(write_database, tmp_path_factory):
    """Variables for a site of its own that begins with one of ``databases.STATES``: ``site_of("vellmark")``."""

    def make(state, **more):
        folder = tmp_path_factory.mktemp(state)
        write_database(state, folder / "db.sqlite3")
        (folder / "static").symlink_to(settings.STATIC_ROOT)
        plan = "hrap-2021-2025" if state == "china" else "vellmark-2030"
        common = {"PLAN": plan, "DJANGO_SETTINGS_MODULE": "hrplan.settings"}
        return environment(folder / "db.sqlite3", folder, **common | more)

    return make


@pytest.fixture(scope="package")
def site(site_of, chromium):
    """Address of the site that shows the invented plan; adam is its administrator."""
    with serving(SERVER_ALONE, env=site_of("with_adam")) as port:
        yield f"http://127.0.0.1:{port}"


@pytest.fixture(scope="package")
def lived_site(site_of, chromium):
    """Address of the same site some months on: figures, findings and accounts that differ."""
    with serving(SERVER_ALONE, env=site_of("months_on", **MADE_AT_ONCE)) as port:
        yield f"http://127.0.0.1:{port}"


@pytest.fixture(scope="package")
def real_site(site_of, chromium):
    """Address of the site with the real plan, as make run loads it."""
    if not (databases.CHINA / "plan.toml").exists():
        pytest.skip(f"There are no seed files in {databases.CHINA}.")
    with serving(SERVER_ALONE, env=site_of("china", **MADE_AT_ONCE)) as port:
        yield f"http://127.0.0.1:{port}"


@pytest.fixture(scope="package")
def waiting_site(site_of, chromium):
    """Address of a site on which rows wait for review and a redaction waits for a second person."""
    with serving(SERVER_ALONE, env=site_of("with_rows_that_wait")) as port:
        yield f"http://127.0.0.1:{port}"


@pytest.fixture(scope="package")
def contexts(chromium):
    """Contexts of the browser by their settings: what a page of the site says to everyone is not loaded twice."""
    made = {}

    def context_of(**settings):
        # Without motion: colours that are still on their way from one scheme to the other are no finding.
        key = repr(sorted(settings.items()))
        if key not in made:
            made[key] = chromium.new_context(reduced_motion="reduce", **settings)
            made[key].set_default_timeout(30_000)
            made[key].set_default_navigation_timeout(TO_BE_MADE)
        return made[key]

    yield context_of
    for context in made.values():
        context.close()


@pytest.fixture(scope="package")
def window(contexts, site):
    """The window that looks at pages of the invented plan."""
    return Window(contexts().new_page(), site)


@pytest.fixture(scope="package")
def lived_window(contexts, lived_site):
    """The window that looks at pages of the invented plan some months on."""
    return Window(contexts().new_page(), lived_site)


@pytest.fixture(scope="package")
def real_window(contexts, real_site):
    """The window that looks at pages of the real plan."""
    return Window(contexts().new_page(), real_site)


@pytest.fixture(scope="package")
def staff_window(contexts, site, adams_session):
    """The window in which adam looks at pages for staff."""
    return Window(contexts(storage_state=adams_session).new_page(), site)


@pytest.fixture
def opened(contexts, site):
    """Pages in a window of a given size: ``opened("/about/", width=320)``. Other words go to the browser's context."""
    pages = []

    def open_page(path=None, *, width=1280, height=900, at=site, **more):
        page = contexts(base_url=at, **more).new_page()
        pages.append(page)
        page.set_viewport_size({"width": width, "height": height})
        if path is not None:
            page.goto(path)
        return page

    yield open_page
    for page in pages:
        page.close()


@pytest.fixture(scope="package")
def adams_session(chromium, site):
    """What a browser keeps of adam's having signed in."""
    context = chromium.new_context(base_url=site)
    page = context.new_page()
    page.goto("/admin/login/")
    page.fill("#id_username", STAFF["username"])
    page.fill("#id_password", STAFF["password"])
    page.click("main button")
    page.wait_for_url("**/desk/")
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture
def staff_page(chromium, site, adams_session):
    """A window in which adam has signed in; what it comes to remember, it forgets."""
    context = chromium.new_context(base_url=site, reduced_motion="reduce", storage_state=adams_session)
    context.set_default_timeout(30_000)
    context.set_default_navigation_timeout(TO_BE_MADE)
    yield context.new_page()
    context.close()


@pytest.fixture
def violations():
    """What axe finds wrong on a page as it stands, one line for each element."""
    return rules.violations


@pytest.fixture
def complaints():
    """Listens to a window; what it heard, with what the policy refused on the page that is open."""

    def listen(page):
        heard = rules.listen(page)
        return lambda: heard + page.evaluate("window.refused")

    return listen
