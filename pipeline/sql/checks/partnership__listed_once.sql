-- No tie stands twice: a pair of ends has one row of each kind, in whichever order the ends are listed.
-- severity: error
select
    least(network_edge.member_a_id, network_edge.member_b_id) as one_id,
    greatest(network_edge.member_a_id, network_edge.member_b_id) as other_id,
    network_edge.kind_id,
    count(*) as tie_count
from mart.network_edge
group by one_id, other_id, network_edge.kind_id
having count(*) > 1
order by one_id, other_id, network_edge.kind_id
