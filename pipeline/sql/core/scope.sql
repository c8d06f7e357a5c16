-- What a scope label covers and whether it may stand for the whole city.
-- grain: scope_id
-- reads: raw.catalogue_scope
with scope as (

    select * from raw.catalogue_scope

)

select
    scope.scope_id,
    scope.title,
    scope.covers,
    scope.preference,
    scope.whole_city in ('yes', 'official_only') as is_whole_city,
    scope.whole_city = 'official_only' as is_official_only
from scope
