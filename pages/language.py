"""Words, numbers and dates in the reader's language. No streamlit here.

The source language is English. Each other language is one gettext catalogue under ``pages/locales``
(only the readable ``.po`` is kept; it is compiled in memory, once a process). Babel formats numbers and
dates, so 1234.5 reads 1,234.5 in English, 1 234,5 in Lithuanian and 1.234,5 in Turkish.

Use it through :func:`pages.parts.session.language`:

    lang = session.language()
    _ = lang.gettext
    st.write(_("{count} cities are on pace", count=lang.number(12)))

Texts from the registry (``pipeline/catalogue/*.yml``) go through ``gettext`` as well: they are collected by
``tests/i18n/extract.py`` together with the words in the Python files.
"""

from __future__ import annotations

import datetime as dt
import gettext
import io
import math
from dataclasses import dataclass, field
from decimal import Decimal, localcontext
from functools import cache
from pathlib import Path

from babel import Locale
from babel.dates import format_date
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent

LOCALES = Path(__file__).parent / "locales"
LANGUAGES: dict[str, str] = {"en": "English", "lt": "Lietuvių", "tr": "Türkçe"}
"""Language code in the address -> the language's own name."""

NOT_KNOWN = "–"
"""What stands where a number would, when there is none. Never 0."""


def N_(message: str) -> str:
    """Marks a text for translation where it is defined; it is translated where it is shown."""
    return message


@cache
def catalogue(code: str) -> gettext.NullTranslations:
    """The compiled catalogue of a language; English needs none."""
    path = LOCALES / code / "LC_MESSAGES" / "dashboard.po"
    if code == "en" or not path.exists():
        return gettext.NullTranslations()
    with path.open("rb") as source:
        messages = read_po(source, locale=code)
    compiled = io.BytesIO()
    write_mo(compiled, messages)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


@dataclass(frozen=True, slots=True)
class Language:
    """One language: translate with :meth:`gettext`, format with the other methods."""

    code: str
    locale: Locale = field(compare=False, repr=False)
    messages: gettext.NullTranslations = field(compare=False, repr=False)

    def gettext(self, message: str, **values: object) -> str:
        """The message in this language, with ``{name}`` places filled in."""
        text = self.messages.gettext(message) if message else ""
        return text.format(**values) if values else text

    def ngettext(self, singular: str, plural: str, count: int, **values: object) -> str:
        """The form for this count (Lithuanian has three). ``{count}`` is filled in, formatted."""
        text = self.messages.ngettext(singular, plural, count)
        return text.format(**{"count": self.number(count), **values})

    def pgettext(self, context: str, message: str) -> str:
        """The message where one English word has two meanings; the context tells which."""
        return self.messages.pgettext(context, message)

    def number(self, value: float | None, decimals: int = 0, *, sign: bool = False) -> str:
        """A number with this many decimals at most; a dash when it is not known."""
        if value is None or math.isnan(value):
            return NOT_KNOWN
        value = round(value, decimals) + 0.0  # + 0.0 turns -0.0 into 0.0
        shape = "#,##0" + ("." + "0" * decimals if decimals else "")
        return format_decimal(
            value, format=f"+{shape};-{shape}" if sign and value else shape, locale=self.locale
        )

    def plain_number(self, text: str) -> str:
        """A number kept as text ("1234.50": a point, no groups), with all the decimals it is given with."""
        decimals = len(text.partition(".")[2])
        with localcontext() as context:
            context.prec = max(context.prec, len(text))  # cells may hold more digits than it has by default
            shape = "#,##0" + ("." + "0" * decimals if decimals else "")
            return format_decimal(Decimal(text), format=shape, locale=self.locale)

    def percent(self, value: float | None, decimals: int = 0, *, sign: bool = False) -> str:
        """A share given in per cent (12.5 means 12.5 %), in the language's own way of writing it."""
        if value is None or math.isnan(value):
            return NOT_KNOWN
        value = round(value, decimals) + 0.0
        pattern = self.locale.percent_formats[None].pattern.split(";")[0]
        shape = pattern.replace("#,##0", "#,##0" + ("." + "0" * decimals if decimals else ""))
        return format_percent(
            value / 100, format=f"+{shape};-{shape}" if sign and value else shape, locale=self.locale
        )

    def tonnes(self, value: float | None, gas: str = "") -> str:
        """Tonnes, thousand tonnes (kt) or million tonnes (Mt), to three figures: 4.25 Mt CO2e."""
        if value is None or math.isnan(value):
            return NOT_KNOWN
        size = abs(value)
        scaled, unit = (value, "t") if size < 10_000 else (value / 1e3, "kt")
        if size >= 999_500:
            scaled, unit = value / 1e6, "Mt"
        decimals = 0 if unit == "t" or abs(scaled) >= 99.95 else 1 if abs(scaled) >= 9.995 else 2
        return f"{self.number(scaled, decimals)}\u00a0{unit}" + (f"\u00a0{gas}" if gas else "")

    def date(self, value: dt.date | dt.datetime | None) -> str:
        """Day, month in words, year."""
        return NOT_KNOWN if value is None else format_date(value, format="long", locale=self.locale)

    def month(self, value: dt.date) -> str:
        """Month in words and year."""
        return format_date(value, format="LLLL y", locale=self.locale)

    def moment(self, value: dt.datetime) -> str:
        """Date and time of day, UTC."""
        return f"{self.date(value)}, {value:%H:%M} UTC"

    def years(self, first: int | None, last: int | None) -> str:
        """2010–2020, or one year. Years never get a thousands separator."""
        if first is None or last is None:
            return NOT_KNOWN if first is None and last is None else str(first or last)
        return str(int(first)) if first == last else f"{int(first)}–{int(last)}"

    def country(self, iso2: str | None) -> str:
        """The country's name in this language; the code itself when it is unknown."""
        if not iso2:
            return NOT_KNOWN
        if iso2 == "XK":  # with the asterisk of the footnote
            return f"{self.locale.territories.get('XK', 'Kosovo')}*"
        return str(self.locale.territories.get(iso2, iso2))

    def listed(self, items: list[str]) -> str:
        """a, b and c."""
        return format_list(items, locale=self.locale) if items else ""

    def sort_key(self, text: str) -> tuple[tuple[int, ...], str]:
        """Orders names by this language's alphabet: č after c, ı before i, ö after o."""
        alphabet = ALPHABETS[self.code]
        folded = text.replace("I", "ı").replace("İ", "i").lower() if self.code == "tr" else text.lower()
        place = {letter: number for number, letter in enumerate(alphabet)}
        return tuple(place.get(letter, len(alphabet) + ord(letter)) for letter in folded), text


ALPHABETS: dict[str, str] = {
    "en": " -'aáàâäãåăąæbcćčçdďđeéèêëěęfgğhiíîïıjklľłmnńňñoóòôöõøőpqrřsśšşștťțuúûüűůvwxyýzźžżß",
    "lt": " -'aáàâäãåăąæbcćçčdďđeéèêëěęėfgğhiíîïıįyýjklľłmnńňñoóòôöõøőpqrřsśşșštťțuúûüűůųūvwxzźżžß",
    "tr": " -'aáàâäãåăąæbcćčçdďđeéèêëěęfgğhıiíîïjklľłmnńňñoóòôõøőöpqrřsśšșştťțuúûűůüvwxyýzźžżß",
}
"""Letters in the order of each language's dictionary; letters of other languages stand by their base."""


@cache
def language(code: str) -> Language:
    """The language of this code; English for a code the dashboard does not have."""
    known = code if code in LANGUAGES else "en"
    babel_code = {"en": "en_GB"}.get(known, known)
    return Language(known, Locale.parse(babel_code), catalogue(known))
