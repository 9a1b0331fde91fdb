"""From matplotlib's SVG to one that lives inside a page: no prolog, no fixed colours, own ids."""

from __future__ import annotations

import html
import re

from kneewatch.report.palette import STAND_INS, variable

FONT_STACK = "system-ui,-apple-system,'Segoe UI',Roboto,Ubuntu,'Helvetica Neue',Arial,sans-serif"


def inline(raw: str, prefix: str, label: str) -> str:
    """Make an SVG file part of a page.

    Parameters
    ----------
    raw : str
        As matplotlib writes it, drawn in ``palette.STAND_INS``.
    prefix : str
        Before each id, so that charts on one page do not share any.
    label : str
        What a person who cannot see it should know.
    """
    match = re.search(r"<svg\b[^>]*\bviewBox=\"([^\"]+)\"[^>]*>(.*)</svg>", raw, re.DOTALL)
    if match is None:
        raise ValueError("not an SVG")
    view, body = match.groups()
    body = re.sub(r"<metadata>.*?</metadata>", "", body, flags=re.DOTALL)
    # A style sheet inside would reach everything on the page.
    body = re.sub(r"<defs>\s*<style.*?</style>\s*</defs>", "", body, flags=re.DOTALL)
    body = _own_ids(body, prefix)
    for name, colour in STAND_INS.items():
        body = body.replace(f'fill="{colour}"', f'style="fill: {variable(name)}"')
        body = body.replace(colour, variable(name))
    body = re.sub(r"font-family: [^;\"]*(?:'[^']*')?[^;\"]*;? ?", "", body)
    body = re.sub(r' transform="rotate\(-?0 [^)]*\)"', "", body)
    # A hundredth of a point is finer than any screen.
    body = re.sub(r"(\d\.\d\d)\d+", r"\1", body)
    body = re.sub(r"\s*\n\s*", "\n", body)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{html.escape(label)}" '
        f'width="100%" viewBox="{view}" stroke-linejoin="round" stroke-linecap="butt" '
        f'style="display:block;height:auto;font-family:{FONT_STACK}">{body}</svg>'
    )


def _own_ids(body: str, prefix: str) -> str:
    used = set(re.findall(r"(?:url\(#|href=\"#)([^\")]+)", body))

    def rename(match: re.Match[str]) -> str:
        return f' id="{prefix}-{match[1]}"' if match[1] in used else ""

    body = re.sub(r' id="([^"]+)"', rename, body)
    body = body.replace("url(#", f"url(#{prefix}-")
    return re.sub(r"\b(?:xlink:)?href=\"#", f'href="#{prefix}-', body)
