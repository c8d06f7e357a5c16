"""Checks that need more than one cell: duplicates, sums, jumps, ranges, mixed units, shares, places."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from pipeline.uploads.check_rows import Figure, Key, RowReader, key_of
from pipeline.uploads.context import Context, SeriesKey, Years
from pipeline.uploads.number import APART, plain, plain_about, plain_float

#: A figure this many times another is taken for the same thing in a unit a thousand times larger or smaller.
THOUSAND = (300.0, 3000.0)

#: A figure this many times last year's, or a part of it that small, is asked about.
JUMP = 3.0

#: Below this many tonnes or megawatt hours a large factor between two years means little.
SMALL = 50.0

#: Inhabitants of an inventory this many times the register's, or that small a part, are asked about.
POPULATION_RATIO = 2.5

#: How far a GeoJSON place may lie from the city's point, besides the reach of its own area, in km.
PLACE_REACH_KM = 40.0

#: Sectors that may be negative: they take carbon dioxide up.
SINKS = frozenset({"afolu", "land_use", "removals", "agriculture"})

#: Sectors whose total must not be negative.
TOTALS = frozenset({"total", "total_covenant_sectors", "total_partial"})

#: The indicator whose range a sector's tonnes, or its energy, must keep.
RANGE_OF = {
    ("emissions", "total"): "ghg_total_t",
    ("emissions", "transport"): "ghg_transport_t",
    ("emissions", "waste"): "ghg_waste_t",
    ("energy", "total"): "energy_total_mwh",
}


def duplicates(table: str, figures: Sequence[Figure], reader: RowReader) -> list[Figure]:
    """The figures without those that stand there twice; both rows are named."""
    first: dict[Key, Figure] = {}
    kept = []
    for figure in figures:
        key = key_of(table, figure)
        other = first.setdefault(key, figure)
        if other is figure:
            kept.append(figure)
            continue
        code = "duplicate_same" if other.values == figure.values else "duplicate_other"
        params = {
            "other_row": str(reader.line(other.row)),
            "other_column": reader.name(other.column),
            "other_value": _shown(other),
        }
        reader.fault(code, figure.row, figure.column, _shown(figure), **params)
        reader.counts.refused[code] += 1
    return kept


def _shown(figure: Figure) -> str:
    return APART.join(plain(value) for name, value in figure.values.items() if name != "population")


def mixed_units(table: str, figures: Sequence[Figure], reader: RowReader) -> None:
    """Two units in one unit column for one kind of figure: refused, the rarer one named."""
    by_kind: defaultdict[str, list[Figure]] = defaultdict(list)
    for figure in figures:
        if figure.unit_from_row:
            by_kind[figure.cells.get("indicator", "") if table == "indicators" else ""].append(figure)
    column = reader.by_field.get("unit")
    if column is None:
        return
    for members in by_kind.values():
        counts = Counter(figure.cells["unit"] for figure in members)
        if len(counts) < 2:
            continue
        usual = counts.most_common(1)[0][0]
        units = reader.context.catalogue.units
        told: set[int] = set()
        for figure in members:
            if figure.cells["unit"] != usual and figure.row not in told:
                told.add(figure.row)
                text = reader.cell(figure.row, column.index)
                params = {"usual": units[usual].symbol or units[usual].title}
                reader.fault("unit_mixed", figure.row, column.index, text, **params)


def ranges(table: str, figures: Sequence[Figure], reader: RowReader) -> None:
    """Values no city has: negative where none can be, outside the registry's range, absurd per inhabitant."""
    context = reader.context
    for figure in figures:
        value = figure.values.get("value")
        if value is None:
            continue
        place = context.places.by_id[figure.cells["city"]]
        sector = figure.cells.get("sector", "")
        if value < 0 and table in ("emissions", "energy"):
            is_wrong = table == "energy" or sector in TOTALS
            code = "negative_refused" if is_wrong else "negative_value"
            if sector not in SINKS or is_wrong:
                reader.fault(code, figure.row, figure.column, plain(value))
            else:
                reader.fault("negative_sink", figure.row, figure.column, plain(value))
            continue
        people = float(figure.values.get("population") or 0) or (place.population_count or 0)
        _population(figure, reader, place.population_count)
        per_person = context.catalogue.indicators.get(
            "ghg_per_person_t" if table == "emissions" else "energy_per_person_mwh"
        )
        if sector == "total" and people and per_person is not None and table in ("emissions", "energy"):
            low, high = per_person.valid_range
            each = float(value) / people
            if not low <= each <= high:
                params = {"each": plain_about(each), "low": plain_float(low), "high": plain_float(high)}
                params |= {"people": f"{people:.0f}", "unit": "t" if table == "emissions" else "MWh"}
                code = "per_person_low" if each < low else "per_person_high"
                reader.fault(code, figure.row, figure.column, plain(value), **params)
                continue
        _registry_range(table, figure, reader, float(value))


def _population(figure: Figure, reader: RowReader, known: float | None) -> None:
    stated = figure.values.get("population")
    column = reader.by_field.get("population")
    if stated is None or not known or column is None:
        return
    ratio = float(stated) / known
    if not 1 / POPULATION_RATIO <= ratio <= POPULATION_RATIO:
        params = {"known": f"{known:.0f}"}
        reader.fault("population_differs", figure.row, column.index, plain(stated), **params)


def _registry_range(table: str, figure: Figure, reader: RowReader, value: float) -> None:
    indicator_id = figure.cells.get("indicator") or RANGE_OF.get((table, figure.cells.get("sector", "")))
    record = reader.context.catalogue.indicators.get(indicator_id or "")
    if record is None or record.valid_range[0] <= value <= record.valid_range[1]:
        return
    unit = reader.context.catalogue.units[record.unit]
    params = {
        "what": record.title,
        "low": plain_float(record.valid_range[0]),
        "high": plain_float(record.valid_range[1]),
        "unit": unit.symbol,
    }
    share = unit.quantity in ("share", "people", "count") and value < 0
    code = "negative_refused" if share else "out_of_range"
    reader.fault(code, figure.row, figure.column, plain_float(value), **params)


def shares(figures: Sequence[Figure], reader: RowReader) -> None:
    """Percentages that all lie between 0 and 1 were probably entered as parts of one."""
    by_kind: defaultdict[str, list[tuple[Figure, Decimal]]] = defaultdict(list)
    for figure in figures:
        record = reader.context.catalogue.indicators.get(figure.cells.get("indicator", ""))
        if record is not None and record.unit == "%" and record.valid_range[1] >= 2:
            by_kind[record.indicator_id].append((figure, figure.values["value"]))
        if "reduction_pct" in figure.values:
            by_kind["reduction_pct"].append((figure, figure.values["reduction_pct"]))
    for kind, members in by_kind.items():
        if all(0 <= value <= 1 for _, value in members) and any(value for _, value in members):
            figure, value = next(pair for pair in members if pair[1])
            column = reader.by_field[kind].index if kind in reader.by_field else figure.column
            params = {"hundred": plain(value * 100), "count": str(len(members))}
            reader.fault("share_as_fraction", figure.row, column, plain(value), **params)


def jumps(table: str, figures: Sequence[Figure], reader: RowReader) -> None:
    """Values far from the latest earlier year, in the file itself or as published."""
    if table == "targets" or not figures:
        return
    published = reader.context.history(frozenset(figure.cells["city"] for figure in figures))
    in_file: defaultdict[SeriesKey, dict[int, float]] = defaultdict(dict)
    for figure in figures:
        in_file[_series(table, figure)][int(figure.cells["year"])] = float(figure.values["value"])
    for figure in figures:
        key = _series(table, figure)
        year, value = int(figure.cells["year"]), float(figure.values["value"])
        known = _published(key, published)
        before = _before(year, in_file[key]) or _before(year, known)
        is_unchanged = year in known and math.isclose(known[year], value, rel_tol=1e-6)
        if before is None or is_unchanged:
            continue
        old_year, old = before
        params = {"old": plain_float(old), "old_year": str(old_year), "factor": ""}
        if old == 0 or value == 0 or (old < 0) != (value < 0):
            continue
        factor = value / old if abs(value) > abs(old) else old / value
        params["factor"] = plain_about(factor)
        if THOUSAND[0] <= factor <= THOUSAND[1] or factor > THOUSAND[1]:
            reader.fault("value_jump", figure.row, figure.column, plain_float(value), **params)
        elif factor > JUMP and (table == "indicators" or max(abs(value), abs(old)) > SMALL):
            reader.fault("value_change", figure.row, figure.column, plain_float(value), **params)


def _series(table: str, figure: Figure) -> SeriesKey:
    cells = figure.cells
    what = cells.get("indicator") or cells.get("sector", "")
    gas = cells.get("gas_basis", "") if table == "emissions" else ""
    return (table, cells["city"], what, cells.get("scope", ""), gas)


def _published(key: SeriesKey, published: Mapping[SeriesKey, Years]) -> Years:
    """The published years of the same series; of a total in another scope if there is no other."""
    if key in published:
        return published[key]
    if key[0] == "emissions" and key[2] == "total":
        others = sorted(other for other in published if other[:3] == key[:3] and other[4] == key[4])
        return published[others[0]] if others else {}
    return {}


def _before(year: int, years: Years) -> tuple[int, float] | None:
    earlier = [known for known in years if known < year]
    return (max(earlier), years[max(earlier)]) if earlier else None


def places(figures: Iterable[Figure], reader: RowReader) -> None:
    """A GeoJSON shape must lie where its city lies; exchanged axes are recognised."""
    seen: set[int] = set()
    for figure in figures:
        cells = figure.cells
        if "longitude" not in cells or "latitude" not in cells or figure.row in seen:
            continue
        seen.add(figure.row)
        place = reader.context.places.by_id[cells["city"]]
        if place.latitude_deg is None or place.longitude_deg is None:
            continue
        here = (place.latitude_deg, place.longitude_deg)
        there = (float(cells["latitude"]), float(cells["longitude"]))
        reach = PLACE_REACH_KM + 2 * math.sqrt((place.area_km2 or 0) / math.pi)
        away = distance_km(here, there)
        if away <= reach:
            continue
        code = "place_swapped" if distance_km(here, there[::-1]) <= reach else "place_far_away"
        params = {"city": place.name, "distance": f"{away:.0f}"}
        value = f"{cells['longitude']}, {cells['latitude']}"
        reader.fault(code, figure.row, reader.by_field["longitude"].index, value, **params)


def distance_km(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Kilometres between two points given as (latitude, longitude) in degrees, on a sphere of 6,371 km."""
    (lat1, lon1), (lat2, lon2) = (tuple(map(math.radians, point)) for point in (one, other))
    half = (
        math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    )
    return 2 * 6371.0 * math.asin(min(1.0, math.sqrt(half)))


def limit_of_sums(context: Context) -> float:
    """Relative difference allowed between a printed total and the sum of its parts."""
    return context.limit("sum_tolerance", 0.005)
