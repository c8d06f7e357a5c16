-- Where figures come from: one publisher's release, its terms and its place in the order of trust (rank 1 first).
-- grain: source_id
-- reads: raw.catalogue_source
with source as (

    select * from raw.catalogue_source

)

select
    source.source_id,
    source.title,
    source.publisher,
    source.address,
    source.obtained_from,
    source.licence_id,
    source.licence_verdict,
    source.citation,
    source.credit_line,
    source.covers,
    source.covers_not,
    source.update_rhythm,
    source.published_date,
    source.accessed_date,
    source.kind,
    source.kind = 'modelled' as is_modelled,
    source.rank as source_rank,
    source.fetchable as is_fetchable
from source
