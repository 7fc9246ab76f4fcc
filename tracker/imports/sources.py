"""The evidence of a row: a source on record, one that is new, or in words what cannot be cited yet."""

from django.utils.translation import gettext as _

from tracker.models import Evidence

from .known import new_source

NEW = "new"  # an answer about sources: none of those that look alike


def source(row):
    """The evidence of a row, or the source in words where it cannot be cited yet."""
    code, title, name, address = (row.text(each) for each in ("source", "source_title", "publisher", "url"))
    published, precision = row.day("published")
    fresh = code == NEW
    described = " · ".join(str(each) for each in (title, name, address, row.text("published")) if each)
    if not (code or described):
        return [], ""
    publisher = row.known.body(name) if name else None
    alike = [] if fresh else row.known.sources(code, address, title, publisher)
    locator = row.text("locator")
    if len(alike) == 1:
        return [Evidence(source=alike[0], locator=locator)], ""
    if alike:
        options = [(each.code, f"{each.title} · {each.publisher} · {each.published or ''}") for each in alike]
        chosen = row.ask("source", [*options, (NEW, _("none of these: a new one"))])
        picked = [Evidence(source=each, locator=locator) for each in row.known.sources(chosen)] if chosen else []
        return picked, "" if picked else described
    if code and not fresh:
        row.notes.append(_("There is no source with the code “%(code)s”.") % {"code": code[:120]})
        return [], " · ".join(filter(None, (code, described)))
    if publisher is None:
        if name:
            row.unknown(name, row.known.bodies)
        row.ask("publisher", [(body.code, body.name) for body in row.known.bodies.nearest(name)], names="bodies")
        return [], described
    if not title or not row.new_sources:
        why = _("This source is not known yet: add it first, or allow new sources.")
        row.notes.append(why if title else _("A source that is not known yet has a title and a publisher."))
        return [], described
    when = {"published": published, "precision": precision, "language": row.text("language")}
    brought = new_source(publisher=publisher, title=title, address=address, **when)
    row.notes.append(_("Brings the new source “%(title)s”, which becomes public with it.") % {"title": title})
    return [Evidence(source=brought, locator=locator)], ""
