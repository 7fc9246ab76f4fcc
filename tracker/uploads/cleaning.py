"""A file of evidence read whole and written anew, without what it says of who made it, where and when.

It runs as a process of its own, ``python -m tracker.uploads.cleaning TYPE``; ``confined`` says how and why.
"""

import io
import warnings
from collections.abc import Iterator
from functools import partial
from typing import Any

from . import confined, jpeg, office
from .archives import Refused

MOST_MEMORY = 768 * 1024 * 1024  # bytes of address space, the libraries' own among them
MOST_SECONDS = 20  # of the processor
MOST_PIXELS = 50_000_000  # a page of A4 at 600 dots an inch has 35
MOST_PAGES = 5_000
MOST_UNPACKED = 16 * 1024 * 1024  # of each part of a PDF that holds objects; a whole document has a tenth of it

FORMATS = {"image/png": "PNG", "image/jpeg": "JPEG", "image/webp": "WEBP"}
# Names by which a PDF acts or carries another file. A document that has one is refused, not mended.
ACTIVE = {"/JavaScript", "/JS", "/Launch", "/EmbeddedFile", "/EmbeddedFiles", "/EF", "/RichMedia", "/XFA", "/3D"}
# Names by which it sends or fetches something, or opens what lies elsewhere.
ACTIVE |= {"/SubmitForm", "/ImportData", "/GoToR", "/GoToE", "/Rendition", "/Movie", "/Ref", "/OPI", "/FFilter", "/PS"}
NOTES = {"/Text", "/Popup", "/FileAttachment"}  # annotations that are not on the page but beside it
OF_A_NOTE = ("/T", "/Contents", "/RC", "/Subj", "/NM", "/M", "/CreationDate", "/Popup", "/IRT", "/RT")
# What of these is seen on the page, or names a field of a form.
OF_THE_PAGE = {"/FreeText": {"/Contents", "/RC"}, "/Link": {"/Contents"}, "/Widget": {"/T"}}
PROPERTIES = {"/Author": "author", "/Creator": "device", "/Producer": "device"}
PROPERTIES |= dict.fromkeys(("/CreationDate", "/ModDate"), "time")
OF_A_SIGNATURE = ("/Name", "/Location", "/Reason", "/ContactInfo", "/M", "/Contents", "/Cert")


def _cleaned(content: bytes, type_: str) -> tuple[dict[str, Any], bytes]:
    """The type of a file and what was taken out of it; and the file without that."""
    if type_ == "document":
        type_, cleaned, taken_out = office.document(content)
    else:
        cleaned, taken_out = pdf(content) if type_ == "application/pdf" else image(content, type_)
    return {"type": type_, "taken_out": sorted(taken_out)}, cleaned


def image(content: bytes, type_: str) -> tuple[bytes, set[str]]:
    """An image upright and without EXIF, XMP and comments, and what these told. Its colour profile stays."""
    from PIL import Image, ImageOps
    from PIL.JpegImagePlugin import get_sampling

    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            picture: Any = Image.open(io.BytesIO(content), formats=[FORMATS[type_]])
            picture.load()
        except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
            raise Refused("large") from error
    if type_ != "image/jpeg" and getattr(picture, "n_frames", 1) > 1:
        raise Refused("several")
    taken_out = set(_told_by_image(picture))
    upright = ImageOps.exif_transpose(picture)
    turned = picture.getexif().get(0x0112, 1) != 1
    if type_ == "image/jpeg" and not turned:
        return jpeg.bare(content), taken_out
    upright.info = {name: value for name, value in upright.info.items() if name == "transparency"}
    options: dict[str, Any] = {"icc_profile": picture.info.get("icc_profile")}
    if type_ == "image/jpeg":
        options |= {"qtables": picture.quantization, "subsampling": get_sampling(picture)}
    elif type_ == "image/webp":
        if not taken_out and len(content) == int.from_bytes(content[4:8], "little") + 8:
            return content, taken_out  # nothing is behind it; making it again could lose detail
        options |= {"lossless": b"VP8L" in content[:1024], "quality": 95}
    output = io.BytesIO()
    upright.save(output, FORMATS[type_], **options)
    return output.getvalue(), taken_out


def _told_by_image(picture: Any) -> Iterator[str]:
    """What an image says beside itself."""
    from PIL.ExifTags import IFD

    exif = picture.getexif()
    tags = {**exif, **exif.get_ifd(IFD.Exif)}
    if exif.get_ifd(IFD.GPSInfo):
        yield "place"
    for word, numbers in (
        ("author", (0x013B, 0x8298, 0x9C9D, 0xA430)),
        ("device", (0x010F, 0x0110, 0x0131, 0x013C, 0x927C, 0xA431, 0xA433, 0xA434, 0xA435)),
        ("time", (0x0132, 0x9003, 0x9004)),
        ("comments", (0x010E, 0x9286, 0x9C9B, 0x9C9C, 0x9C9E, 0x9C9F)),
    ):
        if any(tags.get(number) for number in numbers):
            yield word
    if picture.info.get("comment") or getattr(picture, "text", None):
        yield "comments"
    if picture.info.keys() & {"xmp", "photoshop", "exif", "mp", "XML:com.adobe.xmp"} or tags:
        yield "data"


def pdf(content: bytes) -> tuple[bytes, set[str]]:
    """A PDF without its properties, its notes and their authors, and what was taken out. Its pages stay as they are."""
    import pikepdf
    from pikepdf import sanitize, settings

    unpacked: Any = {f"{each}_max_memory": MOST_UNPACKED for each in ("flate", "run_length", "png", "tiff")}
    settings.set_qpdf_limits(**unpacked, parser_max_container_size=1_000_000, doc_max_warnings=1_000)
    try:
        document = pikepdf.open(io.BytesIO(content))
    except pikepdf.PasswordError as error:
        raise Refused("sealed") from error
    except pikepdf.PdfError as error:
        raise Refused("large" if settings.qpdf_limit_errors() else "broken") from error
    if not 0 < len(document.pages) <= MOST_PAGES:
        raise Refused("large" if len(document.pages) else "broken")
    objects = list(document.objects)
    # What could not be unpacked would be missing, unseen and unsaid.
    trouble = " ".join(document.get_warnings())
    if "limit" in trouble or settings.qpdf_limit_errors():
        raise Refused("large")
    if "error decoding" in trouble:
        raise Refused("sealed")
    if any(ACTIVE & set(_names(each)) or _fetches(each) for each in objects):
        raise Refused("active")
    taken_out = set(_without_properties(document)) | set(_without_notes(document))
    for remove in (sanitize.remove_private_app_data, sanitize.remove_thumbnails, sanitize.remove_web_capture):
        remove(document)
    for each in objects:
        taken_out |= set(_without_words_beside(each))
    output = io.BytesIO()
    document.save(output, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return output.getvalue(), taken_out


def _within(value: Any) -> Iterator[Any]:
    """An object and all that is in it; other objects that it points at are looked at by themselves."""
    import pikepdf

    waiting = [value]
    while waiting:
        each = waiting.pop()
        yield each
        if isinstance(each, pikepdf.Dictionary | pikepdf.Stream | pikepdf.Array):
            inside = each if isinstance(each, pikepdf.Array) else each.values()
            waiting += [child for child in inside if not getattr(child, "is_indirect", False)]


def _names(value: Any) -> Iterator[str]:
    """Every name in an object, keys and values alike."""
    import pikepdf

    for each in _within(value):
        if isinstance(each, pikepdf.Name):
            yield str(each)
        elif isinstance(each, pikepdf.Dictionary | pikepdf.Stream):
            yield from each.keys()


def _fetches(value: Any) -> bool:
    """Whether an object's content lies in another file, or a link of it leads to anything but the web or a letter."""
    import pikepdf

    if isinstance(value, pikepdf.Stream) and "/F" in value:
        return True
    return any(
        str(each.get("/FS", "")) == "/URL" or not office.FOLLOWED.match(str(each.get("/URI", "")))
        for each in _within(value)
        if isinstance(each, pikepdf.Dictionary | pikepdf.Stream)
    )


def _without_properties(document: Any) -> Iterator[str]:
    """Take the document's properties away: who made it, with what, and when."""
    info = document.trailer.get("/Info")
    if info is not None:
        yield from (PROPERTIES.get(key, "data") for key in info.keys())  # noqa: SIM118  (no dictionary of Python's)
        del document.trailer["/Info"]


def _without_notes(document: Any) -> Iterator[str]:
    """Take notes beside the pages away, and from marks on them who made them."""
    import pikepdf

    for page in document.pages:
        marks = page.obj.get("/Annots", ())
        for number in reversed(range(len(marks))):
            mark = marks[number]
            if not isinstance(mark, pikepdf.Dictionary):
                continue  # a reader shows nothing of it
            kind = str(mark.get("/Subtype"))
            if kind in NOTES:
                del marks[number]
                yield "comments"
            for name in set(OF_A_NOTE) - OF_THE_PAGE.get(kind, set()) if kind not in NOTES else ():
                if name in mark:
                    del mark[name]
                    yield "comments"


def _without_words_beside(value: Any) -> Iterator[str]:
    """Take from one object its XMP, what it does by itself, and what the camera wrote into a photograph."""
    import pikepdf

    if not isinstance(value, pikepdf.Dictionary | pikepdf.Stream):
        return
    entries = {"/Metadata": "data", "/LastModified": "time", "/AA": "actions", "/OpenAction": "actions"}
    if "/ByteRange" in value:  # a signature, which holds for the file as it was and for no other
        entries |= dict.fromkeys(OF_A_SIGNATURE, "author")
    for name, word in entries.items():
        if name in value:
            del value[name]
            yield word
    if isinstance(value, pikepdf.Stream) and _only_filter(value) == "/DCTDecode":
        photograph = value.read_raw_bytes()
        try:
            bare = jpeg.bare(photograph)
        except ValueError:
            return  # no reader shows it
        if bare != photograph:
            parms: Any = value.get("/DecodeParms")
            value.write(bare, filter=pikepdf.Name.DCTDecode, decode_parms=parms)
            yield "data"


def _only_filter(stream: Any) -> str:
    """The one way in which a stream is packed; blank for none or several."""
    import pikepdf

    filters = stream.get("/Filter")
    names = list(filters) if isinstance(filters, pikepdf.Array) else [filters]
    return str(names[0]) if len(names) == 1 else ""


main = partial(confined.answer, _cleaned, memory=MOST_MEMORY, seconds=MOST_SECONDS)
if __name__ == "__main__":
    main()
