-- The two ends of a tie are not the same register city under two names.
-- severity: warning
select network_edge.partnership_id, network_edge.city_a_id, network_edge.name_a, network_edge.name_b
from mart.network_edge
where network_edge.city_a_id = network_edge.city_b_id
order by network_edge.partnership_id
