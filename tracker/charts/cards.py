"""Pictures for links: what became of a promise, a right or a plan at a glance, as PNG of 1200 × 630 pixels.

A card is an SVG template drawn with the fonts of the machine; a host without any draws no words. It is kept in
``var/cards`` by all that it depends on, so that it is drawn once for a log entry, a day and a release.
"""

import contextlib
import hashlib
import unicodedata
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import resvg_py
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from tracker.explain import titles
from tracker.serving.disk import written
from tracker.serving.release import release
from tracker.wording import labels

WIDTH, HEIGHT, MARGIN = 1200, 630, 64  # pixels
INNER = WIDTH - 2 * MARGIN
MOST_CARDS, FEWER = 2000, 1500  # files that may lie there, and how many are left where there are more
COLOURS = {
    "kept": "#14705b",
    "in_part": "#5b7f2b",
    "not_kept": "#b02a3b",
    "contested": "#6b3f96",
    "interim": "#85570a",
    "direction": "#2d6199",
    "running": "#54606e",
    "not_known": "#78715f",
}
SERIF = "'Noto Serif','Liberation Serif','DejaVu Serif','Noto Serif CJK SC',serif"
SANS = "'Noto Sans','Liberation Sans','DejaVu Sans','Noto Sans CJK SC',sans-serif"
# Widths of letters in parts of their height; rather more than less, since the fonts are the machine's.
LEAST = 7  # pixels of a bar that one promise takes at least, so that it is seen
NARROW, WIDE = set("iIjlt.,:;'|!()[]f"), set("mwMW@%—…")


def width_of(text, size):
    """About how many pixels a text takes at a size; East Asian characters are as wide as they are high."""

    def width(letter):
        if unicodedata.combining(letter):
            return 0.0
        if unicodedata.east_asian_width(letter) in "WF":
            return 1.0
        if letter == " ":
            return 0.27
        if letter in NARROW:
            return 0.36
        return 0.95 if letter in WIDE else 0.72 if letter.isupper() else 0.585

    return size * sum(map(width, text))


def _pieces(text):
    """Where a line may break: behind a space or a hyphen, and between East Asian characters."""
    piece = ""
    for letter in text:
        wide = unicodedata.east_asian_width(letter) in "WF"
        if piece and wide and not piece[-1].isspace():
            yield piece
            piece = ""
        piece += letter
        if wide or letter in " -":
            yield piece
            piece = ""
    if piece:
        yield piece


def lines_of(text, size, *, width=INNER, most=1):
    """A text in lines that fit; what does not fit into the last of them is cut at a word, and an ellipsis says so."""
    lines = [""]
    for piece in _pieces(" ".join(text.split())):
        if lines[-1] and width_of((lines[-1] + piece).rstrip(), size) > width:
            lines.append("")
        while width_of(piece.rstrip(), size) > width:  # one word that is longer than a line
            piece = piece.rstrip()[:-2] + "…"
        lines[-1] += piece
    cut = len(lines) > most
    lines = [line.strip() for line in lines[:most]]
    if cut:
        words = list(_pieces(lines[-1]))
        while len(words) > 1 and width_of("".join(words).rstrip() + " …", size) > width:
            words.pop()
        lines[-1] = "".join(words).rstrip(" ,;:-–—") + " …"
    return lines


def commitment(snapshot, plan, code):
    """The card of a promise: the verdict with sign and colour, the promise, the figure and the target, plan and day."""
    c = plan.commitment(code)
    title = lines_of(c.title, 54, most=3)
    facts = [lines_of(each, 31)[0] for each in titles.facts_of(c, plan.assessed[code])]
    if c.group == "kept":  # where there is room
        facts.append(_("A promise kept is not a right protected."))
    return {
        **_common(snapshot, f"{plan.short_title} · {c.code}"),
        "colour": COLOURS[c.group],
        "open": c.group == "not_known",
        "sign": labels.status_sign(c),
        "badge": lines_of(labels.verdict(c), 40, width=INNER - 52)[0],
        "size": 54,
        "lines": _placed(title, 268, 66),
        "facts": _placed(facts[:3], 330 + 66 * (len(title) - 1), 41),
    }


def right(snapshot, plan, code):
    """The card of a chapter or a section: how many of its promises became what."""
    category = plan.category(code)
    top = f"{plan.short_title} · {category.code}"
    return _counted(snapshot, top, category.title, plan.by_category[code])


def plan(snapshot, plan):
    """The card of a plan: how many of its promises became what."""
    return _counted(snapshot, plan.publisher.name, plan.title, plan.rows)


def site(snapshot):
    """The card of what belongs to no plan."""
    lead = _("Plans of action for human rights, promise by promise: what each says, and what became of it.")
    lines = _placed(lines_of(lead, 64, most=4), 210, 84)
    return {**_common(snapshot, ""), "size": 64, "lines": lines, "colour": "#7a1f33"}


def _counted(snapshot, top, title, commitments):
    groups = Counter(c.group for c in commitments)
    n = {group: groups[group] for group in labels.GROUPS}
    bar = [
        {
            "x": round(MARGIN + start * INNER / 100, 1),
            "width": round(width * INNER / 100, 1),
            "fill": COLOURS[group] if group != "not_known" else "url(#hatch)",
            "colour": COLOURS[group],
            "sign": labels.GROUP_SIGNS[group],
            "words": f"{labels.number(n[group])} {str(labels.GROUPS[group]).lower()}",
            "key_x": MARGIN + place % 4 * INNER // 4,
            "key_y": 430 + place // 4 * 56,
        }
        for place, (group, start, width) in enumerate(labels.bar(n, LEAST / INNER))
    ]
    common = _common(snapshot, top)
    words = {"n": labels.number(len(commitments)), "foot": common["foot"]}
    return {
        **common,
        "foot": ngettext("%(n)s promise · %(foot)s", "%(n)s promises · %(foot)s", len(commitments)) % words,
        "size": 52,
        "lines": _placed(lines_of(title, 52, most=3), 172, 62),
        "bar": bar,
        "colour": "#7a1f33",
    }


def _placed(lines, first, step):
    """Lines of text, each with its height on the card."""
    return [(first + place * step, line) for place, line in enumerate(lines)]


def _common(snapshot, top):
    words = {"day": date_format(snapshot.on, "j F Y"), "entry": labels.number(snapshot.known)}
    return {
        "serif": SERIF,
        "sans": SANS,
        "top": lines_of(top, 26, width=INNER - 360)[0] if top else "",
        "foot": _("As of %(day)s, log entry %(entry)s") % words,
        "host": urlsplit(settings.SITE_URL).netloc,
    }


def draw(context):
    """The picture itself."""
    svg = render_to_string("tracker/card.svg", context)
    return resvg_py.svg_to_bytes(svg_string=svg)


def png(snapshot, make, *names):
    """The card that ``make`` describes, drawn now or kept from before. Raises ``NotInRegistry``."""
    state = (snapshot.head_hash, snapshot.known, snapshot.on, release(), get_language(), settings.SITE_URL)
    context = make(snapshot, *names)  # an unknown code is refused before anything is looked up
    plans = [getattr(each, "code", each) for each in names]
    key = hashlib.sha256(repr((state, make.__name__, plans)).encode()).hexdigest()
    path = Path(settings.VAR) / "cards" / f"{key[:40]}.png"
    with contextlib.suppress(OSError):
        return path.read_bytes()
    picture = draw(context)
    with contextlib.suppress(OSError):  # a card that cannot be kept is drawn again
        _keep(path, picture)
    return picture


def _keep(path, picture):
    path.parent.mkdir(parents=True, exist_ok=True)
    with written(path) as file:
        file.write(picture)
    files = list(path.parent.iterdir())
    if len(files) > MOST_CARDS:
        files.sort(key=lambda each: each.stat().st_mtime)
        for each in files[:-FEWER]:
            each.unlink(missing_ok=True)
