"""Text that was typed and not saved: kept for the person who typed it, and forgotten once it is saved or too old.

Nothing here is a record: no log, no version and no editor of a draft knows of it.
"""

import datetime
import json
from collections.abc import Iterable

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.crypto import salted_hmac

from tracker.models import UnsavedForm

Typed = dict[str, list[str]]  # the values of each field by its name
MOST_CHARACTERS = 300_000  # of one form
TELLING = 12  # characters from which on words are those of a text and of hardly another
MOST_FORMS = 40  # of one person: those of longest ago go


class AlreadySaved(Exception):
    """An opened form is saved once. ``became`` is the address of what it became."""

    def __init__(self, became: str, *, same: bool) -> None:
        self.became, self.same = became, same
        super().__init__(became)


def sealed(key: str, typed: Typed) -> str:
    """A mark of what was sent, from which nobody without the site's key can tell the text."""
    return salted_hmac(key, json.dumps(typed, sort_keys=True), algorithm="sha256").hexdigest()


@transaction.atomic
def keep(*, by: User, key: str, address: str, typed: Typed) -> UnsavedForm | None:
    """Keep what a person typed into an opened form, in the place of what was kept of it before.

    ``None`` where it is too much to keep, where the form is somebody else's, or was saved already.
    """
    if sum(len(each) for values in typed.values() for each in values) > MOST_CHARACTERS or len(address) > 600:
        return None
    now = timezone.now()
    row = UnsavedForm.objects.filter(key=key).first() or UnsavedForm(key=key, person=by)
    if row.became or row.person_id != by.pk:
        return None
    row.address, row.fields, row.at = address, typed, now
    row.save()
    own = UnsavedForm.objects.filter(person=by, became="").order_by("-at")
    UnsavedForm.objects.filter(pk__in=list(own.values_list("pk", flat=True)[MOST_FORMS:])).delete()
    purge()
    return row


def purge() -> int:
    """Take away what was typed so long ago that nobody will come back for it; how many forms."""
    before = timezone.now() - datetime.timedelta(days=settings.UNSAVED_DAYS)
    return UnsavedForm.objects.filter(at__lt=before).delete()[0]


def begin(*, by: User, key: str, address: str, typed: Typed) -> UnsavedForm:
    """Claim an opened form for its one saving, in the transaction that saves it. Raises ``AlreadySaved``.

    A second press waits here until the first is done.
    """
    row, _new = UnsavedForm.objects.select_for_update().get_or_create(
        key=key, defaults={"person": by, "address": address, "at": timezone.now()}
    )
    if row.became:
        raise AlreadySaved(row.became, same=row.digest == sealed(key, typed))
    row.digest = sealed(key, typed)
    return row


def end(row: UnsavedForm, *, became: str) -> None:
    """Empty the text of a form that was saved; its key stays for a while, and with it the address of what it became."""
    row.fields, row.became, row.at = {}, became, timezone.now()
    row.save()


def discard(row: UnsavedForm) -> None:
    """Forget a text that its person does not want any more."""
    row.delete()


def forget_words(words: Iterable[str], *, record: Model) -> int:
    """Forget the unsaved texts of a row's own form, and every other that holds words of it, whoever typed it.

    What is redacted is not left here either. Words of a few letters, such as a page's number, are in many texts.
    """
    own = UnsavedForm.objects.filter(address__contains=f"/{record._meta.model_name}/{record.pk}/")
    own.delete()
    telling = [each for each in words if len(each.strip()) >= TELLING]
    rows = UnsavedForm.objects.exclude(fields={}).iterator()
    holding = [row.pk for row in rows if any(w in each for w in telling for v in row.fields.values() for each in v)]
    return UnsavedForm.objects.filter(pk__in=holding).delete()[0]
