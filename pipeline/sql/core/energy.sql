-- Final energy of register cities as published, in MWh.
-- grain: source_file_id, source_row
-- reads: staging.stg_figures__energy, core.city_alias, core.flag
-- order: city_id, source_id, year, sector_id, source_row
with energy as (

    select * from staging.stg_figures__energy

),

city_alias as (

    select * from core.city_alias

),

flag as (

    select * from core.flag

),

excluded as (

    select distinct
        energy.source_file_id,
        energy.source_row
    from energy
    cross join unnest(string_split(energy.flags, ';')) as mark (flag_id)
    inner join flag
        on flag.flag_id = trim(mark.flag_id)
        and flag.excludes_choice

)

select
    energy.source_id,
    energy.source_city_key,
    city_alias.city_id,
    energy.year,
    energy.inventory_kind,
    energy.sector_id,
    energy.source_sector,
    energy.scope,
    energy.series_key,
    energy.value_mwh,
    energy.population_count,
    energy.flags,
    energy.flag_reason,
    excluded.source_row is not null as is_out_of_choice,
    energy.source_ref,
    energy.licence_id,
    energy.source_file_id,
    energy.source_row
from energy
inner join city_alias
    on city_alias.source_id = energy.source_id
    and city_alias.source_city_key = energy.source_city_key
left join excluded
    on excluded.source_file_id = energy.source_file_id
    and excluded.source_row = energy.source_row
