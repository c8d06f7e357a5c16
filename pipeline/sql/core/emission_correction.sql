-- What corrections change in which emission row. A correction holds while the published figure is still the old one.
-- grain: source_file_id, source_row
-- reads: staging.stg_figures__emissions, staging.stg_reference__correction
with emission as (

    select * from staging.stg_figures__emissions

),

correction as (

    select * from staging.stg_reference__correction
    where table_name = 'emissions'

),

hit as (

    select
        emission.source_file_id,
        emission.source_row,
        correction.field,
        correction.new_value,
        correction.new_number,
        correction.reason,
        correction.source_row as correction_row
    from emission
    inner join correction
        on correction.source_id = emission.source_id
        and correction.source_city_key = emission.source_city_key
        and (correction.year is null or correction.year = emission.year)
        and (correction.sector_id is null or correction.sector_id = emission.sector_id)
        and (correction.scope is null or correction.scope = emission.scope)
        and (
            correction.old_value is null
            or case correction.field
                when 'value' then correction.old_number = emission.value_t
                when 'population_count' then correction.old_number = emission.population_count
                when 'year' then correction.old_number = emission.year
                when 'flags' then correction.old_value = emission.flags
                when 'boundary_id' then correction.old_value = emission.boundary_id
                when 'quality_id' then correction.old_value = emission.quality_id
                when 'scope' then correction.old_value = emission.scope
                when 'series_key' then correction.old_value = emission.series_key
                else false
            end
        )

)

select
    hit.source_file_id,
    hit.source_row,
    max(case when hit.field = 'value' then hit.new_number end) as value_t,
    max(case when hit.field = 'population_count' then hit.new_number end) as population_count,
    cast(max(case when hit.field = 'year' then hit.new_number end) as integer) as year,
    max(case when hit.field = 'flags' then hit.new_value end) as flags,
    max(case when hit.field = 'boundary_id' then hit.new_value end) as boundary_id,
    max(case when hit.field = 'quality_id' then hit.new_value end) as quality_id,
    max(case when hit.field = 'scope' then hit.new_value end) as scope,
    max(case when hit.field = 'series_key' then hit.new_value end) as series_key,
    string_agg(distinct hit.reason, '; ' order by hit.reason) as correction_reason
from hit
group by hit.source_file_id, hit.source_row
