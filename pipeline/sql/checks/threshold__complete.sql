-- All limits the formulas need are there and in order.
-- severity: error
select threshold.as_of_year
from core.threshold
where threshold.as_of_year is null
    or threshold.on_pace_min_share is null
    or threshold.behind_min_share is null
    or threshold.behind_min_share > threshold.on_pace_min_share
    or threshold.recency_band_years is null
    or threshold.min_span_years is null
    or threshold.stated_base_tolerance is null
    or threshold.target_base_tolerance is null
    or threshold.shared_sectors_min_share is null
    or threshold.max_unverified_change_pct is null
    or threshold.sum_tolerance is null
order by threshold.as_of_year
