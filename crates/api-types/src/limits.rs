//! Lengths in characters and sizes that the API, the database and the forms share.

/// A model file has at most this many bytes.
pub const MODEL_MAX_BYTES: usize = 2 << 20;
/// A title has 1 to this many characters.
pub const TITLE_MAX: usize = 200;
/// A description has 1 to this many characters.
pub const DESCRIPTION_MAX: usize = 10_000;
/// A message has 1 to this many characters.
pub const MESSAGE_MAX: usize = 10_000;
/// A resolution has 1 to this many characters.
pub const RESOLUTION_MAX: usize = 2_000;
/// A location has at most this many characters.
pub const LOCATION_MAX: usize = 200;
/// A name has 1 to this many characters.
pub const NAME_MAX: usize = 80;
/// Text given to the classifier has at most this many characters.
pub const CLASSIFY_MAX: usize = 10_200;
/// A search has at most this many characters.
pub const SEARCH_MAX: usize = 500;
/// As many results of a search are given at most.
pub const RESULTS_MAX: u32 = 50;
/// As many results of a search are given unless asked.
pub const RESULTS_DEFAULT: u32 = 20;
/// As many similar reports and articles are shown.
pub const SIMILAR_MAX: usize = 3;
/// As many articles stand beside one report at most.
pub const SHOWN_MAX: usize = 20;
/// An article has 1 to this many characters.
pub const ARTICLE_MAX: usize = 20_000;
/// A sentence of a summary has 1 to this many characters.
pub const SUMMARY_MAX: usize = 240;
/// A photo has at most this many bytes.
pub const IMAGE_MAX_BYTES: usize = 12 << 20;
/// A photo has at most this many pixels.
pub const IMAGE_MAX_PIXELS: u32 = 50_000_000;
/// A ticket has at most this many photos of its own.
pub const IMAGES_MAX: usize = 8;
/// The shown version of a photo has at most this many pixels a side.
pub const IMAGE_SIDE: u32 = 1600;
/// A thumbnail has at most this many pixels a side.
pub const THUMBNAIL_SIDE: u32 = 320;
/// A label of a photo has 1 to this many characters.
pub const LABEL_MAX: usize = 40;
/// A list page holds at most this many items.
pub const PAGE_MAX: u32 = 100;
/// A list page holds this many items unless asked.
pub const PAGE_DEFAULT: u32 = 25;
/// A feed page holds this many tickets unless asked.
pub const FEED_PAGE_DEFAULT: u32 = 1_000;
/// As many places are suggested at most.
pub const SUGGESTIONS_MAX: u32 = 10;
/// A feed page holds at most this many tickets.
pub const FEED_PAGE_MAX: u32 = 10_000;
/// A bulk request names at most this many tickets.
pub const BULK_MAX: usize = 100;
/// A request body has at most this many bytes.
pub const BODY_MAX_BYTES: usize = 256 * 1024;
/// What a redacted text reads as afterwards.
pub const REDACTED: &str = "[redacted]";
