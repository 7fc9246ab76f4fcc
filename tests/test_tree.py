"""The tree beside the chain against published vectors: of Certificate Transparency, and of notes in Go and C2SP."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.standalone.verify import (
    WIDTH,
    Checkpoint,
    Tree,
    address_of_tile,
    beside,
    continues,
    ed25519_verifies,
    hash_of_leaf,
    read_checkpoint,
    read_key,
    root_over,
    roots,
    top,
)

from .examples import examples

# certificate-transparency, cpp/merkletree/merkle_tree_test.cc: the leaves, and the root over the first so many.
LEAVES = [
    bytes.fromhex(text)
    for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
ROOTS = {
    0: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    4: "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    5: "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    6: "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    7: "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}
PATHS = {  # by index and size
    (0, 1): [],
    (0, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (5, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 3): ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
    (1, 5): [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}
CONSISTENT = {  # by old and new size
    (1, 1): [],
    (1, 8): PATHS[0, 8],
    (6, 8): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (3, 8): [
        "0298d122906dcfc10892cb53a73992fc5b9f493ea4c9badb27b791b4127a7fe7",
        "07506a85fd9dd2f120eb694f86011e5bb4662e5c415a62917033d4a9624487e7",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (2, 5): [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}


def tree_of(leaves):
    """The tree over some leaves, and its tiles by level, number and width."""
    levels, tiles_read = [list(map(hash_of_leaf, leaves))], []
    while len(levels[-1]) >= WIDTH:
        full = len(levels[-1]) // WIDTH
        levels.append([top(levels[-1][n * WIDTH : (n + 1) * WIDTH]) for n in range(full)])

    def tile(level, number, width):
        tiles_read.append((level, number, width))
        hashes = levels[level][number * WIDTH : number * WIDTH + width]
        assert len(hashes) == width == min(WIDTH, len(levels[level]) - number * WIDTH)
        return hashes

    return Tree(len(leaves), tile), tiles_read


def of_size(size, root):
    return Checkpoint("", "log", size, root, ())


@pytest.mark.parametrize("size", ROOTS)
def test_the_roots_are_those_of_certificate_transparency(size):
    assert tree_of(LEAVES[:size])[0].root().hex() == ROOTS[size]
    assert roots(LEAVES, range(9))[size].hex() == ROOTS[size]


@pytest.mark.parametrize(("index", "size"), PATHS)
def test_the_proofs_that_a_leaf_is_in_the_tree_are_those_published(index, size):
    path = tree_of(LEAVES[:size])[0].inclusion(index)
    assert [each.hex() for each in path] == PATHS[index, size]
    assert root_over(index, size, LEAVES[index], path).hex() == ROOTS[size]


@pytest.mark.parametrize(("old", "new"), CONSISTENT)
def test_the_proofs_that_a_tree_continues_another_are_those_published(old, new):
    path = tree_of(LEAVES[:new])[0].consistency(old)
    assert [each.hex() for each in path] == CONSISTENT[old, new]
    before, after = (of_size(size, bytes.fromhex(ROOTS[size])) for size in (old, new))
    assert continues(before, after, path)


@given(st.integers(0, 700), st.data())
@examples(40)
def test_every_proof_fits_its_own_tree_and_no_other(size, data):
    leaves = [number.to_bytes(4, "big") for number in range(size)]
    (grown, asked), old = tree_of(leaves), data.draw(st.integers(0, size))
    by_size = roots(leaves, {old, size})
    assert grown.root() == by_size[size]
    path = grown.consistency(old)
    assert continues(of_size(old, by_size[old]), of_size(size, by_size[size]), path)
    other = bytes(32)
    if old > 0:
        assert not continues(of_size(old, other), of_size(size, by_size[size]), path)
        assert not continues(of_size(old, by_size[old]), of_size(size, other), path)
    assert not continues(of_size(size + 1, by_size[old]), of_size(size, by_size[size]), path)
    assert not continues(of_size(old, by_size[old]), of_size(size, by_size[size]), [*path, other])
    if size:
        index = data.draw(st.integers(0, size - 1))
        path = grown.inclusion(index)
        assert len(path) == len(beside(index, size)) <= 10
        assert root_over(index, size, leaves[index], path) == by_size[size]
        assert root_over(index, size, b"other", path) != by_size[size]
        assert root_over(index, size, leaves[index], [*path, other]) is None
        assert root_over(size, size, leaves[index], path) is None
    assert {level for level, _number, _width in asked} <= {0, 1}


def test_addresses_of_tiles_are_those_of_the_specification():
    assert address_of_tile(0, 1234067) == "tile/0/x001/x234/067"
    assert address_of_tile(1, 0, 17) == "tile/1/000.p/17"
    assert address_of_tile("entries", 273, 112) == "tile/entries/273.p/112"


# golang.org/x/mod/sumdb/note and c2sp.org/signed-note: keys, texts and signatures.
NOTES = {
    "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW": (
        "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n",
        "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=",
    ),
    "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k": (
        "This is an example message.\n",
        "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=",
    ),
}


@pytest.mark.parametrize("text", NOTES)
def test_the_signatures_of_published_notes_verify_and_no_others(text):
    key, (message, signature) = read_key(text), NOTES[text]
    raw = base64.b64decode(signature)
    assert (str(key), raw[:4]) == (text, key.id)
    assert ed25519_verifies(key.public, message.encode(), raw[4:])
    for spoilt in (raw[4:-1], raw[4:] + b"\0", raw[4:67] + bytes([raw[67] ^ 16]), bytes(64)):
        assert not ed25519_verifies(key.public, message.encode(), spoilt)
    assert not ed25519_verifies(key.public, message.encode()[1:], raw[4:])
    assert not ed25519_verifies(b"\xff" * 32, message.encode(), raw[4:])
    for wrong in (text[:-1], text.replace("+", "-"), text[1:], text.replace("+A", "+B"), f"a {text}", ""):
        with pytest.raises(ValueError):  # noqa: PT011  (whatever is wrong with it)
            read_key(wrong)


# A checkpoint of a log for certificates, cosigned on 23 May 2026.
REAL = """arche2025h1.staging.ct.transparency.dev
1432088532
U7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro=

— arche2025h1.staging.ct.transparency.dev ui8GwCF1+kWqZrxGdhj4aX3gcw7XUlXQQabg/27lefwhUkzbC3NygNI75MdhL1bfTW9g8Ei59RA23oHP7Ry1k3ZFWwQ=
— remora.n621.de 2net5wAAAABqEiEgPlfF3V06o0Y+fHM+J5J9s27wgxxcOVSpZ/2g/KSiXCg9DEZI+aVCIobWX9sXTynk5XeU/zZ0WBxtqB0DrAWfBw==
"""  # noqa: E501
LOG = read_key("arche2025h1.staging.ct.transparency.dev+ba2f06c0+AU0vHmlGCS/PdN8b2OaGmKprLI8HKM+dJ472xgFYh15f")
WITNESS = read_key("remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2")


def test_a_checkpoint_of_another_log_and_the_signature_of_a_real_witness_are_read():
    checkpoint = read_checkpoint(REAL)
    assert (checkpoint.origin, checkpoint.size, len(checkpoint.root)) == (LOG.name, 1432088532, 32)
    assert (checkpoint.signed_at(LOG), checkpoint.signed_at(WITNESS)) == (0, 1779573024)
    assert read_checkpoint(f"\r\n{REAL}\n\n".replace("\r", "")).signed_at(WITNESS)  # as a mail has it
    assert checkpoint.signed_at(read_key(next(iter(NOTES)))) is None
    for key in (LOG, WITNESS):
        with pytest.raises(ValueError, match="is not by its key"):
            read_checkpoint(REAL.replace("1432088532", "1432088533")).signed_at(key)


@pytest.mark.parametrize("spoilt", ["", "a\n", "a\n1\nx\n", "a\n01\nU7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro=\n"])
def test_what_is_no_checkpoint_is_refused(spoilt):
    with pytest.raises(ValueError):  # noqa: PT011
        read_checkpoint(spoilt)
