"""Lists a page at a time, by number."""

from urllib.parse import urlencode

from django.conf import settings

from tracker.paging import checked, last_page

from .parameters import USUAL_PAGE


class Page:
    """One page of a list, with the addresses of those beside it under the site's own name."""

    def __init__(self, found, asked, request):
        self.count, size = len(found), asked.get("page_size", USUAL_PAGE)
        self.last = last_page(self.count, size)
        self.number = checked(asked.get("page", 1), self.last)
        self.items = found[(self.number - 1) * size : self.number * size]
        self.path = settings.SITE_URL + request.path
        self.query = [(name, value) for name, values in request.GET.lists() for value in values if name != "page"]

    def address(self, number):
        """The address of another page of the same list; ``None`` where there is no such page."""
        return f"{self.path}?{urlencode([*self.query, ('page', number)])}" if 0 < number <= self.last else None

    def envelope(self, rows):
        """The page as it is answered."""
        beside = {"next": self.address(self.number + 1), "previous": self.address(self.number - 1)}
        return {"count": self.count, **beside, "results": rows}

    def links(self):
        """The same addresses as a ``Link`` header; blank on a list of one page."""
        beside = {"next": self.address(self.number + 1), "prev": self.address(self.number - 1)}
        return ", ".join(f'<{address}>; rel="{rel}"' for rel, address in beside.items() if address)
