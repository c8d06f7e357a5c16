-- Why a series of inventories is not used for verdicts or city totals.
-- grain: series_reason_id
-- reads: raw.catalogue_series_reason
with series_reason as (

    select * from raw.catalogue_series_reason

)

select
    series_reason.series_reason_id,
    series_reason.title,
    series_reason.text as reason_text
from series_reason
