"""Files that evidence and reports bring: stored with the row, whole before it is public, gone once none names them."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from tracker.models import Evidence, ReaderReport
from tracker.uploads import storage


def take_in(evidence: Evidence) -> None:
    """Store the upload that a piece of evidence brings, and let the row name it. Raises ``ValidationError``."""
    upload = getattr(evidence, "upload", None)
    digest = upload.hash if upload is not None else evidence.file_hash
    if Evidence.objects.taken_away([digest]):
        raise ValidationError(_("This file was taken away for somebody's safety and is not published again."))
    if upload is not None:
        evidence.file_hash, evidence.file_name = upload.hash, upload.name
        evidence.file_type, evidence.file_size = upload.type, upload.size
        evidence.stored = storage.store(upload.content)


def forget_unnamed(stored: set[str]) -> None:
    """Take away those stored files that no row names any more."""
    models = (Evidence, ReaderReport) if stored else ()
    named = {name for m in models for name in m.objects.filter(stored__in=stored).values_list("stored", flat=True)}
    storage.forget(stored - named)


def named() -> set[str]:
    """The stored files that evidence and reports name, but for those whose file was taken away."""
    rows = list(Evidence.objects.exclude(stored="").values_list("stored", "file_hash", "redacted_by"))
    gone = {digest for _name, digest, redacted in rows if redacted}
    of_reports = ReaderReport.objects.filter(stored__gt="").values_list("stored", flat=True)
    return {name for name, digest, _redacted in rows if digest not in gone} | set(of_reports)


def unnamed(stored: set[str]) -> set[str]:
    """Those stored files that no evidence and no report names, or only rows whose file was taken away."""
    return stored - named()


def what_is_wrong_with_files(evidence: Iterable[Evidence]) -> str:
    """A sentence on a file that cannot be published, because it is lost, changed or was taken away; blank for none."""
    cited = [each for each in evidence if each.file_hash]
    if not cited:
        return ""
    if Evidence.objects.taken_away(each.file_hash for each in cited):
        return _("A file of it was taken away for somebody's safety and is not published again.")
    lost = next((each.file_name for each in cited if not storage.intact(each.stored, each.file_hash)), None)
    return "" if lost is None else _("The file “%(name)s” is lost: choose it again.") % {"name": lost}


def same_file(evidence: Evidence) -> dict[str, Any]:
    """The file of a published piece of evidence for a row that cites it again; nothing where it was taken away."""
    return {} if Evidence.objects.taken_away([evidence.file_hash]) else evidence.file_fields()


def copies_of(hashes: Iterable[str]) -> set[str]:
    """Names of all stored files with these hashes."""
    return set(Evidence.objects.filter(file_hash__in=hashes).exclude(stored="").values_list("stored", flat=True))
