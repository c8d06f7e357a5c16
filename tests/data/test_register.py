"""The register of cities and its aliases: every known trap has its own assertion.

Reads only the two committed CSV files, so it runs anywhere the repository is checked out.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import Counter, defaultdict
from functools import cache
from pathlib import Path

import pytest

REFERENCE = Path(__file__).resolve().parents[2] / "data" / "reference"

CITY_COLUMNS = [
    "city_id",
    "name_en",
    "name_local",
    "country_iso2",
    "place_kind",
    "group_id",
    "is_mission_city",
    "is_lt_municipality",
    "is_tr_metropolitan",
    "is_tr_city",
    "latitude_deg",
    "longitude_deg",
    "coordinate_source",
    "population_count",
    "population_year",
    "population_source",
    "area_km2",
    "mission_label_date",
    "mission_label_wave",
    "climate_target_year",
    "nuts3_code",
    "urban_audit_code",
    "gcom_id",
    "lau_code",
    "green_network_member",
    "note",
    "source_ref",
]
ALIAS_COLUMNS = ["source_id", "source_city_key", "city_id", "place_name", "matched_by", "reviewed", "reason"]

PLACE_KINDS = {
    "city_municipality",
    "district",
    "district_municipality",
    "joint",
    "local_authority",
    "metropolitan",
    "municipality",
    "provincial_centre",
    "region",
    "village",
}
POPULATION_SOURCES = {
    "",
    "ccc_mission_stated",
    "cdp_citywide_2016_2021",
    "dk_klimaregnskabet_derived",
    "gcom_signatories_2024",
    "geonames_populated_place",
    "lt_tr_register",
    "uk_local_authority",
}

# Rough frames (south, north, west, east) in degrees; islands that belong to the country are inside.
FRAMES: dict[str, tuple[float, float, float, float]] = {
    "AL": (39.5, 42.8, 19.1, 21.2),
    "AT": (46.2, 49.1, 9.4, 17.3),
    "BA": (42.4, 45.4, 15.6, 19.8),
    "BE": (49.4, 51.6, 2.4, 6.5),
    "BG": (41.1, 44.3, 22.2, 28.8),
    "CH": (45.7, 47.9, 5.8, 10.6),
    "CY": (34.4, 35.8, 32.2, 34.7),
    "CZ": (48.4, 51.2, 12.0, 19.0),
    "DE": (47.1, 55.2, 5.7, 15.2),
    "DK": (54.4, 57.9, 7.9, 15.3),
    "EE": (57.4, 59.9, 21.6, 28.3),
    "ES": (27.5, 43.9, -18.3, 4.5),
    "FI": (59.6, 70.2, 19.0, 31.7),
    "FR": (41.2, 51.2, -5.3, 9.7),
    "GB": (49.8, 60.9, -8.7, 1.9),
    "GR": (34.7, 41.9, 19.2, 29.8),
    "HR": (42.2, 46.7, 13.3, 19.6),
    "HU": (45.6, 48.7, 16.0, 23.0),
    "IE": (51.3, 55.5, -10.8, -5.9),
    "IL": (29.4, 33.4, 34.2, 35.9),
    "IS": (63.2, 66.7, -24.7, -13.3),
    "IT": (35.4, 47.2, 6.5, 18.7),
    "LT": (53.8, 56.6, 20.8, 26.9),
    "LU": (49.4, 50.3, 5.6, 6.6),
    "LV": (55.6, 58.2, 20.8, 28.4),
    "ME": (41.8, 43.7, 18.3, 20.5),
    "MT": (35.7, 36.2, 14.1, 14.7),
    "NL": (50.7, 53.7, 3.2, 7.4),
    "NO": (57.8, 71.4, 4.3, 31.4),
    "PL": (48.9, 55.0, 14.0, 24.3),
    "PT": (29.9, 42.3, -31.5, -6.0),
    "RO": (43.5, 48.4, 20.1, 29.9),
    "SE": (55.2, 69.2, 10.8, 24.3),
    "SI": (45.3, 47.0, 13.2, 16.7),
    "SK": (47.6, 49.7, 16.7, 22.7),
    "TR": (35.7, 42.3, 25.5, 45.0),
}

# Different places of one country whose names are equal without accents. Each pair needs a reason.
SAME_ASCII_NAME: dict[tuple[str, str], str] = {
    ("SE", "habo"): "Habo (Jönköping county) and Håbo (Uppsala county) are two municipalities",
}

Row = dict[str, str]


@cache
def cities() -> dict[str, Row]:
    """Register rows by city_id (the first row of a repeated id wins; another test looks for repeats)."""
    return {row["city_id"]: row for row in reversed(rows("city.csv"))}


@cache
def rows(name: str) -> tuple[Row, ...]:
    with (REFERENCE / name).open(encoding="utf-8", newline="") as handle:
        return tuple(csv.DictReader(handle))


@cache
def aliases() -> dict[tuple[str, str], str]:
    return {(row["source_id"], row["source_city_key"]): row["city_id"] for row in rows("city_alias.csv")}


def alias_row(source_id: str, key: str) -> Row:
    found = [
        row
        for row in rows("city_alias.csv")
        if row["source_id"] == source_id and row["source_city_key"] == key
    ]
    assert len(found) == 1, f"{source_id} {key}: {len(found)} aliases"
    return found[0]


def ascii_name(name: str) -> str:
    """Name without accents, in lower case, dotless i as i: the key under which homonyms are looked for."""
    for old, new in {
        "ı": "i",
        "ł": "l",
        "Ł": "L",
        "ø": "o",
        "Ø": "O",
        "đ": "d",
        "ß": "ss",
        "æ": "ae",
    }.items():
        name = name.replace(old, new)
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return " ".join(re.sub(r"[^0-9a-z]+", " ", plain.casefold()).split())


def test_columns_are_the_agreed_ones() -> None:
    assert list(rows("city.csv")[0]) == CITY_COLUMNS
    assert list(rows("city_alias.csv")[0]) == ALIAS_COLUMNS


def test_ids_are_unique_sorted_and_slug_shaped() -> None:
    ids = [row["city_id"] for row in rows("city.csv")]
    assert ids == sorted(ids)
    assert [i for i, n in Counter(ids).items() if n > 1] == []
    assert [i for i in ids if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", i)] == []


def test_names_are_readable() -> None:
    """No text read in the wrong encoding, no office words or remarks of the source left in a name."""
    broken = re.compile(r"[ÃÂ][\x80-\xbf]|\ufffd|\[|\(duplicated|önkormányzat|Municipality|\bCouncil\b", re.I)
    assert [row["city_id"] for row in cities().values() if broken.search(row["name_en"])] == []


def test_group_counts() -> None:
    register = cities().values()
    assert sum(row["is_mission_city"] == "true" for row in register) == 112
    assert sum(row["is_lt_municipality"] == "true" for row in register) == 60
    assert sum(row["is_tr_metropolitan"] == "true" for row in register) == 30
    assert sum(row["is_tr_city"] == "true" and row["is_tr_metropolitan"] == "false" for row in register) >= 50


def test_group_follows_the_flags() -> None:
    for row in cities().values():
        if row["is_mission_city"] == "true":
            expected = "mission"
        elif row["is_lt_municipality"] == "true":
            expected = "lt"
        elif row["is_tr_city"] == "true":
            expected = "tr"
        else:
            expected = "other"
        assert row["group_id"] == expected, row["city_id"]


def test_words_are_from_the_lists() -> None:
    for row in cities().values():
        assert row["place_kind"] in PLACE_KINDS, row["city_id"]
        assert row["population_source"] in POPULATION_SOURCES, row["city_id"]
        assert bool(row["population_count"]) == bool(row["population_source"]), row["city_id"]
        assert row["country_iso2"] in FRAMES, row["city_id"]
        assert row["name_en"].strip() == row["name_en"] != "", row["city_id"]
        for flag in ("is_mission_city", "is_lt_municipality", "is_tr_metropolitan", "is_tr_city"):
            assert row[flag] in {"true", "false"}, row["city_id"]
    for row in rows("city_alias.csv"):
        assert row["matched_by"] in {"id", "name", "manual", "code"}, row
        assert row["reviewed"] in {"yes", "no"}, row


def test_coordinates_are_inside_the_country() -> None:
    outside = []
    for row in cities().values():
        assert bool(row["latitude_deg"]) == bool(row["longitude_deg"]) == bool(row["coordinate_source"])
        if not row["latitude_deg"]:
            continue
        south, north, west, east = FRAMES[row["country_iso2"]]
        latitude, longitude = float(row["latitude_deg"]), float(row["longitude_deg"])
        if not (south <= latitude <= north and west <= longitude <= east):
            outside.append(row["city_id"])
    assert outside == []


def test_every_mission_lithuanian_and_turkish_city_has_a_point() -> None:
    assert [
        row["city_id"] for row in cities().values() if row["group_id"] != "other" and not row["latitude_deg"]
    ] == []


def test_no_city_id_of_another_country() -> None:
    """An id with a country ending belongs to that country (mission, LT and TR ids have none)."""
    for row in cities().values():
        if row["group_id"] == "other":
            assert f"-{row['country_iso2'].lower()}" in row["city_id"], row["city_id"]


def test_aliases_lead_to_register_cities() -> None:
    assert {row["city_id"] for row in rows("city_alias.csv")} - set(cities()) == set()


def test_one_source_key_leads_to_one_city() -> None:
    keys = Counter((row["source_id"], row["source_city_key"]) for row in rows("city_alias.csv"))
    assert [key for key, n in keys.items() if n > 1] == []


def test_alias_country_is_the_city_country() -> None:
    """A key written CC|name can only lead to a city of that country."""
    for row in rows("city_alias.csv"):
        code, bar, _ = row["source_city_key"].partition("|")
        if bar:
            assert cities()[row["city_id"]]["country_iso2"] == code, row


def test_gcom_id_country_is_the_city_country() -> None:
    for row in rows("city_alias.csv"):
        if row["source_id"] == "gcom_mycovenant_2019":
            assert cities()[row["city_id"]]["country_iso2"] == row["source_city_key"][:2], row


def test_same_name_in_one_country_needs_a_reason() -> None:
    names: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in cities().values():
        names[row["country_iso2"], ascii_name(row["name_en"])].append(row["city_id"])
    found = {key for key, ids in names.items() if len(ids) > 1}
    assert found == set(SAME_ASCII_NAME)


@pytest.mark.parametrize(
    ("source_id", "key", "city_id"),
    [
        # Kaunas city and Kaunas District are two places; 76,057 t in 2008 is the district.
        ("gcom_mycovenant_2019", "LT0002", "kaunas"),
        ("gcom_mycovenant_2019", "LT0003", "kaunas-district"),
        ("lt_tr_municipal", "LT|Kaunas", "kaunas"),
        ("lt_tr_municipal", "LT|Kaunas District", "kaunas-district"),
        # Vilnius is one city under two location codes.
        ("eucom_nci_2022", "LT VIL", "vilnius"),
        ("eucom_nci_2022", "LT VNO", "vilnius"),
        ("gcom_mycovenant_2019", "LT0001", "vilnius"),
        # Tauragė is the district municipality.
        ("ccc_mission", "CCC:taurage", "taurage"),
        ("lt_tr_municipal", "LT|Tauragė", "taurage"),
        # Panevėžys city, not the district.
        ("cdp_citywide_2016_2021", "CDP:60223", "panevezys"),
        ("lt_tr_municipal", "LT|Panevėžys", "panevezys"),
        ("mission_partnerships", "LT|Panevėžys District Municipality", "panevezys-district"),
        # Turkish spellings.
        ("gcom_mycovenant_2019", "TR0008", "kadikoy"),
        ("cdp_citywide_2016_2021", "CDP:74671", "kadikoy"),
        ("cdp_targets_2021", "CDP:74671", "kadikoy"),
        ("lt_tr_municipal", "TR|Kadıköy (İstanbul)", "kadikoy"),
        ("cdp_citywide_2016_2021", "CDP:74672", "nilufer"),
        ("cdp_citywide_2016_2021", "CDP:44076", "bursa"),
        ("gcom_mycovenant_2019", "TR0003", "bursa"),
        ("gcom_mycovenant_2019", "TR0011", "nilufer"),
        ("cdp_citywide_2016_2021", "CDP:840521", "denizli"),
        ("cdp_targets_2021", "CDP:840521", "denizli"),
        ("gcom_mycovenant_2019", "TR0004", "antalya"),
        ("cdp_citywide_2016_2021", "CDP:74670", "antalya"),
        ("gcom_mycovenant_2019", "TR0012", "tepebasi"),
        ("gcom_mycovenant_2019", "TR0013", "karsiyaka"),
        ("gcom_mycovenant_2019", "TR0002", "izmir"),
        ("cdp_citywide_2016_2021", "CDP:74673", "izmir"),
        ("nangini_2019", "TR|Izmir", "izmir"),
        ("ccc_mission", "CCC:izmir", "izmir"),
        ("cdp_citywide_2016_2021", "CDP:35755", "kadiovacik"),
        # Bucharest 2nd District is not Bucharest; its document is named Bucharest.
        ("ccc_mission", "CCC:bucharest", "bucharest-sector-2"),
        # Eindhoven and Helmond: joint in the contract, single in the Covenant.
        ("ccc_mission", "CCC:eindhoven", "eindhoven-helmond"),
        ("gcom_mycovenant_2019", "NL0006", "eindhoven-nl"),
        ("gcom_mycovenant_2019", "NL0019", "helmond-nl"),
        # French metropoles and their core cities.
        ("gcom_mycovenant_2019", "FR0019", "angers"),
        ("gcom_mycovenant_2019", "FR0008", "grenoble"),
        ("gcom_mycovenant_2019", "FR0028", "grenoble-fr"),
        ("eucom_nci_2022", "FR GNB", "grenoble-fr"),
        ("gcom_mycovenant_2019", "FR0009", "lyon"),
        ("gcom_mycovenant_2019", "FR0002", "metropole-de-lyon-fr"),
        ("gcom_mycovenant_2019", "FR0015", "nice-cote-d-azur-fr"),
        ("gcom_mycovenant_2019", "FR0175", "nice-fr"),
        ("cdp_citywide_2016_2021", "CDP:50220", "nice-cote-d-azur-fr"),
        # City of Brussels is not the Brussels-Capital Region.
        ("gcom_mycovenant_2019", "BE0285", "brussels"),
        ("gcom_mycovenant_2019", "BE0006", "brussels-city-be"),
        ("cdp_citywide_2016_2021", "CDP:35854", "brussels-city-be"),
        ("nangini_2019", "BE|Brussels", "brussels"),
        # The figure named Lyon is of the metropole's size.
        ("nangini_2019", "FR|Lyon", "metropole-de-lyon-fr"),
        # Two municipalities that differ by one ring over the a.
        ("smhi_klimatkollen", "SE|Habo", "habo-se"),
        ("smhi_klimatkollen", "SE|Håbo", "habo-uppsala-se"),
        # Manchester is not Greater Manchester.
        ("cdp_citywide_2016_2021", "CDP:11315", "manchester-gb"),
        # Cork and Dublin are the city councils.
        ("gcom_mycovenant_2019", "IE0017", "cork"),
        ("gcom_mycovenant_2019", "IE0002", "cork-county-ie"),
    ],
)
def test_known_trap(source_id: str, key: str, city_id: str) -> None:
    assert aliases().get((source_id, key)) == city_id


def test_places_that_must_stay_apart() -> None:
    """Each of these ids is a place of its own."""
    assert {
        "kaunas", "kaunas-district", "panevezys", "panevezys-district", "eskisehir", "tepebasi",
        "bursa", "nilufer", "izmir", "karsiyaka", "karsiyaka-erdek", "grenoble", "grenoble-fr",
        "lyon", "metropole-de-lyon-fr", "eindhoven-helmond", "eindhoven-nl", "helmond-nl",
        "brussels", "brussels-city-be", "elbasan", "kocaeli", "izmit",
    } <= set(cities())  # fmt: skip


def test_taurage_is_the_district_municipality() -> None:
    row = cities()["taurage"]
    assert row["place_kind"] == "district_municipality"
    assert row["lau_code"] == "LT-77"
    assert row["population_count"] == "38921"
    assert row["is_mission_city"] == row["is_lt_municipality"] == "true"


@pytest.mark.parametrize(
    ("source_id", "key"),
    [
        # Regions, counties and combined authorities.
        ("cdp_citywide_2016_2021", "CDP:35898"),
        ("cdp_citywide_2016_2021", "CDP:833284"),
        ("cdp_citywide_2016_2021", "CDP:5871"),
        ("cdp_citywide_2016_2021", "CDP:862814"),
        ("uk_local_authority", "GMCA"),
        ("uk_local_authority", "KEN"),
        ("nangini_2019", "GB|Manchester"),
        ("gcom_mycovenant_2019", "IT0009"),
        ("openghgmap_r2021a", "ES-GU"),
        # Bucharest as a whole is not the 2nd District.
        ("edgar_fua_1970_2015", "RO|Bucharest"),
        ("edgar_v50_fua", "RO|Bucharest"),
        ("sdsn_eu_cities_2019", "RO|Bucharest"),
        ("undata_city_population", "RO|Bucharest"),
        # The metropolitan city of Milan is a province; an entry the source itself marks as duplicated.
        ("cdp_targets_2021", "CDP:854042"),
        ("gcom_mycovenant_2019", "IT2795"),
        # Another Frankfurt, a rural district, a provincial governorship.
        ("who_aap_2022", "DE|Frankfurt (Oder)"),
        ("lt_tr_partnerships", "DE|Offenbach (district)"),
        ("lt_tr_partnerships", "TR|Manisa (Governorship)"),
        # Given as Turkish, with a point in Bosnia and Herzegovina.
        ("lt_tr_partnerships", "TR|Tuzla"),
    ],
)
def test_key_that_must_not_match(source_id: str, key: str) -> None:
    assert (source_id, key) not in aliases()


def test_doubtful_covenant_names_carry_a_reason() -> None:
    row = alias_row("gcom_mycovenant_2019", "BE0480")
    assert row["reviewed"] == "no"
    assert "name doubtful" in row["reason"]
    doubtful = [r for r in rows("city_alias.csv") if r["reason"].find("name doubtful") >= 0]
    assert len(doubtful) > 100


def test_populated_place_figures_are_named_as_such() -> None:
    """A GeoNames figure may set a size class; it must be told apart from a municipal one."""
    assert cities()["differdange"]["population_source"] == "geonames_populated_place"
    for row in cities().values():
        if row["group_id"] in {"lt", "tr"} and row["city_id"] != "kadiovacik":
            assert row["population_source"] == "lt_tr_register", row["city_id"]
            assert re.fullmatch(r"20\d\d", row["population_year"]), row["city_id"]
