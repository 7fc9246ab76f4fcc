"""The site as files: every public page and file that its pages lead to, with links that need no server.

Pages are asked for as a reader asks, in this process, from the map for search engines on; what they lead to is asked
for next. A link to something that is not here, because it needs a server (filters, past days, search, the API, forms),
leads to the site itself. What is made for other sites to show, cards and embeds, stays there as well.
"""

import html
import json
import os
import re
import shutil
from collections import deque
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from urllib.parse import parse_qsl, quote, unquote, urljoin, urlsplit

from django.conf import settings
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tracker.exports import archive
from tracker.snapshot.cache import read_snapshot

MARK = "mirror.json"  # by which a folder is known for a mirror
NEEDS_SERVER = ("/admin/", "/desk/", "/api/v1/", "/corrections/report/", "/corrections/outcome/", "/oembed", "/search/")
FOR_OTHERS = ("/cards/", "/embed/")
# A page and a proof for each of thousands: the log as a file and its checkpoint say the same.
OF_ONE_ENTRY = re.compile(r"/ledger/(\d+/|entry-|consistency-)")
# In words that a page shows, and in what it says to programs, quotation marks are written otherwise: these are tags.
ADDRESS = re.compile(r'(?<=\s)(href|src|action|hx-[a-z-]+)="([^"]*)"')
OWN_FORM = re.compile(r"<form(?![^>]*\saction=)")  # one that names no address asks its own page
HEADER = re.compile(r'<header class="site">|<main\b')
NAME = re.compile(r'filename="[^"]*\.([A-Za-z0-9]{1,8})"')


class Refused(Exception):
    """A folder that nothing is written to, or a site that changed meanwhile, in one sentence."""


class Mirror:
    """What is written so far: the file of each address, and the addresses that are still to be asked for."""

    def __init__(self, folder: Path, tell: Callable[[str, int, int], None]) -> None:
        self.folder, self.tell = folder, tell
        site = urlsplit(settings.SITE_URL)
        # As whoever the settings name asks for it: nobody is signed in, and nothing is compressed.
        where = {"SERVER_NAME": site.hostname, "SERVER_PORT": str(site.port or 80), "REMOTE_ADDR": ""}
        self.client = Client(raise_request_exception=False, **where)
        self.secure = site.scheme == "https"
        self.files: dict[str, str] = {}  # by address
        self.pages: list[str] = []  # addresses of pages, whose links are to be written anew
        self.left: set[str] = set()
        self.waiting: deque[str] = deque()
        self.snapshot = read_snapshot()

    def write(self) -> None:
        """Write everything. Raises ``Refused`` where the day changed meanwhile."""
        archive.write(self.snapshot, self.folder / "data")
        for address in ["/", *self._mapped(), reverse("ledger-file"), reverse("data-zip")]:
            self._want(address)
        while self.waiting:
            self._ask(self.waiting.popleft())
            self.tell("pages and files", len(self.files), len(self.files) + len(self.waiting))
        for done, address in enumerate(self.pages, start=1):
            path = self.folder / self.files[address]
            path.write_text(self._linked(path.read_text(encoding="utf-8"), address), encoding="utf-8")
            self.tell("links", done, len(self.pages))
        if timezone.localdate() != self.snapshot.on:
            raise Refused("The day ended meanwhile, so that pages would be of two days: begin again.")
        (self.folder / MARK).write_text(json.dumps(self.mark(), indent=2) + "\n", encoding="utf-8")

    def mark(self) -> dict[str, object]:
        """What the mirror is a copy of, and the names in its folder."""
        return {
            "site": settings.SITE_URL,
            "day": str(self.snapshot.on),
            "entry": self.snapshot.head,
            "head": self.snapshot.head_hash,
            "names": sorted({MARK, *(path.name for path in self.folder.iterdir())}),
        }

    def _mapped(self) -> list[str]:
        """The addresses that the map for search engines names."""
        text = self._answer(reverse("sitemap")).content.decode()
        return [urlsplit(html.unescape(address)).path for address in re.findall(r"<loc>([^<]*)</loc>", text)]

    def _answer(self, address):
        response = self.client.get(address, secure=self.secure)
        if response.status_code >= 500:
            raise Refused(f"The site itself has no answer at {address} ({response.status_code}): its log says why.")
        return response

    def _want(self, address: str) -> bool:
        """Whether an address is one to be copied; if so it is asked for, once."""
        if address in self.files or address in self.left:
            return address in self.files
        if not self._copied(address):
            self.left.add(address)
            return False
        self.files[address] = ""
        self.waiting.append(address)
        return True

    def _copied(self, address: str) -> bool:
        path, _mark, query = address.partition("?")
        pages = [name == "page" and value.isdecimal() for name, value in parse_qsl(query, keep_blank_values=True)]
        outside = path.startswith(NEEDS_SERVER + FOR_OTHERS) or OF_ONE_ENTRY.match(path) or ".." in unquote(path)
        return not outside and pages in ([], [True])

    def _ask(self, address: str) -> None:
        """Write what stands at an address; what is no answer for anybody is left to the site itself."""
        response = self._answer(address)
        if response.status_code != 200:
            del self.files[address]
            self.left.add(address)
            return
        content, kind = response.getvalue(), response.headers["Content-Type"].partition(";")[0]
        is_page = kind == "text/html" and address.partition("?")[0].endswith("/")
        place = self.files[address] = _file_of(address, is_page, response.headers.get("Content-Disposition", ""))
        path = self.folder / place
        if not path.exists():  # the public files of the archive are there already
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        if is_page:
            self.pages.append(address)
            for name, value in ADDRESS.findall(content.decode()):
                target = self._of_site(html.unescape(value), address)
                if target and name in ("href", "src"):
                    self._want(target[0])

    def _of_site(self, value: str, address: str) -> tuple[str, str] | None:
        """The address and the place in it that a link of a page leads to; ``None`` for one to somewhere else."""
        if value.startswith(("#", "//")) or urlsplit(value).scheme:
            return None
        target = urlsplit(urljoin(address, value))
        query = target.query
        if target.path == reverse("ledger"):  # its pages carry the newest entry, which is that of the copy
            query = re.sub(rf"(^|&)entry={self.snapshot.head}(&|$)", r"\1", query).strip("&")
        query = "" if query == "page=1" else query
        return target.path + (f"?{query}" if query else ""), target.fragment

    def _linked(self, text: str, address: str) -> str:
        """A page whose links lead to other files, or to the site, with a note on what it is a copy of."""
        folder = PurePosixPath(self.files[address]).parent

        def replaced(match: re.Match[str]) -> str:
            name, value = match[1], html.unescape(match[2])
            if name.startswith("hx-"):
                return ""  # no server answers
            target = self._of_site(value, address)
            if target is None and not (name == "action" and not value):
                return match[0]
            path, place = target or (address, "")
            if name == "action" or not self.files.get(path):
                link = settings.SITE_URL + urljoin(address, value)
            else:
                link = quote(os.path.relpath(self.files[path], folder)) + (f"#{place}" if place else "")
            return f'{name}="{html.escape(link)}"'

        text = ADDRESS.sub(replaced, OWN_FORM.sub('<form action=""', text))
        note = render_to_string(
            "tracker/_mirror_note.html", {"snapshot": self.snapshot, "original": settings.SITE_URL + address}
        )
        return HEADER.sub(lambda match: note + match[0], text, count=1)


def _file_of(address: str, is_page: bool, disposition: str) -> str:
    """The name of the file for an address; its parts are names that each file system takes."""
    path, _mark, query = address.partition("?")
    name = unquote(path).strip("/")
    if is_page:
        number = query.partition("=")[2]
        return f"{name}/index{'-' if number else ''}{number}.html".lstrip("/")
    if path.endswith("/"):  # a file of evidence, whose ending its own name has
        ending = NAME.search(disposition)
        return f"{name}.{ending[1].lower() if ending else 'bin'}"
    return name


def into(folder: Path, tell: Callable[[str, int, int], None]) -> Mirror:
    """Write a mirror to a folder that is new, empty or an earlier mirror, which is there until the new one is whole.

    Raises ``Refused`` or ``OSError``, and then the folder is as it was.
    """
    folder = folder.resolve()
    _refuse_other(folder)
    unfinished, before = (folder.with_name(f".{folder.name}.{word}") for word in ("part", "old"))
    _put_back(before, folder)  # where an earlier run was killed
    for each in (unfinished, before):
        shutil.rmtree(each, ignore_errors=True)
    unfinished.mkdir(parents=True)
    try:
        mirror = Mirror(unfinished, tell)
        mirror.write()
        os.sync()
        if folder.exists():
            folder.rename(before)
        unfinished.rename(folder)
    finally:
        _put_back(before, folder)
        shutil.rmtree(unfinished, ignore_errors=True)
    shutil.rmtree(before, ignore_errors=True)
    return mirror


def _put_back(before: Path, folder: Path) -> None:
    """An earlier mirror under its own name again, where nothing came in its place."""
    if before.exists() and not folder.exists():
        before.rename(folder)


def _refuse_other(folder: Path) -> None:
    """Refuse a folder that holds anything but an earlier mirror."""
    if not folder.exists():
        return
    if not folder.is_dir():
        raise Refused(f"{folder} is not a folder.")
    names = {path.name for path in folder.iterdir()}
    try:
        known = set(json.loads((folder / MARK).read_text(encoding="utf-8"))["names"])
    except (OSError, ValueError, KeyError, TypeError):
        known = set()
    if more := sorted(names - known):
        raise Refused(f"{folder} holds something else than a mirror ({more[0]}): name a new folder, or take it away.")
