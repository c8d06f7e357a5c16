-- Every correction still finds the figure it corrects; one that does not must be removed or renewed.
-- severity: error
with correction as (

    select
        correction.source_row,
        correction.source_id,
        correction.table_name,
        correction.source_city_key,
        correction.year,
        correction.field,
        correction.reason
    from staging.stg_reference__correction as correction

)

select correction.source_row, correction.source_id, correction.source_city_key, correction.year, correction.field
from correction
left join core.emission
    on emission.source_id = correction.source_id
    and emission.source_city_key = correction.source_city_key
    and contains(emission.correction_reason, correction.reason)
where correction.reason is null
    or correction.table_name <> 'emissions'
    or correction.field not in ('value', 'population_count', 'year', 'flags', 'boundary_id', 'quality_id', 'scope', 'series_key')
    or emission.source_id is null
order by correction.source_row
