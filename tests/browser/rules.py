"""What a browser can tell of a page as it stands: each rule gives a line for every element at fault."""

import pytest
from axe_playwright_python.base import AXE_SCRIPT

# Target size (WCAG 2.2, 2.5.8) is the one rule of level AA that axe leaves off.
# Nothing is preloaded: what asks for it is about sound, and axe would then spoil the silence of the console.
AXE_OPTIONS = {"resultTypes": ["violations"], "preload": False, "rules": {"target-size": {"enabled": True}}}
# The rules whose answer depends on colours: where only the scheme has changed, no other one can answer anew.
OF_COLOURS = {"resultTypes": ["violations"], "preload": False, "runOnly": ["color-contrast", "link-in-text-block"]}

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
NAMES_OF_ROWS |= {"Table", "Parameter", "List", "What was counted or done", "Document", "Instrument"}

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
NOTE_STOPS = f"() => {{ window.stops = []; addEventListener('keyup', () => window.stops.push(({FOCUSED})()), true) }}"
MOST_STOPS = 250

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


def violations(page, options=AXE_OPTIONS):
    """What axe finds wrong on a page as it stands."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    rules = page.evaluate("options => axe.run(options).then(results => results.violations)", options)
    return [f"{rule['id']}: {node['target']} {node['html'][:120]}" for rule in rules for node in rule["nodes"]]


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
    stops = []
    while not any(stop["body"] for stop in stops):
        if len(stops) > MOST_STOPS:
            return [f"Tab does not leave the page: {', '.join(stop['name'] for stop in stops[-3:])}"]
        for _n in range(10):
            page.keyboard.press("Tab")
        stops = page.evaluate("window.stops")
    page.evaluate("document.activeElement.blur(), scrollTo(0, 0)")
    stops = stops[: next(n for n, stop in enumerate(stops) if stop["body"])]
    return [line for stop in stops for line in unmarked(stop)] + ["fewer than 8 stops"] * (len(stops) < 8)


def lost(words, page):
    """Words seen before that are not seen now, but for the heads of columns that need none."""
    seen = set(page.evaluate(SEEN))
    return [each for each in words if each not in seen and each not in NAMES_OF_ROWS]


def _superseded(request):
    # A look-up that the next key press makes pointless is called back by the page itself.
    return request.failure == "net::ERR_ABORTED" and "/admin/autocomplete/" in request.url


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
