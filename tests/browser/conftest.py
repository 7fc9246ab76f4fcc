"""A browser, and the real server with an invented or the real plan behind it, each once a run.

A server is a process with its own database file, so nothing depends on which database the other tests run on.
"""

import fcntl
import shutil
import sys
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from tests.conftest import CHINA, VELLMARK, VELLMARK_TEXT
from tests.run import CHROMIUM

from . import rules
from .serving import SERVER_ALONE, environment, manage, serving
from .window import Window

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
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


@pytest.fixture(scope="package")
def prepared_sites(tmp_path_factory):
    """Folders to be copied, made once a run: ``migrated``, an empty site, and ``vellmark``, with the plan."""
    worker = tmp_path_factory.getbasetemp()
    folder = (worker.parent if worker.name.startswith("popen-") else worker) / "prepared"
    folder.mkdir(exist_ok=True)
    with open(folder / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "ready").exists():
            _prepare(folder)
            (folder / "ready").touch()
    return folder


def _prepare(folder):
    (folder / "migrated").mkdir()
    env = site_in(folder / "migrated", DJANGO_SUPERUSER_PASSWORD=STAFF["password"])
    manage("migrate", "-v0", env=env)
    manage("collectstatic", "--noinput", "-v0", env=env)
    env |= site_in(shutil.copytree(folder / "migrated", folder / "vellmark"))
    manage("load_plan", str(VELLMARK), env=env)
    manage("attach_source", str(VELLMARK_TEXT), env=env)
    manage("createsuperuser", "--noinput", "--username", STAFF["username"], "--email", "adam@vellmark.example", env=env)


def site_in(folder, **more):
    """Variables for a site that keeps all it has in a folder."""
    return environment(
        folder / "db.sqlite3", folder, PLAN="vellmark-2030", DJANGO_SETTINGS_MODULE="hrplan.settings", **more
    )


@pytest.fixture(scope="package")
def vellmark_in(prepared_sites, tmp_path_factory):
    """Variables for a site of its own that holds the invented plan: ``vellmark_in("site")``."""

    def copy(name, **more):
        return site_in(shutil.copytree(prepared_sites / "vellmark", tmp_path_factory.mktemp(name) / "var"), **more)

    return copy


@pytest.fixture(scope="package")
def site(vellmark_in, chromium):
    """Address of the site that shows the invented plan; adam is its administrator."""
    with serving(SERVER_ALONE, env=vellmark_in("site")) as port:
        yield f"http://127.0.0.1:{port}"


@pytest.fixture(scope="package")
def lived_site(vellmark_in, chromium):
    """Address of the same site some months on: figures, findings and accounts that differ."""
    env = vellmark_in("lived-site")
    manage("shell", "-v0", "-c", "from tests.browser.lived import publish; publish()", env=env)
    with serving(SERVER_ALONE, env=env) as port:
        yield f"http://127.0.0.1:{port}"


@pytest.fixture(scope="package")
def real_site(prepared_sites, tmp_path_factory, chromium):
    """Address of the site as make run starts it: the real plan, loaded from its seed files."""
    if not (CHINA / "plan.toml").exists():
        pytest.skip(f"There are no seed files in {CHINA}.")
    folder = shutil.copytree(prepared_sites / "migrated", tmp_path_factory.mktemp("real-site") / "var")
    env = environment(folder / "db.sqlite3", folder)
    with serving([sys.executable, "manage.py", "serve"], env=env) as port:
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
    page.goto("/admin/login/?next=/admin/")
    page.fill("#id_username", STAFF["username"])
    page.fill("#id_password", STAFF["password"])
    page.click("input[type=submit]")
    page.wait_for_url("**/admin/")
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture
def staff_page(chromium, site, adams_session):
    """A window in which adam has signed in; what it comes to remember, it forgets."""
    context = chromium.new_context(base_url=site, reduced_motion="reduce", storage_state=adams_session)
    context.set_default_timeout(30_000)
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
