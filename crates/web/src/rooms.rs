//! The screens, a file or folder for each room.
//!
//! To add one: a file here with `routes()`, a line in [`routes`], a pair of message files listed in `words`, and an item of the
//! navigation in `gate`.

mod accounts;
mod audit;
mod cases;
mod certifications;
mod criteria;
mod entry;
mod home;
mod nursery;
mod read;
mod rounds;
mod seats;
mod setup;
mod sign_in;

use crate::route::Route;

/// Every route.
#[must_use]
pub fn routes() -> Vec<Route> {
    let rooms = [
        setup::routes(),
        sign_in::routes(),
        home::routes(),
        entry::routes(),
        cases::routes(),
        certifications::routes(),
        seats::routes(),
        nursery::routes(),
        rounds::routes(),
        criteria::routes(),
        accounts::routes(),
        audit::routes(),
    ];
    rooms.into_iter().flatten().collect()
}
