"""Where sources disagree about the same city, year and meaning: every value, the one used, and why."""

from __future__ import annotations

import pandas as pd

from pipeline.engine import Reader
from pipeline.query.filters import CITY_CONDITION, Filters


def of_city(reader: Reader, city_id: str) -> pd.DataFrame:
    """All conflicting values of one city, newest year first; the value used leads each group."""
    return reader.frame(
        """
        select conflict.*, count(*) over (partition by conflict.indicator_id, conflict.year) as value_count
        from mart.conflict as conflict
        where conflict.city_id = $city_id
        order by
            conflict.indicator_id, conflict.year desc, conflict.chosen desc, conflict.value,
                conflict.source_id,
            conflict.scope, conflict.gas_basis, conflict.series_key
        """,
        {"city_id": city_id},
    )


def listed(reader: Reader, chosen: Filters) -> pd.DataFrame:
    """Conflicts of the chosen cities, one row a city, indicator and year, the widest spread first.

    `lowest`, `highest` and `spread_ratio` look only at totals of the whole city that carry no excluding mark
    and are not modelled: a value known to be wrong, or a part of the city, does not widen the spread.
    `value_count` is of all.
    """
    return reader.frame(
        f"""
        with marked as (
            select conflict.*,
                scope.is_whole_city and not scope.is_official_only and not source.is_modelled
                and not exists (
                    select 1
                    from unnest(string_split(coalesce(conflict.flags, ''), ';')) as mark (flag_id)
                    inner join core.flag as flag on flag.flag_id = trim(mark.flag_id)
                    where flag.excludes_series or flag.excludes_choice
                ) as is_sound
            from mart.conflict as conflict
            inner join core.scope as scope on scope.scope_id = conflict.scope
            inner join core.source as source on source.source_id = conflict.source_id
        )
        select
            marked.city_id, city.country_iso2, marked.indicator_id, marked.year,
            count(*) as value_count,
            count(*) filter (where marked.is_sound) as sound_count,
            count(distinct marked.source_id) as source_count,
            min(marked.value) filter (where marked.is_sound) as lowest,
            max(marked.value) filter (where marked.is_sound) as highest,
            max(marked.value) filter (where marked.is_sound)
                / nullif(min(marked.value) filter (where marked.is_sound), 0) as spread_ratio,
            max(case when marked.chosen then marked.value end) as used,
            max(case when marked.chosen then marked.source_id end) as used_source_id
        from marked
        inner join mart.city as city on city.city_id = marked.city_id
        where {CITY_CONDITION}
        group by marked.city_id, city.country_iso2, marked.indicator_id, marked.year
        order by spread_ratio desc nulls last, marked.city_id, marked.indicator_id, marked.year
        """,
        chosen.sql_params(),
    )
