"""What a receipt's PDF says where the neighbour's telephone would read it."""

import re
import zlib
from contextlib import suppress


def address_on(pdf: bytes) -> str:
    """The address to verify it at, from the link of the paper."""
    text = pdf
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        with suppress(zlib.error):
            text += zlib.decompress(stream)
    found = re.search(rb"/URI \((https?://[^)]+/comprobante/\d+/[\w-]{43}/)\)", text)
    assert found, "the paper has no address"
    return found[1].decode()
