"""The model switch with more models than fit a line: its script and style alone, as the component mounts them."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from app.components.model_switch import FRONTEND

pytestmark = pytest.mark.browser
MOUNT = """async ([script, style, count, chosen]) => {
  const module = await import(URL.createObjectURL(new Blob([script], { type: "text/javascript" })));
  const root = document.body.appendChild(document.createElement("div")).attachShadow({ mode: "open" });
  root.innerHTML = `<style>${style}</style><div class="switch" role="radiogroup"></div>`;
  const models = [...Array(count).keys()].map((n) => ({ slug: `m${n}`, name: `Model ${n}`, family: `family ${n % 5}`, block: "MLP", colour: "#9aa0a6", clip: "inset(8%)", sentence: "" }));
  window.told = [];
  module.default({ data: { models, chosen }, parentElement: root, setTriggerValue: (...one) => window.told.push(one) });
}"""


def mounted(chromium: Browser, count: int, width: int, chosen: str = "m0") -> Page:
    """A page with the switch of so many models and nothing else."""
    page = chromium.new_page(viewport={"width": width, "height": 200})
    script, style = ((FRONTEND / f"model_switch.{end}").read_text(encoding="utf-8") for end in ("js", "css"))
    page.evaluate(MOUNT, [script, style, count, chosen])
    return page


@pytest.mark.parametrize("width", [390, 1280])
def test_of_many_models_each_is_found_by_name(chromium: Browser, width: int) -> None:
    page = mounted(chromium, 75, width)
    find = page.get_by_label("All 75 models")
    expect(find).to_be_in_viewport()
    expect(page.get_by_role("button", name="Surprise me")).to_be_in_viewport()
    find.select_option("Model 61")
    assert page.evaluate("window.told") == [["picked", "m61"]]
    expect(page.get_by_role("radio", name="Model 61", exact=True)).to_be_checked()
    page.close()


def test_on_a_phone_the_chosen_model_stands_beside_the_list_and_no_other_looks_out_from_under_it(
    chromium: Browser,
) -> None:
    page = mounted(chromium, 75, 390, "m31")
    find, chosen = page.get_by_label("All 75 models").bounding_box(), page.get_by_role("radio", name="Model 31")
    assert find is not None
    edge = find["x"] + find["width"]
    beside = chosen.bounding_box()
    assert beside is not None
    assert edge <= beside["x"] <= edge + 16
    for pill in page.get_by_role("radio").all():
        box = pill.bounding_box()
        assert box is not None
        assert box["x"] + box["width"] <= edge + 1 or box["x"] >= edge
    page.close()


def test_few_models_need_no_list(chromium: Browser) -> None:
    page = mounted(chromium, 7, 1280)
    expect(page.get_by_role("radio")).to_have_count(7)
    expect(page.get_by_label("All 7 models")).to_have_count(0)
    page.close()
