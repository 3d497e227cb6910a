//! Parts that pages are made of. They show what they are given and make no requests.

mod badges;
mod chart;
mod confirm;
mod data_table;
mod failure_box;
mod fields;
mod header;
mod icon;
mod media;
mod photo_part;
mod press;
mod states;
mod ticket_card;
mod zone;

pub(crate) use badges::{Age, CategoryBadge, StatusBadge};
pub(crate) use chart::ChartView;
pub(crate) use confirm::ConfirmButton;
pub(crate) use data_table::{DataTable, chart_csv};
pub(crate) use failure_box::FailureBox;
pub(crate) use fields::{Choice, TextField};
pub(crate) use header::Header;
pub(crate) use icon::{Icon, Picture};
pub(crate) use photo_part::photo_part;
pub(crate) use press::press;
pub(crate) use states::{Empty, Loading, LostNotice};
pub(crate) use ticket_card::TicketCard;
