"""Small extracts of the built figures, kept in git so that a change of results shows as a diff to review.

`python -m tests.golden.golden --write` builds the committed figures and writes the extracts anew.
"""

from __future__ import annotations

import argparse
import csv
import io
import tempfile
from dataclasses import replace
from pathlib import Path

from pipeline.build import build
from pipeline.engine import Reader, open_reader
from pipeline.settings import load_settings

HERE = Path(__file__).parent

#: Large and small, with official, contract, Covenant and no figures; more of Lithuania and Türkiye.
CITIES = (
    "aarhus", "dublin", "gozo", "helsinki", "istanbul", "izmir", "kaunas", "lisbon", "panevezys", "stockholm",
    "taurage", "umea", "vilnius", "warsaw",
)  # fmt: skip

#: File name -> query. Numbers are rounded to what a reader sees: the last digit of a float is no difference.
EXTRACTS: dict[str, str] = {
    "emission_progress": """
        select city_id, yardstick_id, verdict_id, reason_id, series_id, base_year,
            round(base_t) as base_t, latest_year,
            round(latest_t) as latest_t, latest_age_years, round(change_pct, 2) as change_pct,
            round(change_per_year_pct, 2) as change_per_year_pct, target_year,
            round(target_reduction_pct, 2) as target_reduction_pct, round(path_t) as path_t,
            round(gap_to_path_t) as gap_to_path_t, round(path_share, 3) as path_share,
            round(pace_ratio, 3) as pace_ratio, target_basis, target_source_id
        from mart.emission_progress
        where city_id = any($cities)
        order by city_id, yardstick_id""",
    "mission_verdicts": """
        select emission_progress.yardstick_id, emission_progress.verdict_id, emission_progress.reason_id,
            count(*) as city_count
        from mart.emission_progress
        inner join mart.city on city.city_id = emission_progress.city_id
        where city.is_mission_city
        group by emission_progress.yardstick_id, emission_progress.verdict_id, emission_progress.reason_id
        order by emission_progress.yardstick_id, emission_progress.verdict_id, emission_progress.reason_id""",
    "mission_coverage": """
        select city_indicator_latest.indicator_id, count(*) as city_count
        from mart.city_indicator_latest
        inner join mart.city on city.city_id = city_indicator_latest.city_id
        where city.is_mission_city
        group by city_indicator_latest.indicator_id
        order by city_indicator_latest.indicator_id""",
    "network_outcomes": """
        select kind_id, outcome_id, reason_id, count(*) as row_count
        from core.partnership_source
        group by kind_id, outcome_id, reason_id
        order by kind_id, outcome_id, reason_id""",
    "network_ties": """
        with own as (
            select member_a_id as city_id, member_b_id as other_id, name_b as other_name,
                country_b_iso2 as other_country_iso2, partnership_id
            from mart.network_edge
            union all
            select member_b_id, member_a_id, name_a, country_a_iso2, partnership_id from mart.network_edge
        )
        select own.city_id, own.other_id, own.other_name, own.other_country_iso2, edge.kind_id,
            edge.from_year, edge.to_year, edge.evidence_level_id, edge.status_id, edge.row_count,
            edge.source_count
        from own
        inner join mart.network_edge as edge on edge.partnership_id = own.partnership_id
        where own.city_id in ('istanbul', 'izmir', 'panevezys', 'taurage', 'vilnius')
        order by own.city_id, edge.kind_id, own.other_id""",
    "progress_age": "select min_year, city_count from mart.progress_age order by min_year",
    "istanbul_2019": """
        select source_id, scope, gas_basis, series_key, round(value) as value, chosen, why
        from mart.conflict
        where city_id = 'istanbul' and year = 2019
        order by source_id, scope, gas_basis, series_key""",
    "row_counts": """
        select table_name, row_count from meta.model_run order by table_name""",
}


def extract(reader: Reader, name: str) -> str:
    """One extract as the text of a CSV file."""
    sql = EXTRACTS[name]
    found = reader.fetch(sql, {"cities": list(CITIES)} if "$cities" in sql else None)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(found.columns)
    writer.writerows(found.rows)
    return text.getvalue()


def path(name: str) -> Path:
    return HERE / f"{name}.csv"


def main() -> None:
    parser = argparse.ArgumentParser(
        description="Compare the kept extracts with today's figures, or renew them."
    )
    parser.add_argument(
        "--write", action="store_true", help="write the extracts anew; review the diff and say why"
    )
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        made = build(replace(load_settings({}), builds_dir=Path(folder)))
        with open_reader(made.path) as reader:
            for name in EXTRACTS:
                now = extract(reader, name)
                same = path(name).is_file() and path(name).read_text(encoding="utf-8") == now
                if arguments.write and not same:
                    path(name).write_text(now, encoding="utf-8")
                print(f"{name}: {'same' if same else 'written' if arguments.write else 'differs'}")


if __name__ == "__main__":
    main()
