-- What kinds of tie there are and how close they are: strength 1 is the closest.
-- grain: kind_id
-- reads: raw.catalogue_kind
with kind as (

    select * from raw.catalogue_kind

)

select
    kind.kind_id,
    kind.title,
    kind.ends,
    kind.strength,
    kind.definition
from kind
