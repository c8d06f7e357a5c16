-- Every year, number, date and yes/no in the figures could be read as one.
-- severity: error
select 'stg_figures__emissions' as table_name, stg_figures__emissions.source_file_id, stg_figures__emissions.source_row, stg_figures__emissions.uncast_text
from staging.stg_figures__emissions
where stg_figures__emissions.uncast_text is not null
union all
select 'stg_figures__targets' as table_name, stg_figures__targets.source_file_id, stg_figures__targets.source_row, stg_figures__targets.uncast_text
from staging.stg_figures__targets
where stg_figures__targets.uncast_text is not null
union all
select 'stg_figures__energy' as table_name, stg_figures__energy.source_file_id, stg_figures__energy.source_row, stg_figures__energy.uncast_text
from staging.stg_figures__energy
where stg_figures__energy.uncast_text is not null
union all
select 'stg_figures__indicators' as table_name, stg_figures__indicators.source_file_id, stg_figures__indicators.source_row, stg_figures__indicators.uncast_text
from staging.stg_figures__indicators
where stg_figures__indicators.uncast_text is not null
union all
select 'stg_figures__partnerships' as table_name, stg_figures__partnerships.source_file_id, stg_figures__partnerships.source_row, stg_figures__partnerships.uncast_text
from staging.stg_figures__partnerships
where stg_figures__partnerships.uncast_text is not null
union all
select 'stg_figures__events' as table_name, stg_figures__events.source_file_id, stg_figures__events.source_row, stg_figures__events.uncast_text
from staging.stg_figures__events
where stg_figures__events.uncast_text is not null
union all
select 'stg_reference__city' as table_name, stg_reference__city.source_file_id, stg_reference__city.source_row, stg_reference__city.uncast_text
from staging.stg_reference__city
where stg_reference__city.uncast_text is not null
union all
select 'stg_reference__city_alias' as table_name, stg_reference__city_alias.source_file_id, stg_reference__city_alias.source_row, stg_reference__city_alias.uncast_text
from staging.stg_reference__city_alias
where stg_reference__city_alias.uncast_text is not null
union all
select 'stg_reference__correction' as table_name, stg_reference__correction.source_file_id, stg_reference__correction.source_row, stg_reference__correction.uncast_text
from staging.stg_reference__correction
where stg_reference__correction.uncast_text is not null
order by table_name, source_file_id, source_row
