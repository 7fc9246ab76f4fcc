"""The log for readers and programs: its pages, and its tree as C2SP has it (checkpoint, tiles, proofs)."""

from functools import wraps

from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from tracker.exports.answers import READ_ANYWHERE, named
from tracker.filters.dates import EntryQuery, LogQuery, PageQuery
from tracker.ledger import checkpoint as checkpoints
from tracker.ledger import log
from tracker.ledger.tree import IN_ONE_REQUEST, NotMadeYet, Tiles, leaves
from tracker.standalone.verify import HEIGHT, WIDTH

from .errors import being_made
from .page import public

TEXT, BYTES = "text/plain; charset=utf-8", "application/octet-stream"
FOR_GOOD = "public, max-age=31536000, immutable"


def patient(view):
    """A view of what is made from all entries: the first readers of a long log may have to ask again."""

    @wraps(view)
    def answer(request, **address):
        try:
            return view(request, **address)
        except NotMadeYet:
            return being_made(request, _("This is being made: ask again in a second."), 1)

    return answer


@patient
@public(LogQuery, forgiving=True, more=checkpoints.cosigned_version)
def ledger(request, snapshot, page, entry):
    """The log, a page at a time."""
    return render(request, "tracker/ledger.html", log.page(snapshot, page, entry))


@patient
@public(forgiving=True)
def entry(request, snapshot, seq):
    """One entry, what it says, and the proof that it is in the log."""
    if (context := log.entry_page(snapshot, seq)) is None:
        raise Http404(_("The log has no entry %s.") % seq)
    return render(request, "tracker/ledger_entry.html", context)


@patient
@public(EntryQuery, more=checkpoints.cosigned_version)
def checkpoint(_request, snapshot, entry):
    """How many entries the log has and the root over them, signed."""
    return HttpResponse(checkpoints.checkpoint(entry or snapshot.head), content_type=TEXT, headers=READ_ANYWHERE)


@patient
@public(EntryQuery, more=checkpoints.cosigned_version)
def proof(_request, snapshot, seq, entry):
    """A file by which anyone proves that an entry is in the log."""
    if not 0 < seq <= snapshot.head:
        raise Http404(_("The log has no entry %s.") % seq)
    if seq > (size := entry or snapshot.head):
        raise BadRequest(_("entry=%(entry)s: entry %(seq)s came later.") % {"entry": entry, "seq": seq})
    return HttpResponse(checkpoints.proof_of(seq, size), content_type=TEXT, headers=named(f"entry-{seq}.tlog-proof"))


@patient
@public(EntryQuery, more=checkpoints.cosigned_version)
def consistency(_request, snapshot, old, entry):
    """A file by which anyone proves that the log still begins with what an older checkpoint had."""
    if old > (size := entry or snapshot.head):
        raise Http404(_("The log has no entry %s.") % old)
    return HttpResponse(checkpoints.proof_since(old, size), content_type=TEXT, headers=named(f"consistency-{old}.txt"))


@patient
def tile(request, tile):
    """Hashes of the tree, or the entries below them, 256 at a time. They never change, so they may be kept for good."""
    response = _tile(request, tile=tile)
    if response.status_code == 200:
        del response["ETag"]
        response["Cache-Control"] = FOR_GOOD
    return response


@public(PageQuery)
def _tile(_request, snapshot, tile):
    level, number, width = tile
    height = 0 if level == "entries" else HEIGHT * int(level)
    if (number * WIDTH + width) << height > snapshot.head:
        raise Http404(_("The log is not that long yet."))
    if level == "entries":
        pieces = [len(leaf).to_bytes(2, "big") + leaf for leaf in leaves(number * WIDTH, width)]
    else:
        pieces = Tiles(IN_ONE_REQUEST)(int(level), number, width)
    return HttpResponse(b"".join(pieces), content_type=BYTES, headers=READ_ANYWHERE)
