-- A figure is either in the core tables or its place is listed in core.unmatched_key; no join loses a row unseen.
-- severity: error
select 'emissions' as table_name, figure.source_file_id, figure.source_row, figure.source_id, figure.source_city_key as source_city_key
from staging.stg_figures__emissions as figure
left join core.emission as kept
    on kept.source_file_id = figure.source_file_id
    and kept.source_row = figure.source_row
left join core.unmatched_key
    on unmatched_key.table_name = 'emissions'
    and unmatched_key.source_id = figure.source_id
    and unmatched_key.source_city_key = coalesce(figure.source_city_key, '')
where kept.source_row is null
    and unmatched_key.source_city_key is null
union all
select 'targets' as table_name, figure.source_file_id, figure.source_row, figure.source_id, figure.source_city_key as source_city_key
from staging.stg_figures__targets as figure
left join core.target as kept
    on kept.source_file_id = figure.source_file_id
    and kept.source_row = figure.source_row
left join core.unmatched_key
    on unmatched_key.table_name = 'targets'
    and unmatched_key.source_id = figure.source_id
    and unmatched_key.source_city_key = coalesce(figure.source_city_key, '')
where kept.source_row is null
    and unmatched_key.source_city_key is null
union all
select 'energy' as table_name, figure.source_file_id, figure.source_row, figure.source_id, figure.source_city_key as source_city_key
from staging.stg_figures__energy as figure
left join core.energy as kept
    on kept.source_file_id = figure.source_file_id
    and kept.source_row = figure.source_row
left join core.unmatched_key
    on unmatched_key.table_name = 'energy'
    and unmatched_key.source_id = figure.source_id
    and unmatched_key.source_city_key = coalesce(figure.source_city_key, '')
where kept.source_row is null
    and unmatched_key.source_city_key is null
union all
select 'indicators' as table_name, figure.source_file_id, figure.source_row, figure.source_id,
    figure.source_place_key as source_city_key
from staging.stg_figures__indicators as figure
left join core.observation as kept
    on kept.source_file_id = figure.source_file_id
    and kept.source_row = figure.source_row
left join core.unmatched_key
    on unmatched_key.table_name = 'indicators'
    and unmatched_key.source_id = figure.source_id
    and unmatched_key.source_city_key
        = coalesce(case when figure.geo_level = 'nuts3' then figure.geo_code else figure.source_place_key end, '')
where kept.source_row is null
    and unmatched_key.source_city_key is null
order by table_name, source_file_id, source_row
