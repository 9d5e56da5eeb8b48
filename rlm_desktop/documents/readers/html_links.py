"""Which addresses of links are worth their room in a text: each of another site, once, where the words do not say it already."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

_MAX_ADDRESS: Final = 120
"""Longer ones carry what was counted, not where it is."""
_SAY_WHERE: Final = (("base[href]", "href"), ("link[rel=canonical]", "href"), ('meta[property="og:url"]', "content"))


class Addresses:
    def __init__(self, page: LexborHTMLParser) -> None:
        self._own_host = ""
        self._said: set[str] = set()
        for query, attribute in _SAY_WHERE:
            node = page.css_first(query)
            self._own_host = self._own_host or _host((node.attributes.get(attribute) or "") if node else "")

    def worth_saying(self, address: str, words: str) -> bool:
        """Say whether the address is to stand behind the words of its link; it is no more, afterwards."""
        host = _host(address) if address.startswith(("http://", "https://")) else ""
        if not host or host == self._own_host or host in words or not words or len(address) > _MAX_ADDRESS or address in self._said:
            return False
        self._said.add(address)
        return True


def _host(address: str) -> str:
    try:
        return (urlsplit(address.strip()).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
