-- Marks a row can carry, and whether a marked row stays out of comparisons over time, out of city totals, or neither.
-- grain: flag_id
-- reads: raw.catalogue_flag
with flag as (

    select * from raw.catalogue_flag

)

select
    flag.flag_id,
    flag.title,
    flag.definition,
    flag.excludes,
    flag.excludes in ('series', 'both') as excludes_series,
    flag.excludes in ('choice', 'both') as excludes_choice
from flag
