"""What a test reads off a page: its text, the text of a part of it, and what its addresses refuse."""

import html
import re


def source_of(client, address):
    """The page at an address as it was sent."""
    response = client.get(address)
    assert response.status_code == 200, (address, response.content[:300])
    return response.content.decode()


def page_of(client, address):
    """The page at an address, its entities read."""
    return html.unescape(source_of(client, address))


def words_of(fragment):
    """What a reader sees of it, single spaces between words."""
    return " ".join(re.sub(r"<[^>]*>", " ", fragment).split())


def part(page, name):
    """The text of the section that a heading with this id opens, up to the next section of the same rank."""
    found = re.search(
        rf'<section class="block" aria-labelledby="{name}">(.*?)(?=<section class="block"|<details class="as-of")',
        page,
        re.S,
    )
    return words_of(found[1])


def rows_of(fragment):
    """The rows of its tables, as texts."""
    return [words_of(row) for row in re.findall(r"<tr.*?</tr>", fragment, re.S)]


def refused(client, address, status=400):
    """The sentence with which an address is refused."""
    response = client.get(address)
    assert response.status_code == status, address
    return words_of(re.search(r'<p class="lead">(.*?)</p>', html.unescape(response.content.decode()), re.S)[1])
