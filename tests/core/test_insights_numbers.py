"""Numbers, captions and times as exports write them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from desktop_app.core.insights.addresses import shortcode_of, type_of
from desktop_app.core.insights.captions import is_edit, plain, repair
from desktop_app.core.insights.dates import moment, order_of
from desktop_app.core.insights.numbers import number

THOUSANDS = {"en": ",", "de": ".", "fr": "\u202f", "sv": "\u00a0", "ch": "’", "plain": ""}
DECIMAL = {"en": ".", "de": ",", "fr": ",", "sv": ",", "ch": ".", "plain": "."}


@given(st.integers(0, 10**12), st.sampled_from(sorted(THOUSANDS)))
def test_whole_numbers_come_back_from_every_locale(value: int, locale: str) -> None:
    assert number(f"{value:,}".replace(",", THOUSANDS[locale])) == value


@given(st.integers(1_000, 10**9), st.integers(1, 99), st.sampled_from(["en", "de", "fr", "sv", "ch"]))
def test_parts_of_numbers_come_back_where_thousands_are_marked(whole: int, part: int, locale: str) -> None:
    text = f"{whole:,}".replace(",", THOUSANDS[locale]) + DECIMAL[locale] + f"{part:02d}"
    assert number(text) == pytest.approx(whole + part / 100)


@given(
    st.integers(1, 9_999),
    st.sampled_from([("en", "K", 1e3), ("de", " Tsd.", 1e3), ("de", " Mio.", 1e6), ("en", "M", 1e6)]),
)
def test_shortened_numbers_come_back(tenths: int, style: tuple[str, str, float]) -> None:
    locale, word, scale = style
    text = f"{tenths / 10:.1f}".replace(".", DECIMAL[locale]) + word
    assert number(text) == pytest.approx(tenths / 10 * scale)


@given(st.text(max_size=30))
@example("1e999")
@example("9" * 30)
@example("٣")
@example("²")
@example("1,,2")
def test_any_text_is_a_number_or_unknown(text: str) -> None:
    found = number(text)
    assert found is None or isinstance(found, float)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12,400", 12_400),
        ("2.300", 2_300),
        ("1,2 Mio", 1_200_000),
        ("12K", 12_000),
        ("3 mil", 3_000),
        ("1,5 mn", 1_500_000),
        ("0", 0),
        ("0.250", 0.25),
        ("12,34,567", 1_234_567),
        ("١٬٢٣٤", 1_234),
        ("1.79E+16", 1.79e16),
        ("−5", -5),
        ("'450'", None),
        ("450\u200e", None),
        (7, 7),
        (7.5, 7.5),
    ],
)
def test_numbers(text: object, value: float | None) -> None:
    assert number(text) == value


@pytest.mark.parametrize(
    "text", ["", "--", "-", "—", "n/a", "N/A", "k. A.", "null", "hidden", "12 %", "1.2.3", True, None]
)
def test_no_number_is_unknown_and_never_zero(text: object) -> None:
    assert number(text) is None


@given(st.text())
def test_what_the_download_breaks_is_repaired(text: str) -> None:
    try:
        broken = text.encode("utf-8").decode("latin-1")
    except UnicodeError:  # half a surrogate pair cannot be written at all
        return
    # what is sound in itself and would be repaired further is a caption that nobody writes
    if repair(text) == text:
        assert repair(broken) == text


@given(st.text())
@example("cafÃ©")
@example("ÃƒÂ©")
def test_repairing_twice_is_repairing_once(text: str) -> None:
    assert repair(repair(text)) == repair(text)


def test_sound_captions_stay() -> None:
    for text in ("café", "Straße", "日の出 🌅", "naïve £5", "plain", "Ã alone"):
        assert repair(text) == text


def test_captions_are_compared_without_what_exports_change() -> None:
    assert plain("Morning\r\nlight ☕\ufe0f") == plain("morning light ☕")
    assert is_edit(plain("Morning light at the harbour"), plain("Morning light at the old harbour!"))
    assert is_edit(plain("Morning light"), plain("Morning light\n\n#coffee #sea #more #tags #here #there"))
    assert not is_edit(plain("Morning light at the harbour"), plain("New mugs are in the shop today"))


@pytest.mark.parametrize(
    ("text", "order", "iso", "zoned"),
    [
        ("10/08/2026 17:10", "mdy", "2026-10-08T17:10", False),
        ("10/08/2026 17:10", "dmy", "2026-08-10T17:10", False),
        ("08.10.2026 17:10", "dmy", "2026-10-08T17:10", False),
        ("8.10.26, 17:10:31", "dmy", "2026-10-08T17:10:31", False),
        ("2026-10-08T17:10:31Z", "ymd", "2026-10-08T17:10:31", True),
        ("2026-10-08 17:10:31+02:00", "ymd", "2026-10-08T15:10:31", True),
        ("10/8/2026 5:10 PM", "mdy", "2026-10-08T17:10", False),
        ("10/8/2026 12:05 am", "mdy", "2026-10-08T00:05", False),
        ("2026-10-08", "mdy", "2026-10-08T00:00", False),
    ],
)
def test_times(text: str, order: str, iso: str, zoned: bool) -> None:
    assert moment(text, order) == (datetime.fromisoformat(iso).replace(tzinfo=UTC).timestamp(), zoned)


@pytest.mark.parametrize(
    "text", ["", "Lifetime", "13/13/2026", "31.02.2026", "yesterday", "25:70", "10/08/2026 14:00 pm"]
)
def test_no_time(text: str) -> None:
    assert moment(text, "dmy") is None


def test_day_or_month_first_is_seen() -> None:
    assert order_of(["01/02/2026 10:00", "13/02/2026 10:00"]) == ("dmy", True)
    assert order_of(["01/02/2026 10:00", "02/13/2026 10:00"]) == ("mdy", True)
    assert order_of(["01.02.2026"]) == ("dmy", True)
    assert order_of(["2026-02-01"]) == ("ymd", True)
    assert order_of(["01/02/2026"], "dmy") == ("dmy", False)


def test_addresses() -> None:
    assert shortcode_of("https://www.instagram.com/p/C1a-B_2c/?hl=de") == "C1a-B_2c"
    assert shortcode_of("https://instagram.com/kiln.and.clay/reel/C1aB2c/") == "C1aB2c"
    assert shortcode_of("https://www.instagram.com/kiln.and.clay/") == ""
    assert shortcode_of("https://example.org/p/C1aB2c/") == ""
    assert type_of("https://www.instagram.com/reel/C1aB2c/") == "reel"
    assert type_of("https://www.instagram.com/stories/kiln/123/") == "story"
    assert type_of("https://www.instagram.com/p/C1aB2c/") is None
