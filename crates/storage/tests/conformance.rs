//! Every public query on SQLite and on PostgreSQL, by the same functions.
//!
//! PostgreSQL's server is named by `ENMUSUBI_TEST_POSTGRES` (`scripts/with-postgres` starts one); each test makes a
//! database there and drops it. Without a server that half is skipped and says so; with `CI` set it fails.

#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests, where a panic is the failure"
)]

#[path = "conformance/backup.rs"]
mod backup;
#[path = "conformance/chain.rs"]
mod chain;
#[path = "conformance/lists.rs"]
mod lists;
#[path = "conformance/people.rs"]
mod people;
#[path = "conformance/place.rs"]
mod place;
#[path = "conformance/streams.rs"]
mod streams;
#[path = "conformance/tenants.rs"]
mod tenants;
#[path = "conformance/work.rs"]
mod work;

/// Makes a test on each database from each case.
macro_rules! on_both {
    ($($case:ident::$name:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn $name() {
                super::place::sqlite().await.run(super::$case::$name).await;
            })+
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn $name() {
                if let Some(place) = super::place::postgres().await {
                    place.run(super::$case::$name).await;
                }
            })+
        }
    };
}

on_both!(
    streams::what_is_appended_is_there,
    streams::of_two_writers_one_wins,
    streams::of_eight_tasks_one_wins_each_round,
    streams::a_transaction_that_was_dropped_never_was,
    streams::a_snapshot_that_differs_is_named,
    streams::the_stamp_moves_with_every_change,
    streams::counters_have_no_holes,
    lists::every_filter_finds_what_it_says,
    lists::every_column_sorts_both_ways,
    lists::searches_take_letters_as_letters,
    lists::pages_do_not_overlap,
    lists::protected_and_closed_cases_are_not_there,
    lists::similar_applications_meet,
    lists::rows_are_replaced,
    people::logins_belong_to_one,
    people::secrets_come_and_go,
    people::sessions_end,
    people::failures_count_until_they_are_over,
    people::held_forms_are_given_once,
    work::jobs_go_their_way,
    work::views_belong_to_their_owner,
    tenants::are_listed_and_replaced,
    tenants::never_see_each_other,
    chain::verifies,
    chain::lists_what_is_wanted,
    chain::tells_where_it_is_broken,
    chain::has_no_holes_when_many_write,
    chain::looks_at_once_are_each_recorded,
    chain::is_held_against_ends_from_elsewhere,
    chain::outlives_a_rotation_of_keys,
    backup::lines_come_back,
    backup::wrong_lines_store_nothing,
);
