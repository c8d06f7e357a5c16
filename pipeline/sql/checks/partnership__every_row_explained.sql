-- Every listed row is the kept statement of one tie, merged into a tie, or dropped with a reason; every tie has one
-- kept row, and counts as many rows as were kept and merged for it.
-- severity: error
select 'row without outcome' as what, listed.source_id || ':' || listed.row_id as key
from staging.stg_figures__partnerships as listed
left join core.partnership_source as outcome
    on outcome.source_id = listed.source_id
    and outcome.row_id = listed.row_id
where outcome.outcome_id is null
    or (outcome.outcome_id = 'dropped') <> (outcome.partnership_id is null)
    or (outcome.outcome_id = 'kept') <> (outcome.reason_id is null)
union all
select 'tie with a wrong count' as what, tie.partnership_id as key
from core.partnership as tie
left join core.partnership_source as outcome
    on outcome.partnership_id = tie.partnership_id
group by tie.partnership_id, tie.row_count
having count(outcome.row_id) <> tie.row_count
    or count(*) filter (where outcome.outcome_id = 'kept') <> 1
union all
select 'tie missing on the pages' as what, tie.partnership_id as key
from core.partnership as tie
left join mart.network_edge as edge
    on edge.partnership_id = tie.partnership_id
where edge.partnership_id is null
order by what, key
