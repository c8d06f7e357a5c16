"""Some cities at one table: what they share, where they differ most, which ties exist and which are worth
making."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from pipeline.engine import Reader
from pipeline.query.partners import COMPONENTS, RULE, SCORE, SIMILARITY, Weights

POOL = """
pool as (
    select city.city_id
    from mart.city as city
    where city.is_mission_city or city.group_id in ('lt', 'tr') or list_contains($room::varchar[],
    city.city_id)
)"""
"""The cities among which a value has its place: Mission cities, Lithuania, Türkiye and the cities in the
room."""

PLACED = f"""
{POOL},
placed as (
    select
        measure.*,
        100 * percent_rank() over (
            partition by measure.measure_id
            order by case when measure.direction = 'higher_is_better' then -measure.value else measure.value
            end
        ) as place_pct,
        count(*) over (partition by measure.measure_id) as pool_count
    from mart.peer_measure as measure
    inner join pool on pool.city_id = measure.city_id
    where not measure.is_doubtful
)"""
"""Every value with its place from 0 (best of all) to 100 (last)."""


def room(reader: Reader, city_ids: Sequence[str]) -> pd.DataFrame:
    """The cities with what a first look needs: people, label, first and newest inventory, scope and gases."""
    return reader.frame(
        """
        select
            city.city_id, city.country_iso2, city.population_count, city.population_year,
            city.is_mission_city,
            city.mission_label_date, city.mission_label_wave,
            peer.base_year, peer.latest_year, peer.series_scope, peer.series_gas_basis, peer.series_source_id
        from mart.city as city
        inner join mart.peer_city as peer on peer.city_id = city.city_id
        where list_contains($room::varchar[], city.city_id)
        order by list_position($room::varchar[], city.city_id)
        """,
        {"room": list(city_ids)},
    )


def ties(reader: Reader, city_ids: Sequence[str]) -> pd.DataFrame:
    """Ties between two cities in the room, the closest first; unconfirmed ones are marked."""
    return reader.frame(
        """
        select
            edge.partnership_id, edge.city_a_id, edge.city_b_id, edge.kind_id, edge.title, edge.from_year,
            edge.to_year,
            edge.evidence_level_id, edge.status_id, edge.is_shown_by_default, edge.source_id, edge.source_url
        from mart.network_edge as edge
        where list_contains($room::varchar[], edge.city_a_id) and list_contains($room::varchar[],
        edge.city_b_id)
            and edge.city_a_id <> edge.city_b_id
        order by not edge.is_shown_by_default, edge.kind_strength, edge.evidence_rank, edge.partnership_id
        """,
        {"room": list(city_ids)},
    )


def shared(reader: Reader, city_ids: Sequence[str]) -> pd.DataFrame:
    """Organisations and places that two or more cities in the room are tied to, the most shared first."""
    return reader.frame(
        """
        select
            partner.member_id,
            min(partner.member_kind) as member_kind,
            min(partner.partner_name) as partner_name,
            min(partner.partner_city_id) as partner_city_id,
            list(partner.city_id order by list_position($room::varchar[], partner.city_id)) as city_ids,
            count(*) as city_count
        from mart.peer_partner as partner
        where list_contains($room::varchar[], partner.city_id)
            and not list_contains($room::varchar[], coalesce(partner.partner_city_id, ''))
            and (partner.is_working or partner.member_kind = 'organisation')
            and partner.kind_id not in ('event', 'delegation_visit', 'proposal', 'funding_programme')
        group by partner.member_id
        having count(*) > 1
        order by city_count desc, partner_name, partner.member_id
        """,
        {"room": list(city_ids)},
    )


def differences(reader: Reader, city_ids: Sequence[str]) -> pd.DataFrame:
    """Values of the cities in the room, the measure in which they lie furthest apart first.

    How far apart is counted in places: ``spread`` is the distance between best and last of the room when
    all cities
    with the figure stand in a row from 0 to 100. That makes tonnes, percent and micrograms comparable.
    """
    return reader.frame(
        f"""
        with {RULE},
        {PLACED},
        here as (
            select * from placed where list_contains($room::varchar[], placed.city_id)
        ),
        judged as (
            select
                here.measure_id,
                count(*) as city_count,
                max(here.place_pct) - min(here.place_pct) as spread,
                max(here.value) as highest,
                min(here.value) as lowest,
                count(distinct here.scope) as scope_count,
                count(distinct here.gas_basis) as gas_count,
                count(distinct here.is_net_of_removals) as removals_count,
                min(here.last_year) as oldest_year,
                max(here.last_year) as newest_year,
                min(here.first_year) as first_base_year,
                max(here.first_year) as last_base_year
            from here
            group by here.measure_id
            having count(*) > 1
        )
        select
            here.measure_id, here.city_id, here.value, here.unit_id, here.first_year, here.last_year,
            here.source_id,
            here.source_ref, here.scope, here.gas_basis, here.quality_id, here.is_emission, here.is_change,
            here.direction, here.place_pct, here.pool_count,
            judged.city_count, judged.spread, judged.highest, judged.lowest, judged.scope_count,
            judged.gas_count,
            judged.removals_count, judged.oldest_year, judged.newest_year, judged.first_base_year,
            judged.last_base_year,
            judged.newest_year - judged.oldest_year <= rule.comparable_years
            and coalesce(judged.last_base_year - judged.first_base_year, 0) <= rule.comparable_years
            and (
                not here.is_emission
                or (judged.scope_count <= 1 and judged.gas_count <= 1 and judged.removals_count <= 1)
            ) as is_comparable
        from here
        inner join judged on judged.measure_id = here.measure_id
        cross join rule
        where judged.spread > 0
        order by judged.spread desc, judged.city_count desc, here.measure_id,
            list_position($room::varchar[], here.city_id)
        """,
        {"room": list(city_ids)},
    )


def pairs(reader: Reader, city_ids: Sequence[str], weights: Weights) -> pd.DataFrame:
    """Every pair in the room with its similarity and whether a tie exists, most alike first."""
    similarities = ", ".join(f"scored.{component}_similarity" for component in COMPONENTS)
    return reader.frame(
        f"""
        with {RULE},
        pair as (
            select
                own.city_id as own_id, other.city_id as other_id, {SIMILARITY},
                own.population_count as own_population_count, other.population_count
            from mart.peer_city as own
            inner join mart.peer_city as other
                on list_position($room::varchar[], own.city_id) < list_position($room::varchar[],
                other.city_id)
            cross join rule
            where list_contains($room::varchar[], own.city_id) and list_contains($room::varchar[],
            other.city_id)
        ),
        scored as (
            select pair.*, {SCORE} from pair
        )
        select
            scored.own_id, scored.other_id, scored.own_population_count, scored.population_count,
            {similarities}, scored.climate_basis, scored.score, scored.known_weight_pct,
            coalesce(partner.is_working, false) as is_partner
        from scored
        left join mart.peer_partner as partner
            on partner.city_id = scored.own_id and partner.partner_city_id = scored.other_id
        order by scored.score desc nulls last, scored.own_id, scored.other_id
        """,
        {"room": list(city_ids), **weights.sql_params()},
    )


def leads(reader: Reader, city_ids: Sequence[str]) -> pd.DataFrame:
    """For each ordered pair what the first does better than the second: the measure with the largest
    distance in places.

    Figures further apart in time than comparable ones may be, or of which only one is net of removals, are
    not used.
    Where there are figures of one scope and gas basis, they go first.
    """
    return reader.frame(
        f"""
        with {RULE},
        {PLACED},
        pair as (
            select
                ahead.city_id as ahead_id, behind.city_id as behind_id, ahead.measure_id, ahead.is_change,
                ahead.value as ahead_value, behind.value as behind_value,
                ahead.first_year as ahead_first_year, ahead.last_year as ahead_last_year,
                behind.first_year as behind_first_year, behind.last_year as behind_last_year,
                behind.place_pct - ahead.place_pct as distance,
                not ahead.is_emission or (
                    ahead.scope is not distinct from behind.scope
                    and ahead.gas_basis is not distinct from behind.gas_basis
                ) as is_comparable
            from placed as ahead
            inner join placed as behind on behind.measure_id = ahead.measure_id
            cross join rule
            where list_contains($room::varchar[], ahead.city_id) and list_contains($room::varchar[],
            behind.city_id)
                and abs(ahead.last_year - behind.last_year) <= rule.comparable_years
                and ahead.place_pct < behind.place_pct
                and ahead.is_net_of_removals = behind.is_net_of_removals
                and abs(ahead.value - behind.value) >= behind.better_step
        ),
        ranked as (
            select
                pair.*,
                row_number() over (
                    partition by pair.ahead_id, pair.behind_id
                    order by pair.is_comparable desc, pair.distance desc, pair.measure_id
                ) as largest_first
            from pair
        )
        select ranked.* exclude (largest_first)
        from ranked
        where ranked.largest_first = 1
        order by ranked.ahead_id, ranked.behind_id
        """,
        {"room": list(city_ids)},
    )


def events(reader: Reader) -> pd.DataFrame:
    """Events of the Mission with the cities known to have been there, newest first; the host stands first.

    Only events with two such cities or more: one city makes no meeting.
    """
    return reader.frame(
        """
        select event.*, count(*) over (partition by event.event_key) as city_count
        from mart.peer_event as event
        qualify city_count > 1
        order by event.date_start desc, event.event_key, event.role_order, event.city_id
        """
    )
