"""What stands on a page as it comes up: nothing is cut, no province is without its name, a frame says what adds up."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from geo import codes, gazetteer
from tests.browser.support import summary
from tests.browser.test_livemap import cut

pytestmark = pytest.mark.browser
SIZES = {"desktop": (1440, 900), "tablet": (768, 1024), "phone": (390, 844)}
COVERED = """all => {
  // The letters fill about the middle half of a line's height.
  const boxes = all.map(one => [one.textContent, one.getBBox()]).map(([text, { x, y, width, height }]) =>
    ({ text, left: x, right: x + width, top: y + height / 4, bottom: y + 3 * height / 4 }));
  return boxes.flatMap((one, at) => boxes.slice(at + 1)
    .filter(two => one.left < two.right && two.left < one.right && one.top < two.bottom && two.top < one.bottom)
    .map(two => one.text + " / " + two.text));
}"""
CLIPPED = """all => all.filter(one => {
  const group = one.parentElement.getBoundingClientRect(), box = one.getBoundingClientRect();
  return box.right > group.right + 1 || box.right > innerWidth || one.scrollWidth > one.clientWidth + 1;
}).map(one => one.textContent)"""


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", ["en", "lo"])
def test_every_province_bears_its_name(page: Page, app_server: str, size: str, language: str) -> None:
    width, height = SIZES[size]
    page.set_viewport_size({"width": width, "height": height})
    page.goto(f"{app_server}/?lang={language}")
    frame = page.frame_locator("iframe")
    frame.locator("body[data-painted]").wait_for()
    shown = frame.locator("svg.labels text.name.area")
    names = [gazetteer.names(code) for code in gazetteer.all_areas("adm1")]
    wanted = sorted(one.name_lo if language == "lo" else one.name_en for one in names)
    expect(shown).to_have_count(len(wanted))
    assert sorted(shown.all_text_contents()) == wanted
    assert cut(frame) == []
    assert frame.locator("svg.labels text").evaluate_all(COVERED) == []


@pytest.mark.parametrize("language", ["en", "lo"])
def test_no_choice_of_one_is_cut_on_a_phone(page: Page, app_server: str, language: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{app_server}/?lang={language}")
    choices = page.locator(".st-key-w_metric [role=radio]")
    expect(choices).to_have_count(4)
    assert choices.evaluate_all(CLIPPED) == []


def test_the_layers_of_the_studio_are_read_whole(page: Page, app_server: str) -> None:
    page.goto(f"{app_server}/studio")
    tags = page.locator(".st-key-w_studio_layers .react-aria-ComboBox [data-tag]")
    expect(tags).to_have_count(3)
    assert tags.evaluate_all(CLIPPED.replace("one.parentElement", "one.closest('[data-rac][role=group]')")) == []


@pytest.mark.parametrize("size", [(390, 500), (800, 600)])
@pytest.mark.parametrize("language", ["en", "lo"])
def test_a_frame_says_what_adds_up_without_a_scroll_bar(
    page: Page, app_server: str, size: tuple[int, int], language: str
) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto(f"{app_server}/?embed=true&sdg=6&lang={language}")
    page.frame_locator("iframe").locator("body[data-painted]").wait_for()
    found = summary("--sdg", "6")
    line = page.locator(".lao-frame b")
    expect(line).to_be_in_viewport(ratio=1)
    for part in ("total", "located", "nationwide", "unlocated"):
        expect(line).to_contain_text(str(found[part]))
    script = "(m => [m.scrollHeight - m.clientHeight, m.scrollWidth - m.clientWidth])"
    assert page.evaluate(f"{script}(document.querySelector('[data-testid=stMain]'))") == [0, 0]
    assert codes.goal(6).name(language) in page.locator(".lao-frame").inner_text()
