"""Where sources disagree about the same city, year and meaning: every value, the one used, and why."""

from __future__ import annotations

import pandas as pd

from pipeline.engine import Reader
from pipeline.query.filters import CITY_CONDITION, Filters


def of_city(reader: Reader, city_id: str) -> pd.DataFrame:
    """All conflicting values of one city, newest year first; the value used leads each group."""
    return reader.frame(
        """
        select
            conflict.*,
            count(*) over same as value_count,
            max(conflict.value) over same / nullif(min(conflict.value) over same, 0) as spread_ratio
        from mart.conflict as conflict
        where conflict.city_id = $city_id
        window same as (partition by conflict.indicator_id, conflict.year)
        order by conflict.indicator_id, conflict.year desc, conflict.chosen desc, conflict.value, conflict.source_id
        """,
        {"city_id": city_id},
    )


def listed(reader: Reader, chosen: Filters) -> pd.DataFrame:
    """Conflicts of the chosen cities, one row a city, indicator and year: lowest, highest, used, and their ratio."""
    return reader.frame(
        f"""
        select
            conflict.city_id, city.name_local, city.name_en, city.country_iso2,
            conflict.indicator_id, conflict.year,
            count(*) as value_count,
            count(distinct conflict.source_id) as source_count,
            min(conflict.value) as lowest,
            max(conflict.value) as highest,
            max(conflict.value) / nullif(min(conflict.value), 0) as spread_ratio,
            max(case when conflict.chosen then conflict.value end) as used,
            max(case when conflict.chosen then conflict.source_id end) as used_source_id
        from mart.conflict as conflict
        inner join mart.city as city on city.city_id = conflict.city_id
        where {CITY_CONDITION}
        group by conflict.city_id, city.name_local, city.name_en, city.country_iso2,
            conflict.indicator_id, conflict.year
        order by spread_ratio desc nulls last, conflict.city_id, conflict.indicator_id, conflict.year
        """,
        chosen.sql_params(),
    )
