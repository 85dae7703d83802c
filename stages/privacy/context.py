"""What the words before a number call it, and whether it lies in a URL."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

_AHEAD_CHARACTERS = 24
_URL_CHARACTERS = 300

_PHONE = re.compile(
    r"(?:(?:\btel|phone|\bmobile|\bcell|\bfax|whatsapp"
    r"|电话|電話|手机|手機|传真|傳真|热线|熱線|座机|座機)[^0-9\n]{0,8}"
    r"|(?:\bcall(?: us| me| him| her| them)?(?: at| on)?|致电|致電|拨打|撥打|微信)[:： ]{0,3})\Z",
    re.IGNORECASE,
)
_IDENTITY = re.compile(r"(?:身份证|身分證|证件|證件|identity)[^0-9\n]{0,8}\Z", re.IGNORECASE)
_HOST = re.compile(
    r"(?:\bip|地址|位址|address|host|server|服务器|伺服器|ping|from|来自|來自|访问|dns)"
    r"[^0-9\n]{0,8}\Z",
    re.IGNORECASE,
)
_VERSION = re.compile(
    r"(?:\bv|\bver|version|版本|版|release|build|firmware|固件|驱动|rev|revision|升级到|更新到)"
    r"[.:： ]{0,3}\Z",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"(?:订单|訂單|单号|單號|编号|編號|流水|货号|貨號|型号|型號|序列|条码|條碼|专利|專利|批准文号|备案|文号|"
    r"证书|\bqq|isbn|issn|doi|arxiv|pmid|\bno\b|№|order|serial|sku|invoice|tracking|\bid\b|\bref\b|"
    r"item|model|\bpart|ticket|bug|issue|asin|\bean|\bupc|gtin|patent|timestamp|时间戳)"
    r"(?:号|號|码|碼|number|num|no)?[^0-9\n]{0,4}\Z",
    re.IGNORECASE,
)
_URL = re.compile(r"(?:://|www\.)[!-~]*\Z")
_NEIGHBOUR = re.compile("[0-9] $|^ [0-9]")
_UNIT = re.compile(
    r" ?(?:bytes|sectors|blocks|字节|字節|元|円|美元|万|萬|亿|億|次|人|个|個|%|KB|kB|MB)"
)


@dataclass(frozen=True)
class Context:
    """What stands around a place of a text; each question is answered when it is first asked."""

    text: str
    start: int

    @cached_property
    def _ahead(self) -> str:
        return self.text[max(0, self.start - _AHEAD_CHARACTERS) : self.start]

    @cached_property
    def announces_phone(self) -> bool:
        """The words before name a telephone."""
        return bool(_PHONE.search(self._ahead))

    @property
    def announces_identity(self) -> bool:
        """The words before name an identity card."""
        return bool(_IDENTITY.search(self._ahead))

    @property
    def announces_host(self) -> bool:
        """The words before name a machine of the network."""
        return bool(_HOST.search(self._ahead))

    @property
    def announces_version(self) -> bool:
        """The words before name a version."""
        return bool(_VERSION.search(self._ahead))

    @property
    def announces_other(self) -> bool:
        """The words before name an order, a book, a serial number or the like."""
        return bool(_OTHER.search(self._ahead))

    @property
    def is_in_url(self) -> bool:
        """The place lies in a URL."""
        ahead = self.text[max(0, self.start - _URL_CHARACTERS) : self.start]
        return ("://" in ahead or "www." in ahead) and bool(_URL.search(ahead))

    def is_in_row(self, end: int) -> bool:
        """A number in groups has more numbers beside it: the groups are a table's."""
        before, after = self.text[max(0, self.start - 2) : self.start], self.text[end : end + 2]
        grouped = " " in self.text[self.start : end]
        return grouped and bool(_NEIGHBOUR.search(before) or _NEIGHBOUR.search(after))

    def counts_units(self, end: int) -> bool:
        """A unit follows: the number up to ``end`` is an amount."""
        return bool(_UNIT.match(self.text, end))
