"""What a test reads off a page: its text, the text of a part of it, and what its addresses refuse."""

import html
import re

# Elements at whose edges white space is nothing to a reader; the role that {% table %} gives a part is that of its tag.
BLOCKS = (
    "article|aside|blockquote|body|caption|dd|details|div|dl|dt|fieldset|figcaption|figure|footer|form|h[1-6]|head|header|html|legend"
    "|li|link|main|meta|nav|ol|option|p|section|select|summary|svg|g|path|rect|circle|polygon|desc|table|tbody|td|text|th|thead|title|tr|ul"
)


INLINE = "a|abbr|bdi|cite|code|em|q|span|strong"


def squeezed(source):
    """The same page in fewer characters: single spaces, none that no reader sees, no roles of table parts."""
    source = re.sub(r"\s+", " ", re.sub(r' role="(?:table|rowgroup|row|cell|columnheader|rowheader)"', "", source))
    source = re.sub(rf" ?(</?(?:{BLOCKS})(?: [^>]*)?>) ?", r"\1", source)
    source = re.sub(rf" ((?:</(?:{INLINE})>)+)(?=</?(?:{BLOCKS})\b)", r"\1", source)
    return re.sub(rf"(?<=[ >])(<(?:{INLINE})(?: [^>]*)?>) ", r"\1", source)


def source_of(client, address, data=None):
    """The page at an address as it was sent, squeezed."""
    response = client.get(address, data)
    assert response.status_code == 200, (address, response.content[:300])
    return squeezed(response.content.decode())


def page_of(client, address):
    """The page at an address, its entities read."""
    return html.unescape(source_of(client, address))


def words_of(fragment):
    """What a reader sees of it, single spaces between words."""
    return " ".join(re.sub(r"<[^>]*>", " ", fragment).split())


def part(page, name):
    """The text of the section that a heading with this id opens, up to the next section of the same rank."""
    section = re.search(
        rf'<section class="block" aria-labelledby="{name}">(.*?)(?=<section class="block"|<details class="as-of")',
        page,
        re.S,
    )
    return words_of(section[1])


def rows_of(fragment):
    """The rows of its tables, as texts."""
    return [words_of(row) for row in re.findall(r"<tr.*?</tr>", fragment, re.S)]


def refused(client, address, status=400):
    """The sentence with which an address is refused."""
    response = client.get(address)
    assert response.status_code == status, address
    return words_of(re.search(r'<p class="lead">(.*?)</p>', html.unescape(response.content.decode()), re.S)[1])
