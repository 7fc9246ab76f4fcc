"""What keeps programs off a form without an account, a cookie or anybody else's help.

A form carries a signed stamp: when it was opened, for which address, and a number that is used once. It is sent no
sooner than a person can write, and no later than a day after. Where very many come in, the browser's script does some
arithmetic over the stamp, or the reader waits a minute; nobody has to do either on a quiet day.
"""

import hashlib
import re
import secrets
import time
from dataclasses import dataclass

from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

LEAST, LONGEST = 4, 24 * 60 * 60  # seconds between opening a form and sending it
BUSY, FULL = 60, 600  # sendings of all readers together within an hour
WAIT = 60  # seconds that stand for the arithmetic where there is no script
BITS = 16  # zero bits with which the hash of stamp and answer begins: a second or two of a telephone
SALT = "report of a reader"
A_PROOF = re.compile(r"[0-9]{1,12}", re.ASCII)


@dataclass(frozen=True)
class Stamp:
    """A stamp as it was read: its text, how many seconds old it is, and the token of what it becomes."""

    text: str
    age: float

    @property
    def token(self) -> str:
        """The secret in the address of the outcome: the same for a second press, and nobody else can make it."""
        return salted_hmac(SALT, self.text, algorithm="sha256").hexdigest()[:40]


def new(path: str) -> str:
    """A stamp for the form at an address, opened now."""
    return signing.dumps([secrets.token_urlsafe(9), int(time.time()), path], salt=SALT)


def read(text: str, path: str) -> Stamp | None:
    """The stamp that was sent; ``None`` for one that is not ours, of another form, older than a day, or of later."""
    try:
        _nonce, at, of = signing.loads(text, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    age = time.time() - at
    return Stamp(text, age) if of == path and 0 <= age < LONGEST else None


def require_patience(stamp: Stamp, proof: str, *, busy: bool) -> None:
    """Raise ``ValidationError`` for what was sent too soon, with a sentence on what to do."""
    if stamp.age < LEAST:
        raise ValidationError(_("That was very fast: look over what you wrote, and send it again."))
    if busy and stamp.age < WAIT and not is_proof(stamp.text, proof):
        seconds = int(WAIT - stamp.age) + 1
        sentence = _("Very many reports come in just now: wait %(n)s seconds, and send it again.")
        raise ValidationError(sentence % {"n": seconds})


def is_proof(text: str, proof: str) -> bool:
    """Whether somebody did the arithmetic over a stamp."""
    if not A_PROOF.fullmatch(proof):
        return False
    digest = hashlib.sha256(f"{text}:{proof}".encode()).digest()
    return int.from_bytes(digest[:4], "big") >> (32 - BITS) == 0
