"""Codes in brackets that a publishing system was to replace, and has not: ``[vc_row]``."""

from __future__ import annotations

import re

_SHORTCODE = re.compile(
    # Those of page builders and of WordPress itself.
    r"\[/?(?:vc|et_pb|fusion|av|fl|ux|su|tatsu|cs|wp|mk|kc|thb|gravityform|ninja_form)_[\w-]{1,40}"
    r"(?:\s[^\[\]\n]{0,400})?\]"
    r"|\[/?(?:caption|gallery|embed|audio|video|playlist|contact-form|contact-form-7|wpforms"
    r"|gravityforms?|rev_slider|layerslider|toc|dropcap|shortcode)(?:\s[^\[\]\n]{0,400})?\]"
    # Any other with a named value, and what closes one.
    r"|\[[a-zA-Z][\w-]{1,40}\s[\w-]{1,30}=[^\[\]\n]{0,400}\]|\[/[a-zA-Z][\w-]{1,40}\]"
)


def remove_shortcodes(line: str) -> str:
    """A line of prose without shortcodes; what they enclose stays.

    >>> remove_shortcodes('[caption id="a1" width="30"]The harbour.[/caption] See [1] and [sic].')
    'The harbour. See [1] and [sic].'
    """
    return _SHORTCODE.sub("", line) if "[" in line and "]" in line else line
