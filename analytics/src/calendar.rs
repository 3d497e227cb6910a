//! Hours, days and months as a time zone cuts them, daylight saving included, and periods such as `36h`.
//!
//! An instant belongs to the hour, day or month that a wall clock in the zone shows at it. The start of a bucket is the
//! instant at which that wall clock arrives there, also where the hour before lasted 30 minutes or midnight never struck.

mod bucket;
mod month;
mod period;

pub use bucket::{BucketSize, bucket_starts};
pub use month::Month;
pub use period::{Period, PeriodError};
