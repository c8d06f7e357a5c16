"""Everything about one city: its card, other indicators with ranks among peers, plan, ties, sources,
conflicts, flags."""

from __future__ import annotations

import pandas as pd

from pipeline.engine import Reader

PEERS: tuple[str, ...] = ("mission", "lt", "tr", "country", "size", "all")
"""Kinds of peer group: Mission cities, Lithuanian or Turkish municipalities, same country, same size
class, all."""

MEMBERSHIP = """(
    case $peers::varchar
        when 'mission' then other.is_mission_city
        when 'lt' then other.group_id = 'lt' or other.is_lt_municipality
        when 'tr' then other.group_id = 'tr' or other.is_tr_metropolitan or other.is_tr_city
        when 'country' then other.country_iso2 = mine.country_iso2
        when 'size' then other.size_class_id = mine.size_class_id
        else true
    end
    or other.city_id = mine.city_id
)"""


def card(reader: Reader, city_id: str) -> pd.DataFrame:
    """The city's row of ``mart.city``; empty when there is no such city."""
    return reader.frame("select * from mart.city where city_id = $city_id", {"city_id": city_id})


def own_peers(reader: Reader, city_id: str) -> list[str]:
    """Peer groups the city belongs to, the natural one first."""
    rows = reader.rows(
        """
        select
            is_mission_city,
            group_id = 'lt' or is_lt_municipality,
            group_id = 'tr' or is_tr_metropolitan or is_tr_city,
            size_class_id <> 'unknown'
        from mart.city where city_id = $city_id
        """,
        {"city_id": city_id},
    )
    if not rows:
        return []
    mission, lithuanian, turkish, sized = rows[0]
    member = {
        "mission": mission,
        "lt": lithuanian,
        "tr": turkish,
        "country": True,
        "size": sized,
        "all": True,
    }
    return [kind for kind in PEERS if member[kind]]


def headline(reader: Reader, city_id: str) -> pd.DataFrame:
    """The latest total of the default series, with tonnes per head, source, scope, gases and quality; one
    row or none."""
    return reader.frame(
        """
        select
            point.year, point.value_t, point.per_person_t, point.population_count, point.quality_id,
            point.inventory_kind, point.flags, point.flag_reason, point.source_ref,
            series.series_id, series.source_id, series.scope, series.gas_basis, series.boundary_id,
            series.is_modelled, series.is_usable, series.why_not_usable_id, series.inventory_count,
            series.first_year, series.last_year, series.series_label
        from mart.series as series
        inner join mart.series_point as point
            on point.series_id = series.series_id and point.sector_level = 'total' and not
                point.is_out_of_series
        where series.city_id = $city_id and series.series_rank = 1
        order by point.year desc
        limit 1
        """,
        {"city_id": city_id},
    )


def indicators(reader: Reader, city_id: str, peers: str) -> pd.DataFrame:
    """Latest value of each indicator with the city's rank among its peers.

    Peers are the cities of the named group that have a value of the same indicator; each stands with its own
    latest year. Equal values share a rank; where no direction is better there is none, and totals are never
    ranked, since they only tell how large a city is. `peer_count` counts the city too; `place_share` runs
    from 0 (first) to 1 (last).
    """
    return reader.frame(
        f"""
        with mine as (
            select * from mart.city where city_id = $city_id
        ),
        peer as (
            select other.city_id
            from mart.city as other
            cross join mine
            where {MEMBERSHIP}
        ),
        placed as (
            select
                latest.*,
                count(*) over (partition by latest.indicator_id) as peer_count,
                median(latest.value) over (partition by latest.indicator_id) as peer_median,
                min(latest.year) over (partition by latest.indicator_id) as peer_first_year,
                max(latest.year) over (partition by latest.indicator_id) as peer_last_year,
                case
                    when indicator.kind in ('flow', 'stock') and indicator.per = 'none' then null
                    when indicator.direction = 'lower_is_better'
                        then rank() over (partition by latest.indicator_id order by latest.value)
                    when indicator.direction = 'higher_is_better'
                        then rank() over (partition by latest.indicator_id order by latest.value desc)
                end as peer_rank
            from mart.city_indicator_latest as latest
            inner join peer on peer.city_id = latest.city_id
            inner join core.indicator as indicator on indicator.indicator_id = latest.indicator_id
            where latest.value is not null
        )
        select
            placed.*,
            case when placed.peer_count > 1
                then (placed.peer_rank - 1) / (placed.peer_count - 1)::double end as place_share
        from placed
        where placed.city_id = $city_id
        order by placed.indicator_id
        """,
        {"city_id": city_id, "peers": peers},
    )


def history(reader: Reader, city_id: str, indicator_id: str) -> pd.DataFrame:
    """All years of one indicator of one city."""
    return reader.frame(
        """
        select * from mart.city_indicator
        where city_id = $city_id and indicator_id = $indicator_id
        order by year
        """,
        {"city_id": city_id, "indicator_id": indicator_id},
    )


def targets(reader: Reader, city_id: str) -> pd.DataFrame:
    """All published targets of the city, those used by a yardstick first."""
    return reader.frame(
        """
        select target.*
        from mart.city_target as target
        inner join core.source as source on source.source_id = target.source_id
        where target.city_id = $city_id
        order by target.used_for_yardstick_id is null, source.source_rank, target.target_year,
            target.target_id
        """,
        {"city_id": city_id},
    )


def contract(reader: Reader, city_id: str) -> pd.DataFrame:
    """The Climate City Contract's own numbers for its target year, in separate parts; one row or none.

    `cut_t` is the promised gross cut and `remaining_t` what is still emitted then: the printed level, else
    base less promised share. Residual and removals stay as printed, because contracts mean different things
    by them.
    """
    return reader.frame(
        """
        select
            target.target_id, target.target_kind, target.base_year, target.stated_base_t, target.target_year,
            target.reduction_pct, target.stated_target_t, target.bau_t,
            target.stated_base_t * target.reduction_pct / 100 as cut_t,
            target.stated_base_t * (1 - target.reduction_pct / 100) as remaining_t,
            target.residual_t, target.residual_pct, target.residual_meaning, target.residual_treatment,
            target.removals_t, target.net_zero_year, target.scope, target.gas_basis, target.is_usable,
            target.reason_id, target.flags, target.flag_reason, target.note, target.source_id,
                target.source_ref
        from mart.city_target as target
        where target.city_id = $city_id and target.source_id = 'ccc_mission'
        order by target.used_for_yardstick_id is null, abs(coalesce(target.target_year, 2100) - 2030),
            target.target_id
        limit 1
        """,
        {"city_id": city_id},
    )


def ties(reader: Reader, city_id: str) -> pd.DataFrame:
    """Every tie of the city with another place or a network: the closest kind first, then the surest."""
    return reader.frame(
        """
        select
            partnership.partnership_id, partnership.kind_id, partnership.title,
            other.place_name as partner_name, other.country_iso2 as partner_country, other.city_id as
                partner_city_id,
            partnership.from_year, partnership.to_year, partnership.evidence_level_id, partnership.status_id,
            partnership.flags, partnership.source_id, partnership.source_url
        from core.partnership_member as mine
        inner join core.partnership as partnership on partnership.partnership_id = mine.partnership_id
        inner join core.partnership_member as other
            on other.partnership_id = mine.partnership_id and other.end_id <> mine.end_id
        left join raw.catalogue_kind as kind on kind.kind_id = partnership.kind_id
        left join raw.catalogue_evidence_level as level
            on level.evidence_level_id = partnership.evidence_level_id
        where mine.city_id = $city_id and coalesce(level.shown_by_default, true)
        order by kind.strength nulls last, level.rank nulls last, partnership.kind_id, other.place_name,
            partnership.partnership_id
        """,
        {"city_id": city_id},
    )


def tie_counts(reader: Reader, city_id: str) -> pd.DataFrame:
    """Number of ties and of different partners by kind, closest kind first."""
    return reader.frame(
        """
        select
            partnership.kind_id,
            count(distinct partnership.partnership_id) as tie_count,
            count(distinct coalesce(other.city_id, other.country_iso2 || '|' || other.place_name)) as
                partner_count
        from core.partnership_member as mine
        inner join core.partnership as partnership on partnership.partnership_id = mine.partnership_id
        inner join core.partnership_member as other
            on other.partnership_id = mine.partnership_id and other.end_id <> mine.end_id
        left join raw.catalogue_kind as kind on kind.kind_id = partnership.kind_id
        left join raw.catalogue_evidence_level as level
            on level.evidence_level_id = partnership.evidence_level_id
        where mine.city_id = $city_id and coalesce(level.shown_by_default, true)
        group by partnership.kind_id, kind.strength
        order by kind.strength nulls last, tie_count desc, partnership.kind_id
        """,
        {"city_id": city_id},
    )


def sources(reader: Reader, city_id: str) -> pd.DataFrame:
    """Sources that hold anything about the city, with what and how much."""
    return reader.frame(
        """
        with used as (
            select point.source_id, 'emissions' as content, count(*) as row_count,
                min(point.year) as first_year, max(point.year) as last_year
            from mart.series_point as point where point.city_id = $city_id
            group by point.source_id
            union all
            select value.source_id, 'indicators', count(*), min(value.year), max(value.year)
            from core.observation as value where value.city_id = $city_id
            group by value.source_id
            union all
            select target.source_id, 'targets', count(*), min(target.target_year), max(target.target_year)
            from mart.city_target as target where target.city_id = $city_id
            group by target.source_id
            union all
            select listed.source_id, 'partnerships', count(*), min(listed.from_year), max(listed.to_year)
            from core.partnership_source as listed
            where $city_id in (listed.member_a_id, listed.member_b_id)
            group by listed.source_id
        )
        select used.*, source.title, source.publisher, source.address, source.licence_id, source.citation
        from used
        inner join core.source as source on source.source_id = used.source_id
        order by used.content, source.source_rank, used.source_id
        """,
        {"city_id": city_id},
    )


def marks(reader: Reader, city_id: str) -> pd.DataFrame:
    """Flags on the city's emission totals with their reason, the years they touch and what they exclude."""
    return reader.frame(
        """
        with marked as (
            select point.source_id, point.series_id, point.year, trim(mark.flag_id) as flag_id,
                point.flag_reason
            from mart.series_point as point
            cross join unnest(string_split(point.flags, ';')) as mark (flag_id)
            where point.city_id = $city_id and point.sector_level = 'total' and point.flags <> ''
        )
        select
            marked.flag_id, marked.source_id, marked.flag_reason,
            min(marked.year) as first_year, max(marked.year) as last_year, count(distinct marked.year) as
                year_count,
            flag.excludes
        from marked
        left join core.flag as flag on flag.flag_id = marked.flag_id
        where marked.flag_id <> ''
        group by marked.flag_id, marked.source_id, marked.flag_reason, flag.excludes
        order by marked.flag_id, marked.source_id, first_year, marked.flag_reason
        """,
        {"city_id": city_id},
    )
