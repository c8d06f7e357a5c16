-- Why a city has no verdict, in a sentence for readers.
-- grain: reason_id
-- reads: raw.catalogue_reason
with reason as (

    select * from raw.catalogue_reason

)

select
    reason.reason_id,
    reason.title,
    reason."order" as sort_order,
    reason.text as reason_text
from reason
