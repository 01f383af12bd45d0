"""The theme: the same colours in Streamlit's configuration, in Python and in the stylesheet, and all of them readable."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from app import theme
from app.first_paint import FirstPaint
from app.imports import LARGEST_MB
from app.posters.palettes import AA, contrast
from app.routes import fonts
from recommender.models.base import Block

ROOT = Path(__file__).parents[2]
CONFIG = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
STYLE = (ROOT / "assets" / "styles" / "marquee.css").read_text(encoding="utf-8")
GRAPHICS = 3.0
"""Least contrast of what is drawn, not written (WCAG 2.2, success criterion 1.4.11)."""


@pytest.mark.parametrize(("name", "inks"), [("dark", theme.DARK), ("light", theme.LIGHT)])
def test_configuration_and_python_agree(name: str, inks: theme.Inks) -> None:
    section = CONFIG["theme"][name]
    assert section["backgroundColor"] == inks.ground
    assert section["secondaryBackgroundColor"] == inks.panel
    assert section["borderColor"] == inks.line
    assert section["textColor"] == inks.text
    assert section["grayTextColor"] == inks.quiet
    assert section["primaryColor"] == inks.accent


def test_stylesheet_and_python_agree() -> None:
    for variable, field in {
        "ground": "ground",
        "panel": "panel",
        "line": "line",
        "ink": "text",
        "quiet": "quiet",
    }.items():
        pair = f"--{variable}: light-dark({getattr(theme.LIGHT, field)}, {getattr(theme.DARK, field)});"
        assert pair in STYLE


@pytest.mark.parametrize("inks", [theme.DARK, theme.LIGHT])
def test_words_can_be_read_on_ground_and_panel(inks: theme.Inks) -> None:
    for surface in (inks.ground, inks.panel):
        assert contrast(inks.text, surface) >= AA
        assert contrast(inks.quiet, surface) >= AA


def test_wordmark_and_links_can_be_read() -> None:
    light, dark = re.findall(r"--bulb: light-dark\((#\w+), (#\w+)\)", STYLE)[0]
    assert contrast(light, theme.LIGHT.ground) >= AA
    assert contrast(dark, theme.DARK.ground) >= AA
    for name, inks in (("dark", theme.DARK), ("light", theme.LIGHT)):
        assert contrast(CONFIG["theme"][name]["linkColor"], inks.ground) >= AA


def test_letters_on_the_accent_can_be_read() -> None:
    (ink,) = re.findall(r"stBaseButton-primary.*p \{ color: (#\w+); \}", STYLE)
    assert all(contrast(ink, inks.accent) >= AA for inks in (theme.DARK, theme.LIGHT))


def test_every_block_has_a_colour_and_a_shape_of_its_own() -> None:
    for signs in (theme.BLOCK_COLOURS, theme.BLOCK_CLIPS):
        assert set(signs) == set(Block)
        assert len(set(signs.values())) == len(Block)
    assert all(contrast(colour, theme.DARK.ground) >= GRAPHICS for colour in theme.BLOCK_COLOURS.values())


def test_what_the_configuration_promises() -> None:
    assert CONFIG["theme"]["base"] == "dark"
    assert CONFIG["browser"]["gatherUsageStats"] is False
    assert CONFIG["client"]["toolbarMode"] == "minimal"
    assert CONFIG["server"]["fileWatcherType"] == "none"
    assert CONFIG["server"]["maxUploadSize"] > LARGEST_MB


def test_nothing_is_fetched_from_elsewhere() -> None:
    faces = [face["url"] for face in CONFIG["theme"]["fontFaces"]] + re.findall(r'url\("([^"]+)"\)', STYLE)
    client = TestClient(Starlette(routes=fonts.routes))
    for url in faces:
        answer = client.get(url)
        assert answer.status_code == 200, url
        assert answer.headers["content-type"] == "font/woff2"
        assert "max-age" in answer.headers["cache-control"]
        assert answer.content[:4] == b"wOF2"
    assert client.get("/fonts/other.woff2").status_code == 404


def test_every_font_has_its_licence() -> None:
    for path in (ROOT / "assets" / "fonts").glob("*.woff2"):
        licence = path.with_name(f"{path.stem.removesuffix('-ext')}-OFL.txt")
        assert "SIL OPEN FONT LICENSE" in licence.read_text(encoding="utf-8")


async def page(request: Request) -> Response:
    return HTMLResponse(
        "<html><head><title>t</title></head><body>ä</body></html>", status_code=int(request.query_params.get("s", 200))
    )


async def data(request: Request) -> Response:
    return JSONResponse({"text": "<head>"})


def test_first_paint_is_put_into_pages_only() -> None:
    client = TestClient(FirstPaint(Starlette(routes=[Route("/", page), Route("/data", data)])))
    answer = client.get("/")
    assert answer.text.startswith("<html><head>\n<link rel=")
    assert "localStorage.getItem(house) ?? '\"Dark\"'" in answer.text
    assert "<title>t</title></head><body>ä<style>" in answer.text
    assert answer.text.endswith("</style>\n</body></html>")
    for style in (ROOT / "assets" / "styles").glob("*.css"):
        assert answer.text.count(style.read_text(encoding="utf-8")) == 1
    assert int(answer.headers["content-length"]) == len(answer.content)
    assert client.get("/data").json() == {"text": "<head>"}
    assert "marquee-theme" not in client.get("/?s=404").text
