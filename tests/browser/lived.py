"""The invented plan some months on: what ``accounts`` has for the other tests, and two promises that were not kept."""

from django.contrib.auth.hashers import Argon2PasswordHasher

from tests import drafts
from tests.accounts import promised, publish_accounts
from tests.factories import StaffFactory
from tests.vellmark_progress import DAY, _publish, _row, publish_progress
from tracker.actions.redaction import ask_redaction
from tracker.models.roles import EDITOR, REVIEWER

PASSWORD = "a-long-word-for-edith-and-rana"


def sign_up():
    """An editor and a reviewer who sign in with the password."""
    password = Argon2PasswordHasher().encode(PASSWORD, "salt-of-edith")
    edith = StaffFactory(username="edith", role=EDITOR, password=password)
    return edith, StaffFactory(username="rana", role=REVIEWER, password=password)


def wait():
    """Rows that wait for review, drafts, and redactions that were asked for."""
    edith, rana = sign_up()
    rolf = StaffFactory(username="rolf", role=REVIEWER)
    for year in range(2021, 2024):
        told = drafts.published(drafts.value(year - 1950, f"{year}-12-31", summary="A witness counted."), edith, rana)
        if year < 2023:
            ask_redaction(record=told, reason="A witness could be found.", by=rolf)
    for number in range(80, 86):
        drafts.submitted(drafts.value(number, f"{1940 + number}-06-30"), edith)
        drafts.drafted(drafts.finding(summary=f"Draft {number}."), edith)
    for number in range(2):
        drafts.drafted(drafts.value(number, "2025-12-31"), edith)


def publish():
    """Publish it all."""
    people = {
        "by": StaffFactory(username="edith", role=EDITOR),
        "reviewer": StaffFactory(username="rana", role=REVIEWER),
    }
    publish_progress(**people)
    publish_accounts(**people)
    promised("II.2g", "Gongs cast", by=people["by"])
    promised("II.2h", "Halls heated", by=people["by"], level="outcome")
    finding = {"source": "watch-note", "verdict": "not_done", "as_of": DAY(2026, 8, 5)}
    rows = {
        "gongs": _row(**finding, commitment="II.2g", text="No gong was cast."),
        "halls": _row(**finding, commitment="II.2h", text="No hall was heated."),
    }
    _publish(rows, **people)
