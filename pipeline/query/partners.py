"""Who resembles a city, does better in one thing and has no tie with it yet.

The similarity of two cities stands once, in :data:`SIMILARITY`; the partner finder and the meeting page
both use it.
Each component is 0 (fully unlike) to 100 (alike) and the same in both directions. The score is the weighted
mean of
the components known for both; how far apart "fully unlike" is stands in ``mart.peer_rule``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

import pandas as pd

from pipeline.engine import Reader
from pipeline.query.filters import CITY_CONDITION, Filters


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each component counts; only their proportions matter. 0 leaves a component out."""

    size: float = 2
    climate: float = 2
    income: float = 2
    emissions: float = 2
    sectors: float = 2

    def sql_params(self) -> dict[str, object]:
        """Values for :data:`SCORE`."""
        return {f"weight_{field.name}": float(getattr(self, field.name)) for field in fields(self)}


COMPONENTS: tuple[str, ...] = tuple(field.name for field in fields(Weights))
"""Size, climate, regional income, emissions per person, mix of sectors."""
PARTS: tuple[str, ...] = ("buildings", "transport", "industry", "waste", "afolu")
"""The sectors of the mix."""

RULE = """
rule as (
    select
        max(case when rule_id = 'size' then value end) as size_ratio,
        max(case when rule_id = 'climate' then value end) as climate_deg_c,
        max(case when rule_id = 'latitude' then value end) as latitude_deg,
        max(case when rule_id = 'income' then value end) as income_ratio,
        max(case when rule_id = 'emissions' then value end) as emissions_ratio,
        max(case when rule_id = 'known_weight_pct' then value end) as known_weight_pct,
        max(case when rule_id = 'comparable_years' then value end) as comparable_years
    from mart.peer_rule
)"""


def _ratio(column: str, reach: str) -> str:
    """100 for equal values, 0 from the given ratio on, in even steps of the logarithm; null where one is
    missing.

    The condition is needed: ``greatest`` passes over a null and would give 0.
    """
    return (
        f"case when own.{column} is not null and other.{column} is not null then "
        f"100 * greatest(0, 1 - abs(ln(own.{column} / other.{column})) / ln(rule.{reach})) end"
    )


def _overlap() -> str:
    """The share the two mixes have in common, over the parts that both inventories count."""
    both = {part: f"(own.{part}_t is not null and other.{part}_t is not null)" for part in PARTS}
    sums = {
        side: " + ".join(f"case when {both[part]} then {side}.{part}_t else 0 end" for part in PARTS)
        for side in ("own", "other")
    }
    common = " + ".join(
        f"case when {both[part]} then "
        f"least(own.{part}_t / ({sums['own']}), other.{part}_t / ({sums['other']})) else 0 end"
        for part in PARTS
    )
    return f"case when {both['buildings']} and {both['transport']} then 100 * ({common}) end"


SIMILARITY = f"""
    {_ratio("population_count", "size_ratio")} as size_similarity,
    case
        when own.coldest_deg_c is not null and other.coldest_deg_c is not null then
            100 * greatest(0, 1 - (
                abs(own.coldest_deg_c - other.coldest_deg_c) + abs(own.warmest_deg_c - other.warmest_deg_c)
            ) / 2 / rule.climate_deg_c)
        when own.latitude_deg is not null and other.latitude_deg is not null then
            100 * greatest(0, 1 - abs(own.latitude_deg - other.latitude_deg) / rule.latitude_deg)
    end as climate_similarity,
    case
        when own.coldest_deg_c is not null and other.coldest_deg_c is not null then 'temperature'
        when own.latitude_deg is not null and other.latitude_deg is not null then 'latitude'
    end as climate_basis,
    {_ratio("income_pps", "income_ratio")} as income_similarity,
    {_ratio("per_person_t", "emissions_ratio")} as emissions_similarity,
    {_overlap()} as sectors_similarity
"""
"""Columns of a select over two rows of ``mart.peer_city``, called ``own`` and ``other``, and one row of
``rule``."""


def _known(text: str) -> str:
    return " + ".join(
        f"case when {name}_similarity is null then 0 else {text.format(name=name)} end" for name in COMPONENTS
    )


SCORE = f"""
    ({_known("$weight_{name}::double * {name}_similarity")})
        / nullif({_known("$weight_{name}::double")}, 0) as score,
    100 * ({_known("$weight_{name}::double")})
        / nullif({" + ".join(f"$weight_{name}::double" for name in COMPONENTS)}, 0) as known_weight_pct
"""
"""The weighted mean of the known components and the share of the weight they stand for."""

MEASURE_COLUMNS = (
    "value",
    "first_year",
    "last_year",
    "source_id",
    "scope",
    "gas_basis",
    "source_ref",
    "is_net_of_removals",
)


def _measure(side: str) -> str:
    return ", ".join(f"{side}_measure.{column} as {side}_{column}" for column in MEASURE_COLUMNS)


CANDIDATES = f"""
with {RULE},
own as (
    select * from mart.peer_city where city_id = $city_id
),
own_measure as (
    select * from mart.peer_measure where city_id = $city_id and measure_id = $measure_id
),
pool as (
    select city.city_id, city.country_iso2
    from mart.city as city
    where city.city_id <> $city_id and {CITY_CONDITION}
),
other_measure as (
    select measure.*
    from mart.peer_measure as measure
    where measure.measure_id = $measure_id and measure.city_id in (select city_id from pool)
        and measure.last_year between coalesce($year_from::integer, 0) and coalesce($year_to::integer, 9999)
),
bar as (
    select
        median(value) filter (where not is_doubtful) as pool_median,
        count(*) filter (where not is_doubtful) as pool_count,
        max(last_year) as pool_newest_year
    from other_measure
),
pair as (
    select
        pool.city_id, pool.country_iso2, {SIMILARITY},
        rule.known_weight_pct as least_known_weight_pct, rule.comparable_years
    from pool
    inner join mart.peer_city as other on other.city_id = pool.city_id
    cross join own
    cross join rule
),
scored as (
    select pair.*, {SCORE} from pair
),
measured as (
    select
        scored.*,
        other_measure.unit_id, other_measure.direction, other_measure.is_emission, other_measure.is_change,
        {_measure("own")}, {_measure("other")},
        bar.pool_median, bar.pool_count,
        case when other_measure.direction = 'higher_is_better' then 1 else -1 end
            * (other_measure.value - coalesce(own_measure.value, bar.pool_median)) as lead,
        coalesce(own_measure.better_step, 0) as better_step,
        own_measure.scope is not distinct from other_measure.scope as is_same_scope,
        own_measure.gas_basis is not distinct from other_measure.gas_basis as is_same_gas,
        own_measure.first_year is not distinct from other_measure.first_year as is_same_base_year,
        own_measure.is_net_of_removals = other_measure.is_net_of_removals as is_same_removals,
        abs(coalesce(own_measure.last_year, bar.pool_newest_year) - other_measure.last_year) as years_apart,
        coalesce(abs(own_measure.first_year - other_measure.first_year), 0) as base_years_apart,
        other_measure.is_doubtful
    from scored
    left join other_measure on other_measure.city_id = scored.city_id
    left join own_measure on true
    cross join bar
)
select
    measured.*,
    other.population_count, other.population_year, other.latitude_deg, other.coldest_deg_c,
    other.warmest_deg_c,
    other.temperature_year, other.income_pps, other.income_year, other.per_person_t, other.per_person_year,
    other.per_person_scope, other.is_without_removals,
    {", ".join(f"other.{part}_t" for part in PARTS)}, other.parts_year,
    own.population_count as own_population_count, own.population_year as own_population_year,
    own.latitude_deg as own_latitude_deg, own.coldest_deg_c as own_coldest_deg_c, own.warmest_deg_c as
    own_warmest_deg_c,
    own.temperature_year as own_temperature_year, own.income_pps as own_income_pps, own.income_year as
    own_income_year,
    own.per_person_t as own_per_person_t, own.per_person_year as own_per_person_year,
    own.is_without_removals as own_is_without_removals,
    threshold.as_of_year - measured.other_last_year as other_age_years,
    {", ".join(f"own.{part}_t as own_{part}_t" for part in PARTS)}, own.parts_year as own_parts_year,
    coalesce(partner.is_working, false) as is_partner,
    coalesce(partner.is_unconfirmed, false) as is_unconfirmed_partner,
    measured.known_weight_pct >= measured.least_known_weight_pct as is_known_enough,
    coalesce(measured.lead > 0 and measured.lead >= measured.better_step and not measured.is_doubtful,
    false) as is_better,
    case
        when measured.own_value is null or measured.other_value is null then null
        when measured.is_emission then
            measured.is_same_scope and measured.is_same_gas and measured.is_same_removals
            and measured.years_apart <= measured.comparable_years
            and measured.base_years_apart <= measured.comparable_years
        else measured.years_apart <= measured.comparable_years
    end as is_comparable
from measured
inner join mart.peer_city as other on other.city_id = measured.city_id
cross join own
cross join core.threshold as threshold
left join mart.peer_partner as partner
    on partner.city_id = $city_id and partner.partner_city_id = measured.city_id
order by measured.score desc nulls last, measured.lead desc nulls last, measured.city_id
"""


def candidates(
    reader: Reader, city_id: str, measure_id: str, weights: Weights, chosen: Filters
) -> pd.DataFrame:
    """Every city of the chosen groups against one city, most similar first: components, score, values, ties.

    ``lead`` is by how much the other city does better (in the measure's unit, positive is better); where
    the city has
    no value itself, against the middle value of the pool. ``is_better`` asks for ``better_step`` at least.
    """
    return reader.frame(
        CANDIDATES,
        {
            "city_id": city_id,
            "measure_id": measure_id,
            **weights.sql_params(),
            **chosen.with_(cities=()).sql_params(),
            "year_from": chosen.year_from,
            "year_to": chosen.year_to,
        },
    )


def measures(reader: Reader, city_id: str, chosen: Filters) -> pd.DataFrame:
    """What can be compared: each measure with the number of other cities of the chosen groups that have it,
    and
    whether the city has it itself."""
    return reader.frame(
        f"""
        select
            measure.measure_id,
            count(*) filter (where city.city_id <> $city_id and {CITY_CONDITION}) as city_count,
            bool_or(city.city_id = $city_id) as has_own
        from mart.peer_measure as measure
        inner join mart.city as city on city.city_id = measure.city_id
        group by measure.measure_id
        having city_count > 0
        order by measure.measure_id
        """,
        {"city_id": city_id, **chosen.with_(cities=()).sql_params()},
    )


def common_partners(reader: Reader, city_id: str) -> pd.DataFrame:
    """Places both the city and another one work with, and organisations both are tied to: the ties at one
    remove."""
    return reader.frame(
        """
        select
            theirs.city_id, mine.member_id, mine.member_kind, mine.partner_city_id, mine.partner_name,
            mine.partner_country_iso2, mine.kind_id as own_kind_id, theirs.kind_id
        from mart.peer_partner as mine
        inner join mart.peer_partner as theirs
            on theirs.member_id = mine.member_id and theirs.city_id <> mine.city_id
        where mine.city_id = $city_id
            and (
                (mine.is_working and theirs.is_working)
                or (
                    mine.member_kind = 'organisation'
                    and mine.kind_id = 'network_membership' and theirs.kind_id = 'network_membership'
                )
            )
        order by theirs.city_id, mine.member_kind, mine.partner_name, mine.member_id
        """,
        {"city_id": city_id},
    )


def partners(reader: Reader, city_id: str) -> pd.DataFrame:
    """Places the city works with already, the closest tie of each; those only a list of 2017 names are
    marked."""
    return reader.frame(
        """
        select
            partner.partner_city_id as city_id, partner.member_id, partner.partner_name,
            partner.partner_country_iso2,
            partner.kind_id, kind.strength, partner.from_year, partner.evidence_level_id, partner.status_id,
            partner.is_unconfirmed, partner.tie_count, partner.source_id, partner.source_url
        from mart.peer_partner as partner
        inner join core.partnership_kind as kind on kind.kind_id = partner.kind_id
        where partner.city_id = $city_id and (partner.is_working or partner.is_unconfirmed)
        order by partner.is_unconfirmed, kind.strength, partner.partner_name, partner.member_id
        """,
        {"city_id": city_id},
    )


def rules(reader: Reader) -> Mapping[str, float]:
    """The numbers behind the similarity: rule id -> value."""
    return {str(row[0]): float(row[1]) for row in reader.rows("select rule_id, value from mart.peer_rule")}


def default_weights(reader: Reader) -> Weights:
    """The weights a reader starts from."""
    rows = reader.rows("select rule_id, default_weight from mart.peer_rule where default_weight is not null")
    return Weights(**{str(row[0]): float(row[1]) for row in rows})
