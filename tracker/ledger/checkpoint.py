"""Checkpoints: how many entries the log has and the root over them, signed; proofs against them; witnesses."""

import base64
import contextlib
import re
import threading
import urllib.request
from datetime import UTC, datetime
from http.client import HTTPException
from pathlib import Path
from queue import Empty, SimpleQueue
from urllib.error import HTTPError

from django.conf import settings
from django.db.models import Max
from django.urls import reverse
from django.utils.translation import gettext as _

from tracker.models import Cosignature, LedgerEntry
from tracker.serving.disk import write_files
from tracker.standalone.verify import OF_LOG, PROOF, Key, read_checkpoint

from .tree import IN_ONE_REQUEST, leaves, tree

UNSIGNED = "not signed: this site has no key"
SECONDS, MOST_SECONDS = 10, 30  # that a witness may say nothing; that it has for all of its answer
LONGEST = 100_000  # bytes of its answer that are read
LATELY = 200  # signatures that are looked through for the newest of each witness


class NotCosigned(Exception):
    """Why a witness did not sign, in a sentence."""


class OtherLog(NotCosigned):
    """A witness knows a log that this one does not continue."""


def usual_name():
    """The name of the log where its key gives none: its address without the scheme."""
    return address().partition("://")[2]


def address():
    """Where the log is for programs: its checkpoint and tiles stand below."""
    return settings.SITE_URL + reverse("ledger").rstrip("/")


def public_key():
    """The key by which anyone checks what the site signs; ``None`` where it signs nothing."""
    if settings.LEDGER_KEY is None:
        return None
    name, signer = settings.LEDGER_KEY
    return Key(name, OF_LOG, bytes(signer.verify_key))


def command(source, *noted):
    """How a reader verifies something, with the key of the site where it has one."""
    key = public_key()
    return " ".join(["python3 verify.py", source, *noted, *([f"'{key}'"] if key else [])])


def text_of(size, root):
    """The text of a checkpoint, which is what is signed. One that nobody signs says so."""
    key = public_key()
    lines = [key.name if key else usual_name(), str(size), _base64(root)]
    return "\n".join([*lines, *([] if key else [UNSIGNED]), ""])


def checkpoint(size, most=IN_ONE_REQUEST, *, of=None, cosigned=True):
    """The checkpoint of the first entries with the signature of the site and of those witnesses who signed it."""
    text = text_of(size, (of or tree(size, most)).root())
    if (key := public_key()) is None:
        return text
    signature = settings.LEDGER_KEY[1].sign(text.encode()).signature
    witnessed = Cosignature.objects.filter(text=text).order_by("pk").values_list("line", flat=True) if cosigned else ()
    return "\n".join([text, f"— {key.name} {_base64(key.id + signature)}", *witnessed, ""])


def proof_of(seq, size):
    """That an entry is in the log, to be checked without it (C2SP tlog-proof); what is hashed of it is in it."""
    grown = tree(size, IN_ONE_REQUEST)
    [leaf] = leaves(seq - 1, 1)
    lines = [PROOF, f"extra {_base64(leaf)}", f"index {seq - 1}", *map(_base64, grown.inclusion(seq - 1))]
    return "\n".join([*lines, "", checkpoint(size, of=grown)])


def proof_since(old, size, most=IN_ONE_REQUEST):
    """That the first entries are those of an older checkpoint, in the form in which witnesses take it."""
    grown = tree(size, most)
    return "\n".join([f"old {old}", *map(_base64, grown.consistency(old)), "", checkpoint(size, of=grown)])


def _cosignatures():
    """Signatures of witnesses under checkpoints of this log, by the name that it has now; the longest first."""
    key = public_key()
    return Cosignature.objects.filter(text__startswith=f"{key.name}\n") if key else Cosignature.objects.none()


def cosigned():
    """The newest checkpoint that each witness signed, of those who signed one lately; the newest first."""
    newest = {}
    for each in _cosignatures()[:LATELY]:
        newest.setdefault(each.witness, each)
    return list(newest.values())


def cosigned_version():
    """What changes when a witness signs: part of the version of pages that show who did."""
    last = _cosignatures().aggregate(last=Max("at"))["last"]
    return f"{last.timestamp():.0f}" if last else ""


def _path_of_sent():
    """Where the newest checkpoint lies that was sent out: not in the database, so that no backup takes it back."""
    return Path(settings.VAR) / "checkpoint"


def keep_sent(note):
    """Keep what was sent out, to find a log that does not continue it."""
    with contextlib.suppress(OSError):  # witnesses are asked even if the disk is full
        write_files((_path_of_sent(), note.encode()))


def not_continued():
    """A sentence for each checkpoint that a witness signed, or that was sent, and the log of now does not continue."""
    head, texts = LedgerEntry.objects.head(), [(f"{each.witness} cosigned", each.text) for each in cosigned()]
    with contextlib.suppress(OSError):
        texts.append(("This site sent out", _path_of_sent().read_text(encoding="utf-8")))
    name = text_of(0, b"").partition("\n")[0] if texts else ""  # which imports all addresses
    for who, text in texts:
        old = read_checkpoint(text)
        if old.origin != name:  # which this log does not continue
            continue
        if old.size > head:
            yield f"{who} {old.size} entries, and the log has {head}: it was cut short."
        elif tree(old.size).root() != old.root:
            yield f"{who} {old.size} entries, and the first {old.size} are others: written anew."


def ask_witness(key, address, size):
    """Have a witness sign the checkpoint of so many entries: its line and when it signed. Raises ``NotCosigned``.

    It is asked from what it last signed for us; one who has seen more of this log says how much.
    """
    known = _cosignatures().filter(witness=key.name, size__lte=size)
    old = known.values_list("size", flat=True).first() or 0
    for _attempt in range(3):  # others may send it checkpoints of this log meanwhile
        status, answer = _post(key, address, proof_since(old, size, most=None))
        if status != 409 or not (seen := re.fullmatch(r"\s*(0|[1-9][0-9]{0,17})\s*", answer)) or int(seen[1]) == old:
            break
        if (old := int(seen[1])) > size:
            words = {"witness": key.name, "seen": old, "size": size}
            raise OtherLog(_("%(witness)s has seen %(seen)s entries, this log has %(size)s: it was cut short.") % words)
    if status == 422 or (status == 409 and seen):
        raise OtherLog(_("%s has seen another log, which this one does not continue: it was written anew.") % key.name)
    if status in (403, 404):
        raise NotCosigned(_("%s does not know this log or its key: send its operator the public key.") % key.name)
    if status != 200:
        raise NotCosigned(_("%(witness)s answered %(status)s.") % {"witness": key.name, "status": status})
    return _signature(key, checkpoint(size, None, cosigned=False), answer)


def _signature(key, note, answer):
    """The line of an answer that is a witness's signature under a note, and when it signed."""
    for line in answer.splitlines():
        try:
            if at := read_checkpoint(f"{note}{line}\n").signed_at(key):
                return line, datetime.fromtimestamp(at, UTC)
        except (ValueError, OverflowError, OSError):  # not a signature; not this key's; a day that no calendar has
            continue
    raise NotCosigned(_("%s gave no signature by its key.") % key.name)


class _Straight(urllib.request.HTTPRedirectHandler):
    """Follows no redirect: a witness is where the settings say, and leads nobody to addresses within."""

    def redirect_request(self, *_arguments: object) -> None:
        """Nowhere; the answer is taken for what it is."""


def _post(key, address, body):
    """Status and text of the answer to a checkpoint. A thread waits for it, since each byte may come late."""
    answers = SimpleQueue()
    threading.Thread(target=lambda: answers.put(_answer(address, body)), daemon=True).start()
    try:
        answer = answers.get(timeout=MOST_SECONDS)
    except Empty:
        answer = _("it took more than %s seconds") % MOST_SECONDS
    if isinstance(answer, tuple):
        return answer
    raise NotCosigned(_("%(witness)s cannot be reached: %(why)s.") % {"witness": key.name, "why": answer})


def _answer(address, body):
    """Status and text that an address answers with, or why it gives no answer."""
    headers = {"Content-Type": "text/plain; charset=utf-8"}
    request = urllib.request.Request(f"{address}/add-checkpoint", body.encode(), headers)  # noqa: S310  (settings check it)
    try:
        try:
            answer = urllib.request.build_opener(_Straight).open(request, timeout=SECONDS)
        except HTTPError as error:
            answer = error
        with answer:
            return answer.status, answer.read(LONGEST).decode(errors="replace")
    except (HTTPException, OSError, ValueError) as error:
        return str(getattr(error, "reason", "") or error or type(error).__name__)


def _base64(data):
    return base64.b64encode(data).decode()
