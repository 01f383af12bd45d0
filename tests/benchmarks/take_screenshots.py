"""Takes the pictures of the README anew: `python -m tests.benchmarks.take_screenshots`. No benchmark, but the same house."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.benchmarks.house import become_persona, chromium, posters, rest, trained_house, visit
from tests.browser.conftest import ROOT

FOLDER = ROOT / "assets" / "screenshots"
GLIDE_MS = 600


def main() -> None:
    """A persona's list of EASE after that of Popularity, so that ranks have changed; and the family tree of all models."""
    with trained_house() as server, chromium() as browser:
        page = visit(browser, 1280, 800)
        become_persona(page, server.url)
        for name in ("Popularity", "EASE"):
            page.get_by_role("radio", name=name, exact=True).click()
            expect(page.locator("h1")).to_contain_text(f"{name} thinks")
            rest(page)
        page.get_by_test_id("stMain").evaluate("(main) => main.scrollTo(0, 0)")
        page.mouse.move(0, 0)
        posters(page, 12)
        expect(page.get_by_test_id("stToast")).to_have_count(0)
        page.wait_for_timeout(GLIDE_MS)
        FOLDER.mkdir(exist_ok=True)
        page.screenshot(path=FOLDER / "for-you.png")
        page.set_viewport_size({"width": 1280, "height": 960})
        page.goto(f"{server.url}/models")
        expect(page.locator(".tree")).to_be_visible()
        rest(page)
        page.wait_for_timeout(GLIDE_MS)
        page.screenshot(path=FOLDER / "family-tree.png")


if __name__ == "__main__":
    main()
