"""A window that looks at one page after the other, at each of them once, and notes all that is wrong there."""

from . import rules
from .rules import NARROW, WIDE

NARROWEST = 320
# From one width to the next the scheme stays: each change draws the whole page anew.
WIDTHS = {WIDE: ("light", "dark"), NARROW: ("dark", "light"), NARROWEST: ("light",)}
SHEET = 718  # A4 between its margins
TWICE_THE_SIZE = 640, 450  # what a window of 1,280 by 900 has left when everything is twice as large


class Window:
    """One page of a browser; what is wrong is a sentence with address, width, scheme, rule and element."""

    def __init__(self, page, base):
        self.page, self.base, self.media = page, base, None
        self.heard, self.requests = rules.listen(page), []
        self.sent = {}  # the HTML of each page that was looked at
        page.on("request", lambda request: self.requests.append(request.url))

    def look(self, path, *, status=200, whole=True, keyboard=True, on_paper=()):
        """All that is wrong with a page of the site; what takes long is looked at where it is looked at whole."""
        self._open(path, status)
        headings, changed, words = self.page.evaluate(rules.READ, self.sent[path])
        self._note("one main heading", [headings] if headings != 1 else [])
        self._note("the same without script", changed)
        self._note("words", [f"only {words}"] if len(words) < 3 else [])
        if whole and keyboard:
            self._note("focus", rules.unmarked_stops(self.page))
        for width, schemes in WIDTHS.items():
            self._set(width, scheme=schemes[0] if whole else "light")
            too_wide, too_close = self.page.evaluate(rules.PLACED)
            self._note("too wide", too_wide)
            self._note("squares less than 24 points apart", too_close)
            if whole and width != NARROWEST:
                self._by_axe(schemes)
        self._set(SHEET, media="print")
        self._note("paper", self.page.evaluate(rules.WRONG_ON_PAPER, [rules.SCREEN_ONLY, [*rules.ON_PAPER, *on_paper]]))
        self._note("too wide", self.page.evaluate(rules.TOO_WIDE))
        self._set(*TWICE_THE_SIZE)
        seen, heads, refused = self.page.evaluate(rules.AT_LAST)
        self._note("no word is lost", rules.lost(words, {*seen, *heads}))
        self._silent(status, refused)
        return self.problems

    def html(self, path):
        """The HTML of a page, as it was sent when it was looked at, or else is sent now."""
        return self.sent.get(path) or self.page.request.get(self.base + path).text()

    def look_as_staff(self, path, *, whole=True, leads_on=False):
        """All that is wrong with a page for staff; of a list also what its first record makes the console say."""
        self._open(path, 200)
        if whole:
            self._by_axe()
        self._silent(200, self.page.evaluate("window.refused"))
        if leads_on:
            self.heard.clear()
            self.page.locator("#result_list tbody :is(th, td) a").first.click()
            self.page.wait_for_url(f"**{path}*/change/")
            self.path = self.page.url
            self._silent(200, self.page.evaluate("window.refused"))
        return self.problems

    def _open(self, path, status):
        self.path, self.problems = path, []
        self.heard.clear()
        self.requests.clear()
        self._set(WIDE)
        answer = self.page.goto(self.base + path)
        self.sent[path] = answer.text()
        self._note("status", [] if answer.status == status else [f"{answer.status} instead of {status}"])

    def _set(self, width, height=900, *, scheme="light", media="screen"):
        self.size, self.scheme = width, scheme if media == "screen" else media
        if self.page.viewport_size != {"width": width, "height": height}:
            self.page.set_viewport_size({"width": width, "height": height})
        if self.media != (media, scheme):
            self.page.emulate_media(media=media, color_scheme=scheme)
            self.media = media, scheme

    def _note(self, rule, lines):
        self.problems += [f"{self.path} at {self.size}, {self.scheme}: {rule}: {line}" for line in lines]

    def _by_axe(self, schemes=("light", "dark")):
        for scheme in schemes:
            self._set(self.size, scheme=scheme)
            self._note("axe", rules.violations(self.page, colours_alone=scheme == "dark"))

    def _silent(self, status, refused):
        lines = self.heard + refused
        if status > 399:  # the answer, and the console's word on it
            own = [line for line in lines if str(status) in line]
            self._note("console", own[2:] or ["the answer is not heard"] * (len(own) < 2))
            lines = [line for line in lines if line not in own]
        self._note("console", lines)
        elsewhere = [url for url in self.requests if not url.startswith(self.base + "/")]
        self._note("asks another site", elsewhere)
        self._note("requests", [] if self.requests else ["none is heard"])
