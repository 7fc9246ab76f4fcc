"""The invented plan some months on: what ``accounts`` has for the other tests, and two promises that were not kept."""

from tests.accounts import promised, publish_accounts
from tests.factories import StaffFactory
from tests.vellmark_progress import DAY, _publish, _row, publish_progress
from tracker.roles import EDITOR, REVIEWER


def publish():
    """Publish it all on the site that the environment names."""
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
