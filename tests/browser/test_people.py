"""From the invitation to the desk: an administrator invites, somebody sets her password and her second factor.

He sits at a wide screen and she holds a narrow one; each page is looked at on both.
"""

import re
import time
from base64 import b32decode

import pytest
from django_otp.oath import TOTP

from .conftest import STAFF
from .rules import NARROW, WIDE, in_order
from .serving import SERVER_ALONE, serving

pytestmark = pytest.mark.browser

WORDS = "seven deep wells in a row"


@pytest.fixture(scope="module")
def guarded_site(site_of, chromium):
    """Address of a site whose reviewers need a second factor."""
    with serving(SERVER_ALONE, env=site_of("with_adam", SECOND_FACTOR="reviewers")) as port:
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def fresh(chromium, guarded_site):
    """A browser in which nobody has signed in yet."""
    contexts = []

    def open_browser(width):
        contexts.append(chromium.new_context(base_url=guarded_site, viewport={"width": width, "height": 900}))
        contexts[-1].set_default_timeout(30_000)
        return contexts[-1].new_page()

    yield open_browser
    for context in contexts:
        context.close()


def code_of(secret, later=0):
    """What an authenticator shows for a secret, now or some steps of thirty seconds later."""
    totp = TOTP(b32decode(secret))
    totp.time = time.time() + 30 * later
    return f"{totp.token():06}"


def set_up_factor(page):
    """Set the second factor up by keyboard; the secret."""
    page.wait_for_url("**/desk/account/factor/")
    in_order(page)
    secret = page.locator(".secret").inner_text().replace(" ", "")
    assert page.locator("main img").evaluate("e => e.naturalWidth") > 100
    page.get_by_label("Code").fill("000")
    page.keyboard.press("Enter")
    page.get_by_text("would have given another code").wait_for()
    in_order(page)
    time.sleep(1.1)  # a wrong code is followed by a second's wait
    page.get_by_label("Code").fill(code_of(secret))
    page.keyboard.press("Enter")
    page.get_by_text("they are not shown again").wait_for()
    in_order(page)
    assert page.locator(".codes-once li").count() == 10
    return secret


def give_password(page, name, password):
    """Sign in as far as the password goes."""
    page.goto("/desk/")
    in_order(page)
    page.get_by_label("Sign-in name or e-mail address").fill(name)
    page.get_by_label("Password").fill(password)
    page.keyboard.press("Enter")


def test_from_the_invitation_to_the_desk(fresh):
    admin = fresh(WIDE)
    give_password(admin, STAFF["username"], STAFF["password"])
    set_up_factor(admin)
    codes = admin.locator(".codes-once code").all_inner_texts()
    admin.get_by_role("link", name="to the desk").click()
    admin.wait_for_url("**/desk/")
    admin.goto("/admin/auth/user/add/")
    admin.get_by_label("Name", exact=True).fill("Nell Vell")
    admin.get_by_label("E-mail address").fill("nell@vellmark.example")
    admin.get_by_label("Reviewer").check()
    admin.keyboard.press("Enter")
    link = admin.locator(".hand-over .secret").inner_text()
    in_order(admin)

    nell = fresh(NARROW)
    nell.goto(re.sub(r"^https?://[^/]*", "", link))
    in_order(nell)
    nell.get_by_label("New password", exact=True).fill(WORDS)
    nell.get_by_label("New password confirmation").fill(WORDS)
    nell.keyboard.press("Enter")
    secret = set_up_factor(nell)
    nell.get_by_role("link", name="to the desk").click()
    nell.wait_for_url("**/desk/")
    nell.goto("/desk/account/")
    in_order(nell)
    assert nell.get_by_text("vouches for you").is_visible()
    nell.get_by_role("button", name="Sign out", exact=True).click()
    give_password(nell, "nell@vellmark.example", WORDS)
    nell.get_by_label("Code").fill(code_of(secret, 1))
    nell.keyboard.press("Enter")
    nell.wait_for_url("**/desk/")

    elsewhere = fresh(NARROW)  # without his authenticator
    give_password(elsewhere, STAFF["username"], STAFF["password"])
    elsewhere.wait_for_url("**/admin/login/code/")
    in_order(elsewhere)
    elsewhere.get_by_label("Code").fill(codes[0])
    elsewhere.keyboard.press("Enter")
    elsewhere.wait_for_url("**/desk/")
