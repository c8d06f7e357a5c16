"""The countries the dashboard compares, by the names and codes that publishers use for them."""

from __future__ import annotations

# ISO 3166-1 alpha-2, alpha-3, English name, further spellings. Kosovo goes by XK and XKX.
_TABLE = """
AL ALB Albania
AM ARM Armenia
AT AUT Austria
BA BIH Bosnia and Herzegovina|Bosnia & Herzegovina
BE BEL Belgium
BG BGR Bulgaria
CH CHE Switzerland
CY CYP Cyprus
CZ CZE Czechia|Czech Republic|The Czech Republic
DE DEU Germany
DK DNK Denmark
EE EST Estonia
ES ESP Spain
FI FIN Finland
FR FRA France
GB GBR United Kingdom|United Kingdom of Great Britain and Northern Ireland|UK|England|Scotland
GE GEO Georgia
GR GRC Greece
HR HRV Croatia
HU HUN Hungary
IE IRL Ireland
IL ISR Israel
IS ISL Iceland
IT ITA Italy
LI LIE Liechtenstein
LT LTU Lithuania
LU LUX Luxembourg
LV LVA Latvia
MD MDA Moldova|Republic of Moldova|Moldova, Republic of
ME MNE Montenegro
MK MKD North Macedonia|The former Yugoslav Republic of Macedonia|TFYR of Macedonia
MT MLT Malta
NL NLD Netherlands|The Netherlands|Netherlands (Kingdom of the)
NO NOR Norway
PL POL Poland
PT PRT Portugal
RO ROU Romania
RS SRB Serbia
SE SWE Sweden
SI SVN Slovenia
SK SVK Slovakia
TR TUR Türkiye|Turkey|Türkiye, Republic of
UA UKR Ukraine
XK XKX Kosovo|Kosovo*|Kosovo (under UNSC Resolution 1244/99)
"""


def _parse() -> tuple[frozenset[str], dict[str, str], dict[str, str]]:
    codes: set[str] = set()
    by_alpha3: dict[str, str] = {}
    by_name: dict[str, str] = {}
    for line in _TABLE.strip().splitlines():
        code, alpha3, names = line.split(" ", 2)
        codes.add(code)
        by_alpha3[alpha3] = code
        by_name |= {name.casefold(): code for name in names.split("|")}
    return frozenset(codes), by_alpha3, by_name


CODES, _BY_ALPHA3, _BY_NAME = _parse()


def from_code(code: str) -> str | None:
    """Alpha-2 code of a two-letter code, also Eurostat's EL and UK; None for a country not compared here."""
    known = {"EL": "GR", "UK": "GB"}.get(code.upper(), code.upper())
    return known if known in CODES else None


def from_alpha3(code: str) -> str | None:
    return _BY_ALPHA3.get(code.upper())


def from_name(name: str) -> str | None:
    return _BY_NAME.get(" ".join(name.split()).casefold())
