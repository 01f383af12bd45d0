"""The family tree and the crossings in a real browser: by mouse, by keyboard, on a phone."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from playwright.sync_api import Browser, Page, expect

from recommender.models import registry
from tests.browser.conftest import ROOT, Server
from tests.browser.test_cascade import become

pytestmark = pytest.mark.browser
PANEL = ".st-key-model_panel"


def test_a_click_opens_a_card_and_a_second_one_switches(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/models")
    expect(page.locator(".tree button.pill")).to_have_count(len(registry.names()))
    markov = page.locator('.pill[data-id="markov"]')
    expect(markov).not_to_have_class(re.compile("now"))
    markov.click()
    expect(page.locator(PANEL)).to_contain_text("An MDP-Based Recommender System")
    expect(page).to_have_url(re.compile("about=markov"))
    expect(page.locator(".about")).to_contain_text("Markov")
    expect(markov).to_have_attribute("aria-pressed", "true")
    markov.click()
    expect(markov).to_have_class(re.compile("now"))
    expect(page.get_by_role("radio", name="Markov", exact=True)).to_be_checked()
    expect(page.locator(".about .go")).to_have_text("Markov answers now")
    page.get_by_role("button", name="Close the card").click()
    expect(page.locator(PANEL)).to_have_count(0)


def test_by_the_keyboard(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/models?about=fm")
    fm = page.locator('.pill[data-id="fm"]')
    expect(fm).to_have_attribute("tabindex", "0")
    expect(page.locator('.tree button.pill[tabindex="0"]')).to_have_count(1)
    expect(page.locator(".about .go")).to_be_disabled()
    fm.focus()
    page.keyboard.press("ArrowRight")
    expect(fm).to_have_attribute("tabindex", "-1")
    other = page.locator('.tree button.pill[tabindex="0"]')
    expect(other).to_be_focused()
    opened = other.get_attribute("data-id")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"about={opened}"))
    expect(page.locator(f'.pill[data-id="{opened}"]')).to_be_focused()


def test_a_line_is_lit_and_the_rest_is_dim(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/models")
    expect(page.locator(".tree button.pill").first).to_be_visible()
    expect(page.locator(".stage.dimming")).to_have_count(0)
    page.get_by_role("radio", name="FM's line").or_(page.get_by_role("button", name="FM's line")).first.click()
    expect(page).to_have_url(re.compile("line=FM"))
    expect(page.locator(".stage.dimming")).to_be_attached()
    expect(page.locator('.pill[data-id="deepfm"]')).to_have_class(re.compile(r"\blit\b"))
    expect(page.locator('.pill[data-id="sasrec"]')).not_to_have_class(re.compile(r"\blit\b"))
    expect(page.locator('path[data-parent="fm"][data-child="deepfm"]')).to_have_class("lit")
    page.reload()
    expect(page.locator('.pill[data-id="deepfm"]')).to_have_class(re.compile(r"\blit\b"))


def test_on_a_phone_years_run_downward_and_nothing_leaves_the_page(server: Server, chromium: Browser) -> None:
    context = chromium.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(f"{server.url}/models")
    expect(page.locator(".stage.tall")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    boxes = [page.locator(f'.pill[data-id="{one}"]').bounding_box() for one in ("itemknn", "bpr", "sasrec", "hstu")]
    assert all(box is not None and box["x"] >= 0 and box["x"] + box["width"] <= 390 for box in boxes)
    tops = [box["y"] for box in boxes if box is not None]
    assert tops == sorted(tops)
    context.close()


def test_names_fit_into_their_pills(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/models")
    expect(page.locator(".tree button.pill")).to_have_count(len(registry.names()))
    page.evaluate("document.fonts.ready")
    too_wide = page.locator(".tree .pill").evaluate_all(
        "all => all.filter(one => one.scrollWidth > one.clientWidth + 1).map(one => one.dataset.id)"
    )
    assert too_wide == []


def test_what_crosses_is_drawn(server: Server, page: Page) -> None:
    quick = ["epochs=1", "validation_people=0", "negatives=1", "targets=64", "dim=4"]
    command = [sys.executable, "-m", "recommender", "train", "fm", "--data", "embedded"]
    command += ["--out", str(server.home / "embedded" / "models")]
    for setting in quick:
        command += ["--set", setting]
    subprocess.run(command, cwd=ROOT, check=True)
    become(page, server)
    page.goto(f"{server.url}/models?section=What+crosses")
    expect(page.get_by_text("FM, between you and")).to_be_visible()
    expect(page.get_by_test_id("stVegaLiteChart").first).to_be_visible()
    page.get_by_text("DCN-V2", exact=True).click()
    expect(page.get_by_text("DCN-V2 is not trained yet")).to_be_visible()
