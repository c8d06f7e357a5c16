-- The outcomes of measuring a city against a yardstick.
-- grain: verdict_id
-- reads: raw.catalogue_verdict
with verdict as (

    select * from raw.catalogue_verdict

)

select
    verdict.verdict_id,
    verdict.title,
    verdict."order" as sort_order,
    verdict.definition
from verdict
