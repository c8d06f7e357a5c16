-- Every listed row and what became of it: kept as the best statement of its tie, merged into a tie another row states
-- better, or dropped with a reason. A tie is the unordered pair of its ends and the kind, so the order of rows and of
-- ends never matters. The kept row is the one with the surest evidence, then the one with a year, then by its id.
-- grain: source_id, row_id
-- reads: staging.stg_figures__partnerships, core.partnership_end, core.evidence_level
with partnership as (

    select * from staging.stg_figures__partnerships

),

partnership_end as (

    select * from core.partnership_end

),

evidence_level as (

    select * from core.evidence_level

),

paired as (

    select
        partnership.source_id,
        partnership.row_id,
        partnership.kind_id,
        partnership.kind_as_listed,
        partnership.title,
        partnership.from_year,
        partnership.to_year,
        partnership.evidence_level_id,
        coalesce(evidence_level.evidence_rank, 99) as evidence_rank,
        partnership.status_id,
        partnership.source_url,
        partnership.note,
        partnership.flags,
        partnership.flag_reason,
        partnership.licence_id,
        partnership.source_file_id,
        partnership.source_row,
        least(first_end.member_id, second_end.member_id) as member_a_id,
        greatest(first_end.member_id, second_end.member_id) as member_b_id,
        case
            when first_end.member_id is null or second_end.member_id is null then 'end_missing'
            when partnership.kind_id is null then 'kind_missing'
            when first_end.member_id = second_end.member_id then 'same_place_twice'
        end as drop_reason_id
    from partnership
    inner join partnership_end as first_end
        on first_end.source_id = partnership.source_id
        and first_end.row_id = partnership.row_id
        and first_end.end_id = 'a'
    inner join partnership_end as second_end
        on second_end.source_id = partnership.source_id
        and second_end.row_id = partnership.row_id
        and second_end.end_id = 'b'
    left join evidence_level
        on evidence_level.evidence_level_id = partnership.evidence_level_id

),

identified as (

    select
        paired.source_id,
        paired.row_id,
        case
            when paired.drop_reason_id is null
                then 'tie-' || substr(md5(concat_ws('|', paired.member_a_id, paired.member_b_id, paired.kind_id)), 1, 12)
        end as partnership_id,
        paired.kind_id,
        paired.kind_as_listed,
        paired.title,
        paired.from_year,
        paired.to_year,
        paired.evidence_level_id,
        paired.evidence_rank,
        paired.status_id,
        paired.source_url,
        paired.note,
        paired.flags,
        paired.flag_reason,
        paired.licence_id,
        paired.source_file_id,
        paired.source_row,
        case when paired.drop_reason_id is null then paired.member_a_id end as member_a_id,
        case when paired.drop_reason_id is null then paired.member_b_id end as member_b_id,
        paired.drop_reason_id
    from paired

),

ranked as (

    select
        identified.source_id,
        identified.row_id,
        identified.partnership_id,
        identified.kind_id,
        identified.kind_as_listed,
        identified.title,
        identified.from_year,
        identified.to_year,
        identified.evidence_level_id,
        identified.evidence_rank,
        identified.status_id,
        identified.source_url,
        identified.note,
        identified.flags,
        identified.flag_reason,
        identified.licence_id,
        identified.source_file_id,
        identified.source_row,
        identified.member_a_id,
        identified.member_b_id,
        identified.drop_reason_id,
        row_number() over best_first as place_in_tie,
        first_value(identified.source_id) over best_first as kept_source_id,
        first_value(identified.title) over best_first as kept_title
    from identified
    window best_first as (
        partition by coalesce(identified.partnership_id, identified.source_id || ':' || identified.row_id)
        order by identified.evidence_rank, identified.from_year is null, identified.source_id, identified.row_id
        rows between unbounded preceding and unbounded following
    )

)

select
    ranked.source_id,
    ranked.row_id,
    ranked.partnership_id,
    case
        when ranked.drop_reason_id is not null then 'dropped'
        when ranked.place_in_tie = 1 then 'kept'
        else 'merged'
    end as outcome_id,
    case
        when ranked.drop_reason_id is not null then ranked.drop_reason_id
        when ranked.place_in_tie = 1 then null
        when ranked.source_id <> ranked.kept_source_id then 'also_in_the_other_list'
        when ranked.title is distinct from ranked.kept_title then 'another_statement_in_the_same_list'
        else 'listed_from_both_ends'
    end as reason_id,
    ranked.place_in_tie,
    ranked.member_a_id,
    ranked.member_b_id,
    ranked.kind_id,
    ranked.kind_as_listed,
    ranked.title,
    ranked.from_year,
    ranked.to_year,
    ranked.evidence_level_id,
    ranked.evidence_rank,
    ranked.status_id,
    ranked.source_url,
    ranked.note,
    ranked.flags,
    ranked.flag_reason,
    ranked.licence_id,
    ranked.source_file_id,
    ranked.source_row
from ranked
