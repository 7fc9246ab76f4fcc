"""What a browser can tell of a page as it stands: each rule gives a line for every element at fault."""

import re
from pathlib import Path

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.conf import settings

from tests.examples import NIGHTLY

WIDE, NARROW = 1280, 390

# Target size (WCAG 2.2, 2.5.8) is the one rule of level AA that axe leaves off.
# Nothing is preloaded: what asks for it is about sound, and axe would then spoil the silence of the console.
QUIET = {"resultTypes": ["violations"], "preload": False}
EVERYTHING = QUIET | {"rules": {"target-size": {"enabled": True}}}
# The rules whose answer depends on colours: where only the scheme has changed, no other one can answer anew.
COLOURS = QUIET | {"runOnly": ["color-contrast", "link-in-text-block"]}
# And with them those whose answer depends on where things are: the others read the HTML, and what of it is hidden.
PLACES = QUIET | {"runOnly": [*COLOURS["runOnly"], "target-size", "scrollable-region-focusable"]}

# Most of axe's time would go into the contrast of each of hundreds of cells that look alike. It follows from the
# colours of a text and of all that it stands on, from size, weight and place: of those that share them one is asked of,
# on whichever page it stands first.
ASKED = "axe.configure({rules: [{id: 'color-contrast', selector: '[data-asked]'}]})"
# At another width, only what depends on places is asked of a page on which the HTML, what its boxes hold and all that
# is seen are as they were: nothing else could answer otherwise.
# Django's own links move from colour to colour, whoever asks for less motion: they arrive first.
BY_AXE = """async ([everything, places, colours, each, known]) => {
  if (!window.axe) return null;
  document.getAnimations().forEach(each => each.finish());
  let rules = colours;
  if (everything) {
    const seen = e => {
      const r = e.getBoundingClientRect();
      return +(e.checkVisibility({visibilityProperty: true, opacityProperty: true})
        && Math.min(r.width, r.height) > 1 && Math.min(r.right, r.bottom) > 0);
    };
    const all = [...document.querySelectorAll('body *')];
    const now = JSON.stringify([document.documentElement.outerHTML, all.map(e => [seen(e), e.value, e.checked])]);
    rules = now === window.before && !each ? places : everything;
    window.before = now;
  }
  const asked = new Set(known.split('\\n'));
  const unlike = new Map(), grounds = new Map();
  const ground = e => {
    if (!e) return '';
    if (!grounds.has(e)) {
      const s = getComputedStyle(e);
      const own = `|${s.backgroundColor} ${s.backgroundImage} ${s.opacity} ${s.filter} ${s.color}`;
      const above = ground(e.parentElement);
      grounds.set(e, above.endsWith(own) ? above : above + own);
    }
    return grounds.get(e);
  };
  for (const e of document.querySelectorAll('body, body *')) {
    const words = [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim());
    if (!(words || e.matches('input, select, textarea')) || !e.checkVisibility({visibilityProperty: true})) continue;
    const s = getComputedStyle(e);
    const look = [ground(e), s.fontSize, s.fontWeight, s.textDecorationLine, s.position, s.textShadow];
    const key = [...look, e.tagName, e.parentElement.tagName].join();
    if (each || !(unlike.has(key) || asked.has(key))) unlike.set(each ? e : key, e);
  }
  const chosen = [...unlike.values()];
  chosen.forEach(e => { e.dataset.asked = ''; });
  const found = everything || chosen.length
    ? (await axe.run(everything ? document : {include: chosen}, rules)).violations : [];
  chosen.forEach(e => { delete e.dataset.asked; });
  return [found, each ? [] : [...unlike.keys()]];
}"""
_looks = set()  # what texts look like of which axe was asked in this process, and found nothing

# What sticks out of the page to the right, unless it stands in a box that scrolls by itself.
TOO_WIDE = """() => document.documentElement.scrollWidth <= innerWidth ? [] :
  [...document.querySelectorAll('body *')]
    .filter(e => e.getBoundingClientRect().right > innerWidth + 0.5 && !e.closest('.scroll'))
    .map(e => `${e.tagName}.${e.className} ends at ${Math.round(e.getBoundingClientRect().right)}`)
    .concat(`the page is ${document.documentElement.scrollWidth} wide`)"""

# Targets of the mosaic whose middles are less than 24 points apart (it is a grid, so along one of the axes).
SQUARES_TOO_CLOSE = """() => {
  const middles = [...document.querySelectorAll('a.sq')].map(e => {
    const r = e.getBoundingClientRect();
    return [e.getAttribute('href'), r.x + r.width / 2, r.y + r.height / 2];
  });
  return middles.flatMap(([a, x, y], n) => middles.slice(n + 1)
    .filter(([, u, v]) => Math.max(Math.abs(x - u), Math.abs(y - v)) < 23.99).map(([b]) => `${a} and ${b}`));
}"""

# Of one width, what stands where: asked at once.
PLACED = f"() => [({TOO_WIDE})(), ({SQUARES_TOO_CLOSE})()]"

# The words that an eye sees: neither hidden, nor shrunk to a point for the ear alone.
SEEN = """() => {
  const seen = [];
  const walk = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const node = walk.currentNode, parent = node.parentElement;
    if (!node.data.trim() || parent.matches('option') || !parent.checkVisibility({visibilityProperty: true})) continue;
    let clipped = false;
    for (let e = parent; e && !clipped; e = e.parentElement) {
      const box = e.getBoundingClientRect();
      clipped = getComputedStyle(e).clipPath !== 'none' && box.width <= 1 && box.height <= 1;
    }
    if (!clipped) seen.push(node.data.trim().replace(/\\s+/g, ' '));
  }
  // A cell that says by itself what its column is, where the heads of the table have no room.
  for (const cell of document.querySelectorAll('main td[data-label]')) {
    if (getComputedStyle(cell, '::before').content !== 'none') seen.push(cell.dataset.label);
  }
  return seen;
}"""
# Heads of the columns that name the rows: a name and a code say by themselves what they are.
NAMES_OF_ROWS = {"Code", "Promise", "Metric", "What moves", "Body", "Kind", "Column", "Plan"}
NAMES_OF_ROWS |= {"Table", "Parameter", "List", "What was counted or done", "Document", "Instrument", "Kind of promise"}
# A count of none is left out of a line that names the others.
NAMES_OF_ROWS |= {"Chapter or section", "Right", "Article", "0", "0 → 0"}
# And so is its head, with its sign, where all below it are none.
HEADS_OF_COUNTS = """() => [...document.querySelectorAll('.counts thead, .counts thead *')].flatMap(e =>
  [...e.childNodes].filter(n => n.nodeType === Node.TEXT_NODE).map(n => n.data.trim().replace(/\\s+/g, ' ')))"""
# What is folded away where there is little room: open elsewhere, one press away there, on what is seen of it.
UNFOLD = """() => document.querySelectorAll('details.fold, details.all-filters').forEach(e => {
  e.open ||= e.querySelector('summary').checkVisibility({visibilityProperty: true});
})"""
# All words that are seen with that unfolded, and what was refused until then: asked at once.
AT_LAST = f"() => {{ ({UNFOLD})(); return [({SEEN})(), ({HEADS_OF_COUNTS})(), window.refused]; }}"

# Selects words of a paragraph of a plan, as somebody does with a mouse.
SELECT_WORDS = """(words) => {
  const walker = document.createTreeWalker(document.getElementById("plan-text"), NodeFilter.SHOW_TEXT);
  const nodes = [];
  while (walker.nextNode()) nodes.push(walker.currentNode);
  const start = nodes.map((node) => node.data).join("").indexOf(words), end = start + words.length;
  const range = document.createRange();
  let at = 0;
  for (const node of nodes) {
    if (at <= start && start < at + node.length) range.setStart(node, start - at);
    if (at < end && end <= at + node.length) range.setEnd(node, end - at);
    at += node.length;
  }
  getSelection().removeAllRanges();
  getSelection().addRange(range);
}"""

# On paper: what leads elsewhere is gone, what is said stands there.
SCREEN_ONLY = ["header.site nav", ".skip", ".filters", ".neighbours", ".pages", ".files", ".chips .clear"]
ON_PAPER = ["h1", "a.brand", "footer.site p"]
WRONG_ON_PAPER = """([gone, stays]) => {
  const isSeen = e => {
    const box = e.getBoundingClientRect();
    return box.width > 0 && box.height > 0 && e.checkVisibility({visibilityProperty: true});
  };
  const seen = selector => [...document.querySelectorAll(selector)].map(isSeen);
  return gone.filter(each => seen(each).includes(true)).map(each => `${each} is still seen`)
    .concat(stays.filter(each => !seen(each)[0]).map(each => `${each} is not seen`));
}"""

# What stands otherwise in the window than in the HTML that the server sent, read as where scripts are off.
CHANGED_BY_SCRIPT = """html => {
  const sent = new DOMParser().parseFromString(html, 'text/html').documentElement, shown = document.documentElement;
  if (sent.isEqualNode(shown)) return [];
  const [a, b] = [sent, shown].map(e => e.outerHTML.split(/(?=<)/));
  const n = a.findIndex((part, n) => part !== b[n]);
  return [`the server sent “${n < 0 ? 'a noscript' : a[n]}”, the window shows “${b[n < 0 ? a.length : n]}”`];
}"""

# What a page says as it opens: asked at once.
READ = f"html => [document.querySelectorAll('h1').length, ({CHANGED_BY_SCRIPT})(html), ({SEEN})()]"

# Of the element that has the focus: where it is, and how its outline and the ground around it are drawn.
FOCUSED = """() => {
  const e = document.activeElement, s = getComputedStyle(e), r = e.getBoundingClientRect();
  // A box hidden for the eye stands for the label that is drawn beside it. A date's last stop is its calendar
  // button, where Chromium draws a ring of its own around the button alone.
  const drawn = r.width <= 1 && e.labels?.length ? getComputedStyle(e.labels[0]) : s;
  const calendar = e.type === 'date' && !e.matches(':focus-visible');
  return {
    name: e.tagName + ' ' + (e.getAttribute('aria-label') || e.innerText || e.name || '').trim().slice(0, 40),
    body: e === document.body, calendar,
    style: drawn.outlineStyle, width: parseFloat(drawn.outlineWidth), color: drawn.outlineColor,
    inside: r.bottom > 0 && r.top < innerHeight && r.right > 0 && r.left < innerWidth,
  }
}"""
# Where Tab stops: in the order of the page, because nothing on it asks for another one.
STOPS = """[...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex]')].filter(e =>
  e.tabIndex >= 0 && !e.disabled && e.type !== 'hidden' && e.checkVisibility({visibilityProperty: true}))"""
NOTE_STOPS = (
    f"() => {{ window.stops = []; window.all = {STOPS}; addEventListener('keyup', () => window.stops.push("
    f"{{at: window.all.indexOf(document.activeElement), ...({FOCUSED})()}}), true) }}"
)
# The first stops are made by the key. Then each takes the focus from the one before it, as if by the key: the mark that
# the key gave goes on with it. Then the last ones are made by the key again.
FOCUS_THE_REST = f"""n => window.all.slice(n).map(e => {{
  e.focus();
  return {{moved: document.activeElement === e, order: e.tabIndex, ...({FOCUSED})()}};
}})"""
BY_KEY = 12

# Runs before the page does, by the debugger, so the policy of the page does not forbid it.
LISTEN = """
window.refused = [];
document.addEventListener('securitypolicyviolation',
  e => window.refused.push(`${e.violatedDirective} ${e.blockedURI}`));
"""


def none_of(problems):
    """Fail if there are any, with a line for each."""
    if problems:
        pytest.fail("\n".join(problems), pytrace=False)


def not_among(whole, alike):
    """The sorts of element on pages by name that no page of those looked at whole holds; pages are HTML.

    A sort is a tag, the classes that a style sheet names, and the names of attributes; squares have a kind each.
    """
    sheets = [sheet.read_text(encoding="utf-8") for sheet in Path(settings.STATIC_ROOT).rglob("*.css")]
    named = set(re.findall(r"\.([A-Za-z_][\w-]*)", "".join(sheets)))

    def classes(attributes):
        words = " ".join(re.findall(r'\bclass="([^"]*)"', attributes)).split()
        return {re.sub(r"^k-\w+", "k", word) for word in words if word in named}

    def sorts(html):
        return {
            (tag, *sorted(classes(rest)), *re.findall(r"\s([a-z-]+)=", rest))
            for tag, rest in re.findall(r"<([a-z0-9]+)((?:\s[^<>]*)?)>", html)
        }

    elsewhere = {sort for html in whole for sort in sorts(html)}
    made_of = {name: sorts(html) for name, html in alike.items()}
    assert min(len(each) for each in made_of.values()) > 20
    return {name: made - elsewhere for name, made in made_of.items() if made - elsewhere}


def violations(page, *, colours_alone=False):
    """What axe finds wrong on a page as it stands. At night it looks at the colours of each element."""
    asked = [None if colours_alone else EVERYTHING, PLACES, COLOURS, NIGHTLY, "\n".join(_looks)]
    answer = page.evaluate(BY_AXE, asked)
    if answer is None:  # a page that it has not looked at yet
        page.evaluate(AXE_SCRIPT + ASKED)
        answer = page.evaluate(BY_AXE, asked)
    rules, looks = answer
    if not rules:
        _looks.update(looks)
    return [f"{rule['id']}: {node['target']} {node['html'][:120]}" for rule in rules for node in rule["nodes"]]


def in_order(page):
    """Neither on a narrow nor on a wide screen does axe find anything or anything stick out; the width stays as it was.

    So a walk is gone at one width, whatever it opens on the way is seen at both.
    """
    before = page.viewport_size
    for width in sorted((NARROW, WIDE), key=before["width"].__eq__):
        page.set_viewport_size(before | {"width": width})
        assert violations(page) == [], (page.url, width)
        assert page.evaluate(TOO_WIDE) == [], (page.url, width)


def unmarked(stop):
    """What is wrong with the mark of the element that has the focus."""
    marked = stop["style"] == "solid" or stop["calendar"]
    if marked and stop["width"] >= 2 and stop["color"] != "rgba(0, 0, 0, 0)" and stop["inside"]:
        return []
    drawn = "{name}: outline {style}, {width} wide, {color}, on the screen {inside}"
    return [drawn.format_map(stop)]


def unmarked_stops(page):
    """What is wrong with the stops that Tab makes on a page that was just opened: each is seen, and none holds it."""
    page.evaluate(NOTE_STOPS)
    for _n in range(BY_KEY):
        page.keyboard.press("Tab")
    pressed = page.evaluate("window.stops")
    if any(stop["body"] for stop in pressed):  # a short page, which Tab has left already
        pressed = pressed[: next(n for n, stop in enumerate(pressed) if stop["body"])]
        last, rest = pressed, []
    else:
        rest = page.evaluate(FOCUS_THE_REST, max(stop["at"] for stop in pressed) + 1)
        page.evaluate("window.stops.length = 0")
        for _n in range(3):  # a date has several stops
            page.keyboard.press("Tab")
        last = page.evaluate("window.stops")
    count = page.evaluate("window.all.length")
    page.evaluate("document.activeElement.blur(), scrollTo(0, 0)")
    order = list(dict.fromkeys(stop["at"] for stop in pressed if stop["at"] >= 0))
    problems = [line for stop in (*pressed, *rest) for line in unmarked(stop)]
    problems += [f"{stop['name']}: takes no focus" for stop in rest if not stop["moved"]]
    problems += [f"{stop['name']}: has a place of its own in the order" for stop in rest if stop["order"]]
    problems += [] if order == list(range(len(order))) else [f"Tab goes from stop to stop like this: {order}"]
    left = rest == [] or any(stop["body"] or stop["at"] == 0 for stop in last)  # and begins at the top again
    problems += [] if left else [f"Tab does not leave the page: {', '.join(stop['name'] for stop in last)}"]
    return problems + ["fewer than 8 stops"] * (count < 8)


def lost(words, seen):
    """Words seen before that are not seen now, but for the heads of columns that need none."""
    return [each for each in words if each not in seen and each not in NAMES_OF_ROWS]


def _superseded(request):
    # A look-up that the next key press makes pointless, called back by the page; the icon of a page that is left.
    gone = ("/admin/autocomplete/", "/static/tracker/icon.")
    return request.failure == "net::ERR_ABORTED" and any(each in request.url for each in gone)


def listen(page):
    """A list that grows by what the console of a window says; what the policy refuses gathers in ``window.refused``."""
    heard = []
    page.add_init_script(LISTEN)
    page.on("console", lambda line: heard.append(line.text) if line.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on(
        "requestfailed",
        lambda request: None if _superseded(request) else heard.append(f"{request.failure}: {request.url}"),
    )
    page.on("response", lambda answer: heard.append(f"{answer.status}: {answer.url}") if answer.status > 399 else None)
    return heard
