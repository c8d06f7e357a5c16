-- Limits used by the formulas, all on one row so that any model can join them.
-- grain: as_of_year
-- reads: raw.catalogue_threshold
with threshold as (

    select * from raw.catalogue_threshold

)

select
    cast(max(case when threshold.threshold_id = 'as_of_year' then threshold.value end) as integer) as as_of_year,
    max(case when threshold.threshold_id = 'on_pace_min_share' then threshold.value end) as on_pace_min_share,
    max(case when threshold.threshold_id = 'behind_min_share' then threshold.value end) as behind_min_share,
    max(case when threshold.threshold_id = 'recency_band_years' then threshold.value end) as recency_band_years,
    max(case when threshold.threshold_id = 'min_span_years' then threshold.value end) as min_span_years,
    max(case when threshold.threshold_id = 'stated_base_tolerance' then threshold.value end) as stated_base_tolerance,
    max(case when threshold.threshold_id = 'target_base_tolerance' then threshold.value end) as target_base_tolerance,
    max(case when threshold.threshold_id = 'shared_sectors_min_share' then threshold.value end)
        as shared_sectors_min_share,
    max(case when threshold.threshold_id = 'max_unverified_change_pct' then threshold.value end)
        as max_unverified_change_pct,
    max(case when threshold.threshold_id = 'sum_tolerance' then threshold.value end) as sum_tolerance
from threshold
