"""Readers on small files in official shape: what they make of them, and what they say of bad ones."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
import yaml

from pipeline.sources import (
    c40_gpc,
    cdp_citywide,
    cdp_targets,
    dk_klimaregnskabet,
    edgar,
    eurostat,
    gcom_mycovenant,
    openghgmap,
    rows,
    smhi,
    tables,
    uk_local_authority,
    undata,
    urb_cenv,
    who_aap,
)
from tests.sources import shapes

Figures = set[tuple[object, ...]]
CATALOGUE = Path(__file__).resolve().parents[2] / "pipeline" / "catalogue"


def ids(name: str) -> set[str]:
    return {str(entry["id"]) for entry in yaml.safe_load((CATALOGUE / f"{name}.yml").read_text("utf-8"))}


def test_every_sector_a_reader_gives_is_in_the_registry() -> None:
    given = {*gcom_mycovenant.SECTORS.values(), gcom_mycovenant.TOTAL, *smhi.SECTORS.values()}
    given |= {*uk_local_authority.SECTORS.values(), *dk_klimaregnskabet.SECTORS.values()}
    given |= {*c40_gpc.BASIC.values(), *c40_gpc.BASIC_PLUS.values(), *c40_gpc.TERRITORIAL.values()}
    assert given - ids("sectors") == set()


def test_every_indicator_a_reader_gives_is_in_the_registry_with_its_unit() -> None:
    given = {*eurostat.GDP_UNITS.values(), *urb_cenv.INDICATORS.values()}
    given |= {(indicator, "ug/m3") for _, indicator in who_aap.POLLUTANTS.values()}
    given |= {(indicator, "persons") for _, indicator in undata.LEVELS.values()}
    known = yaml.safe_load((CATALOGUE / "indicators.yml").read_text("utf-8"))
    assert given - {(entry["id"], entry["unit"]) for entry in known} == set()


def figures(found: Iterable[rows.Row], *columns: str) -> Figures:
    return {tuple(row[column] for column in columns) for row in found}


def test_c40_leaves_out_notation_keys_and_takes_the_calendar_year(tmp_path: Path) -> None:
    found = list(c40_gpc.read(shapes.c40(tmp_path / "c40.xlsx")))
    assert figures(found, "year", "scope", "sector_id", "value") == {
        (2016, "BASIC", "total", 60.0),
        (2016, "BASIC", "stationary_energy_buildings", 30.0),
        (2016, "BASIC", "transport", 20.0),
        (2016, "BASIC", "waste", 10.0),
        (2016, "territorial", "total", 40.0),
    }
    assert figures(found, "source_city_key", "country_iso2") == {("NL|Testville", "NL")}


@pytest.mark.parametrize("key", ["NE", "NO", "IE", "C"])
def test_c40_key_in_a_figure_is_missing_and_not_zero(key: str, tmp_path: Path) -> None:
    found = list(c40_gpc.read(shapes.c40(tmp_path / "c40.xlsx", BASIC_Transport=key)))
    assert "transport" not in {row["sector_id"] for row in found}
    assert len(found) == 4


def test_uk_kilotonnes_become_tonnes(tmp_path: Path) -> None:
    found = list(uk_local_authority.read(shapes.uk_csv(tmp_path / "uk.csv")))
    assert len(found) == 8
    assert ("industry", 3000.0, 2500, "CO2") in figures(
        found, "sector_id", "value", "population_count", "gas_basis"
    )


def test_uk_workbook_has_its_header_in_row_five_and_x_is_missing(tmp_path: Path) -> None:
    found = list(uk_local_authority.read(shapes.uk_workbook(tmp_path / "uk.xlsx")))
    assert figures(found, "source_city_key", "sector_id", "value", "gas_basis") == {
        ("E1", "industry", 1500.0, "CO2e"),
        ("E1", "transport", 2000.0, "CO2e"),
        ("E1", "total", 3500.0, "CO2e"),
    }


def test_uk_sheet_of_carbon_dioxide_is_carbon_dioxide(tmp_path: Path) -> None:
    found = uk_local_authority.read(shapes.uk_workbook(tmp_path / "uk.xlsx", "1_2"))
    assert figures(found, "gas_basis") == {("CO2",)}


def test_gcom_2019_sums_say_that_they_are_sums(tmp_path: Path) -> None:
    found = list(gcom_mycovenant.read(shapes.gcom_2019(tmp_path / "g.xlsx")))
    emissions = [row for row in found if row.table == "emissions"]
    totals = [row for row in emissions if row["sector_level"] == "total"]
    assert figures(totals, "scope", "value", "series_key", "flags") == {
        ("direct", 100.0, "tra", "computed_sum"),
        ("indirect", 20.0, "res", "computed_sum"),
        ("direct+indirect", 120.0, "res+tra", "computed_sum"),
    }
    assert figures((row for row in found if row.table == "energy"), "sector_id", "value", "unit") == {
        ("transport", 12.0, "MWh")
    }


def test_gcom_monitoring_release_adds_carriers_and_leaves_missing_years_out(tmp_path: Path) -> None:
    found = list(gcom_mycovenant.read(shapes.gcom_monitoring(tmp_path / "df3.xlsx")))
    assert figures(found, "source_city_key", "year", "value", "unit", "inventory_kind") == {
        ("LT0009", 2021, 12.0, "t", "monitoring"),
        ("LT0009", 2021, 10.0, "MWh", "monitoring"),
    }


@pytest.mark.parametrize("columns", [cdp_citywide.COLUMNS_2019, cdp_citywide.COLUMNS_2021])
def test_cdp_zero_is_not_given_and_the_period_ends_in_its_year(
    columns: dict[str, tuple[str, str]], tmp_path: Path
) -> None:
    found = list(cdp_citywide.read(shapes.cdp(tmp_path / "cdp.csv", columns)))
    assert figures(found, "source_city_key", "city_name", "year", "scope", "value", "series_key") == {
        ("CDP:5", "City of Test", 2019, "1", 30.0, "excl_grid_generation"),
        ("CDP:5", "City of Test", 2019, "2", 12.5, "excl_grid_generation"),
        ("CDP:5", "City of Test", 2019, "1+2", 42.5, "excl_grid_generation"),
    }


def target(path: Path, **changed: object) -> Path:
    row = {
        "Account.Number": 5,
        "Organization": "Test",
        "City": "NA",
        "Country": "Lithuania",
        "iso": "LTU",
        cdp_targets.KIND: "Base year emissions (absolute) target",
        cdp_targets.SECTOR: cdp_targets.WHOLE_CITY,
        cdp_targets.BASE_YEAR: 2015,
        cdp_targets.BASE: 1234,
        cdp_targets.CUT: 80,
        cdp_targets.YEAR: 2030,
        cdp_targets.LEVEL: "NA",
        cdp_targets.BAU: "NA",
    } | changed
    return shapes.table(path, [cdp_targets.NEEDED, shapes.filled(cdp_targets.NEEDED, row)])


def test_cdp_target_in_kilotonnes_is_suspected_and_not_corrected(tmp_path: Path) -> None:
    found = cdp_targets.read(target(tmp_path / "t.csv"))
    assert figures(found, "city_name", "target_kind", "base_value", "reduction_pct", "flags") == {
        ("Test", "base_year", 1234.0, 80.0, "suspected_kt")
    }


def test_cdp_target_of_one_sector_is_not_a_target_of_the_city(tmp_path: Path) -> None:
    assert list(cdp_targets.read(target(tmp_path / "t.csv", Sector="Transport"))) == []


def test_smhi_total_is_the_sum_of_all_sectors_or_absent(tmp_path: Path) -> None:
    full: dict[str, object] = dict.fromkeys(smhi.SECTORS, 1.5)
    partial = dict(list(full.items())[:3])
    path = shapes.document(tmp_path / "s.json", [{"name": "Ort", "sectors": {"2020": full, "2021": partial}}])
    totals = [row for row in smhi.read(path) if row["sector_id"] == "total"]
    assert figures(totals, "year", "value", "flags") == {(2020, 13.5, "computed_sum")}


def denmark(values: list[object]) -> dict[str, object]:
    sectors = dict.fromkeys(dk_klimaregnskabet.SECTORS, values)
    place = {"kommuneKode": "0101", "kommuneNavn": "By", "years": [2020, 2021]}
    return {"kommuner": [place | {"samletUdledning": values, "sektorer": sectors}]}


def test_danish_null_is_missing(tmp_path: Path) -> None:
    found = list(dk_klimaregnskabet.read(shapes.document(tmp_path / "d.json", denmark([5, None]))))
    assert figures(found, "year", "value") == {(2020, 5.0)}
    assert len(found) == 6


def test_openghgmap_keeps_second_values_apart_and_drops_countries(tmp_path: Path) -> None:
    lines = [openghgmap.COLUMNS, ("a", "LT VNO", 2018, 5), ("b", "LT VNO", 2018, 6), ("c", "LT", 2018, 9)]
    found = list(openghgmap.read(shapes.table(tmp_path / "o.csv", lines)))
    assert figures(found, "series_key", "value") == {("main", 5.0), ("value_2", 6.0)}


def test_edgar_carbon_is_kilotonnes_and_other_gases_are_no_emissions(tmp_path: Path) -> None:
    lines = [
        edgar.COLUMNS,
        ("Riga", "Latvia", 900.4, 10, "CO2", 2015, 3),
        ("Riga", "Latvia", 900.4, 10, "CO", 2015, 8),
    ]
    found = list(edgar.read(shapes.table(tmp_path / "e.csv", lines)))
    assert figures((row for row in found if row.table == "emissions"), "value", "unit") == {(3000.0, "t")}
    assert len(found) == 3


def test_eurostat_tsv_reads_flags_and_missing_and_greek_codes(tmp_path: Path) -> None:
    path = tmp_path / "nama.tsv.gz"
    text = "unit,geo\\time\t2020 \t2019 \t2005 \nEUR_HAB,EL301\t100 bp\t: \t90 \nEUR_HAB,EL3\t1 \t2 \t3 \n"
    path.write_bytes(gzip.compress(text.encode()))
    assert figures(eurostat.read(path), "geo_code", "country_iso2", "year", "value", "flags") == {
        ("EL301", "GR", 2020, 100.0, "break_in_series;provisional")
    }


def test_eurostat_json_stat_reads_sparse_values(tmp_path: Path) -> None:
    content = {
        "id": ["unit", "geo", "time"],
        "size": [1, 2, 2],
        "dimension": {
            "unit": {"category": {"index": {"MIO_EUR": 0}}},
            "geo": {"category": {"index": {"LT011": 0, "TR100": 1}}},
            "time": {"category": {"index": ["2019", "2020"]}},
        },
        "value": {"0": 10.5, "3": 7},
        "status": {"3": "e"},
    }
    found = eurostat.read(shapes.document(tmp_path / "n.json", content))
    assert figures(found, "geo_code", "year", "value", "flags") == {
        ("LT011", 2019, 10.5, None),
        ("TR100", 2020, 7.0, "estimated;exchange_rate"),
    }


def test_who_flags_short_measurement_and_the_pandemic(tmp_path: Path) -> None:
    found = who_aap.read(shapes.who(tmp_path / "w.xlsx"))
    assert figures(found, "indicator_id", "value", "flags") == {
        ("pm10_ug_m3", 20.5, "low_temporal_coverage;pandemic_year"),
        ("no2_ug_m3", 9.0, "temporal_coverage_not_stated;pandemic_year"),
    }


def test_undata_stops_at_the_footnotes_and_names_the_second_figure(tmp_path: Path) -> None:
    row = [
        "Lithuania",
        2011,
        "Total",
        "Both Sexes",
        "Kaunas",
        "City proper",
        "Estimate - de jure",
        "Final figure",
        2012,
        10,
    ]
    census = [*row[:6], "Census - de jure", *row[7:9], 12]
    path = shapes.table(tmp_path / "u.csv", [undata.COLUMNS, row, census, [1, "A footnote", *[""] * 8]])
    assert figures(undata.read(path), "place_name", "value", "flags", "flag_reason") == {
        ("Kaunas", 10.0, "second_figure", "the source also prints 12")
    }


def test_urb_cenv_takes_cities_only(tmp_path: Path) -> None:
    lines = [
        ("indic_code", "urau_code", "2004", "2005"),
        ("EN1002V", "LT001C", "5.1", ""),
        ("EN1002V", "LT", 4, 4),
    ]
    found = urb_cenv.read(shapes.table(tmp_path / "urb.csv", lines))
    assert figures(found, "source_place_key", "year", "value") == {("LT001C", 2004, 5.1)}


def test_urb_cenv_share_of_one_becomes_percent_and_says_so(tmp_path: Path) -> None:
    lines = [("indic_code", "urau_code", "2011"), ("EN3012V", "CZ004C", "0.99"), ("EN3012V", "LT001C", "98")]
    found = urb_cenv.read(shapes.table(tmp_path / "urb.csv", lines))
    assert figures(found, "source_place_key", "value", "flags", "flag_reason") == {
        ("CZ004C", 99.0, "share_read_as_percent", "printed 0.99, read as a share of 1"),
        ("LT001C", 98.0, None, None),
    }


def test_urb_cenv_reads_eurostats_own_layout(tmp_path: Path) -> None:
    path = tmp_path / "urb_cenv.tsv"
    path.write_text("freq,indic_ur,cities\\TIME_PERIOD\t2004 \t2005 \nA,EN1002V,LT001C\t5.1 e\t: \n", "utf-8")
    assert figures(urb_cenv.read(path), "source_place_key", "year", "value") == {("LT001C", 2004, 5.1)}


def test_cdp_targets_are_read_with_cdps_own_headers(tmp_path: Path) -> None:
    text = target(tmp_path / "t.csv").read_text("utf-8")
    header, rest = text.split("\n", 1)
    path = tmp_path / "own.csv"
    own = header.replace("..metric.tonnes.CO2e.", " (metric tonnes CO2e)").replace(".", " ")
    path.write_text(own + "\n" + rest, "utf-8")
    assert figures(cdp_targets.read(path), "country_iso2", "target_year") == {("LT", 2030)}


# Reader, a bad file, and what the message must name: file, sheet, row, column, value, remedy.
BAD: list[tuple[Callable[[Path], Iterable[rows.Row]], Callable[[Path], Path], list[str]]] = [
    (
        c40_gpc.read,
        lambda d: shapes.c40(d / "f.xlsx", "Cover"),
        ["f.xlsx", "no sheet", "Cover", "right file"],
    ),
    (
        c40_gpc.read,
        lambda d: shapes.c40(d / "f.xlsx", BASIC="[x]"),
        ["f.xlsx", "sheet 'GHG", "row 2", "column 'BASIC'", "'[x]'", "no number", "Correct the cell"],
    ),
    (
        c40_gpc.read,
        lambda d: shapes.c40(d / "f.xlsx", Year_calendar="NE"),
        ["row 2", "column 'Year_calendar'", "'NE'", "no year"],
    ),
    (c40_gpc.read, lambda d: shapes.c40(d / "f.xlsx", Level="GOLD"), ["column 'Level'", "'GOLD'", "BASIC"]),
    (c40_gpc.read, lambda d: shapes.uk_csv(d / "f.csv"), ["f.csv", "no .xlsx workbook", "Get it again"]),
    (
        uk_local_authority.read,
        lambda d: shapes.uk_workbook(d / "f.xlsx", **{"Grand Total": "12,5"}),
        ["sheet '1_1'", "row 6", "column 'Grand Total'", "'12,5'", "decimal point"],
    ),
    (
        uk_local_authority.read,
        lambda d: shapes.uk_workbook(d / "f.xlsx", "2_1"),
        ["no sheet '1_1'", "2_1"],
    ),
    (
        uk_local_authority.read,
        lambda d: shapes.table(d / "f.csv", [("Year", "official-name"), (2019, "x")]),
        ["f.csv", "row 1", "column 'local-authority-code' is missing", "layout changed"],
    ),
    (
        gcom_mycovenant.read,
        lambda d: shapes.gcom_2019(d / "f.xlsx", emissions="C"),
        ["row 2", "column 'emissions'", "'C'", "Correct the cell"],
    ),
    (
        gcom_mycovenant.read,
        lambda d: shapes.gcom_2019(d / "f.xlsx", emission_inventory_sector="Aviation"),
        ["column 'emission_inventory_sector'", "'Aviation'", "not known"],
    ),
    (gcom_mycovenant.read, lambda d: shapes.gcom_2019(d / "f.xlsx", "Sheet9"), ["no sheet", "Sheet9"]),
    (
        gcom_mycovenant.read,
        lambda d: shapes.gcom_monitoring(d / "f.xlsx", monitoring_report_id="m9"),
        ["sheet '3D_1'", "row 2", "column 'monitoring_report_id'", "'m9'", "no such report"],
    ),
    (
        cdp_citywide.read,
        lambda d: shapes.cdp(d / "f.csv", Population="many"),
        ["f.csv", "row 2", "column 'Population'", "'many'"],
    ),
    (
        cdp_citywide.read,
        lambda d: shapes.table(d / "f.csv", [[*cdp_citywide.NEEDED, "Accounting year"], ["x"] * 8]),
        ["f.csv", "column", "is missing", "2019 and 2021"],
    ),
    (who_aap.read, lambda d: shapes.who(d / "f.xlsx", "Data"), ["no sheet 'AAP_2022_city_v9'", "Data"]),
    (
        who_aap.read,
        lambda d: shapes.who(d / "f.xlsx", **{"PM10 (μg/m3)": "IE"}),
        ["row 2", "column 'PM10 (μg/m3)'", "'IE'"],
    ),
    (
        smhi.read,
        lambda d: shapes.document(d / "f.json", [{"name": "Ort", "sectors": {"2020": {"Flyg": 1}}}]),
        ["f.json", "Ort 2020", "'Flyg'", "Add it to the reader"],
    ),
    (smhi.read, lambda d: shapes.document(d / "f.json", {"a": 1}), ["f.json", "list of municipalities"]),
    (
        dk_klimaregnskabet.read,
        lambda d: shapes.document(d / "f.json", denmark([1])),
        ["f.json", "By", "1 values for 2 years"],
    ),
    (
        dk_klimaregnskabet.read,
        lambda d: shapes.document(d / "f.json", denmark([1, "NE"])),
        ["By 2021", "'NE'", "no number"],
    ),
    (
        eurostat.read,
        lambda d: shapes.table(d / "f.tsv", [["unit,geo\\time\t2020"], ["EUR_HAB\t1"]]),
        ["f.tsv", "row 2", "cut off"],
    ),
    (
        cdp_targets.read,
        lambda d: target(d / "f.csv", **{cdp_targets.KIND: "Wish"}),
        ["row 2", "'Wish'", "none of"],
    ),
]


@pytest.mark.parametrize(("read", "make", "expected"), BAD)
def test_bad_file_is_told_by_file_place_value_and_remedy(
    read: Callable[[Path], Iterable[rows.Row]],
    make: Callable[[Path], Path],
    expected: list[str],
    tmp_path: Path,
) -> None:
    with pytest.raises(tables.ReadError) as told:
        list(read(make(tmp_path)))
    for words in expected:
        assert words in str(told.value)
