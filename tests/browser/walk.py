"""Walking through a form of the staff by keyboard alone: from a promise's page to handed in, each stop seen."""

import re

from .rules import in_order

MOST = 150  # presses of Tab within which everything on a page is reached


class Walk:
    """One person at one window. ``presses`` are the links, buttons and offers that were chosen on the way."""

    def __init__(self, page, width):
        self.page, self.presses = page, []
        page.set_viewport_size({"width": width, "height": 900})

    def to(self, target):
        """Go to something by the tab key alone."""
        element = target.element_handle()  # looked for once: to find it by its name takes longer than a press
        for _press in range(MOST):
            if element.evaluate("e => e === document.activeElement"):
                return target
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{target} is not reached by the tab key")

    def press(self, role, name):
        """Press a link or a button, after which another page comes."""
        self.presses.append(name)
        self.to(self.page.get_by_role(role, name=name).first)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def open(self, words):
        """Open what is folded away."""
        self.presses.append(words)
        self.to(self.page.locator("summary:visible", has_text=words).first)
        self.page.keyboard.press("Enter")

    def fill(self, label, words, *, take=False):
        """Type into the box of that name; with ``take``, take the first that is offered."""
        box = self.to(self.box(label))
        self.page.keyboard.type(words)
        if take:
            self.page.locator("[role=option][aria-selected=true]:visible").wait_for()
            self.page.keyboard.press("Enter")
        return box

    def choose(self, label):
        """Choose one of several, or tick a box: the arrow keys lead through what the tab key reaches as one."""
        choice = self.page.get_by_label(label).first
        group = f'input[name="{choice.get_attribute("name")}"]'
        if choice.get_attribute("type") == "checkbox":
            self.to(choice)
            return self.page.keyboard.press("Space")
        for _press in range(MOST):
            if self.page.evaluate("e => document.activeElement.matches(e)", group):
                break
            self.page.keyboard.press("Tab")
        for _press in range(12):
            self.page.keyboard.press("Space")
            if choice.is_checked():
                return None
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"“{label}” is not reached by the arrow keys")

    def box(self, label):
        """The box of that name, whatever is said behind it of whether it is required."""
        named = self.page.get_by_label(re.compile(rf"^{re.escape(label)}( \(|:|$)"))
        return named.and_(self.page.locator("input:visible, textarea:visible")).first

    def pick(self, name, words):
        """Choose a record in one of the boxes of the admin's own forms."""
        self.to(self.page.locator(f".field-{name} .select2-selection"))
        self.page.keyboard.press("Enter")
        self.page.locator(".select2-search__field:focus").wait_for()  # it comes after the box is open
        self.page.keyboard.type(words)
        self.page.locator(".select2-results__option--highlighted", has_text=words).wait_for()
        self.page.keyboard.press("Enter")

    def mean_it(self):
        """Answer each question that is asked."""
        boxes = self.page.get_by_label("I mean it")
        for n in range(boxes.count()):
            self.to(boxes.nth(n))
            self.page.keyboard.press("Space")

    def is_told_of(self, name):
        """The page names a field at its top as to be mended; its link leads into it, and the sentence stands there."""
        self.page.wait_for_function("document.activeElement.className === 'problems'")
        self.to(self.page.locator(".to-mend").get_by_role("link", name=name))
        self.page.keyboard.press("Enter")
        field = self.page.evaluate("document.activeElement.closest('.entry, .form-row').innerText")
        assert name in field, field
        assert self.page.evaluate("document.activeElement.getAttribute('aria-invalid')") == "true"
        self.is_in_order()

    def is_in_order(self):
        """At both widths nothing sticks out to the right, and axe finds nothing."""
        in_order(self.page)
