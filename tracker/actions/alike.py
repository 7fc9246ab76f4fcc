"""Whether two addresses, titles or names are the same but for how they are written. Pure."""

import contextlib
import difflib
import re
import unicodedata
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from tracker.text.plain import folded

TRACKING = re.compile(
    r"\A(?:utm_.*|fbclid|gclid|dclid|msclkid|yclid|mc_[ce]id|igshid|spm|ref_src|share\w*|wfr|scene|"
    r"isappinstalled|sessionid|jsessionid|phpsessid)\Z",
    re.IGNORECASE,
)
PORTS = {":80", ":443"}
# Letters of other scripts that look like Latin ones, small and large.
LOOKS = str.maketrans(
    dict(zip("аеорсухіјѕһԁԛԝкмтвнгзӏ", "aeopcyxijshdqwkmtbhr3l", strict=True))
    | dict(zip("αβεικνορτυχγηω", "abeiknoptuxynw", strict=True))
    | {"ı": "i", "ł": "l", "ø": "o", "đ": "d", "ß": "ss", "æ": "ae", "œ": "oe"}
)
ARTICLES = re.compile(r"\A(?:the|la|le|les|el|der|die|das)\s+|\bof the\b|&|\band\b")
NEAR = 0.94  # share of two names that is alike where a letter or two differ
SHORTEST = 8  # letters from which on a letter or two may differ


def address_key(address: str) -> str:
    """An address without what does not say where it leads: scheme, www, port, last slash, fragment, tracking, case."""
    parts = urlsplit(address.strip() if "//" in address else f"//{address.strip()}")
    host = (parts.netloc.rpartition("@")[2]).casefold().removeprefix("www.")
    for port in PORTS:
        host = host.removesuffix(port)
    with contextlib.suppress(UnicodeError):  # “xn--…” as people read it
        host = host.encode("ascii").decode("idna")
    path = quote(unquote(parts.path)).rstrip("/")
    query = sorted(pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not TRACKING.match(pair[0]))
    return f"{host}{path}?{urlencode(query)}".rstrip("?") if host else ""


def name_key(name: str) -> str:
    """A name without case, accents, articles, blanks and marks, and with letters that look alike as the same."""
    plain = folded(unicodedata.normalize("NFKC", name)).translate(LOOKS)
    return re.sub(r"[\W_]+", "", ARTICLES.sub(" ", plain))


def looks_like(one: str, other: str) -> bool:
    """Whether two names have the same key, or differ in a letter or two of many."""
    a, b = name_key(one), name_key(other)
    if a == b:
        return bool(a)
    if min(len(a), len(b)) < SHORTEST or re.sub(r"\D", "", a) != re.sub(r"\D", "", b):
        return False
    match = difflib.SequenceMatcher(None, a, b, autojunk=False)
    return match.real_quick_ratio() >= NEAR and match.quick_ratio() >= NEAR and match.ratio() >= NEAR
