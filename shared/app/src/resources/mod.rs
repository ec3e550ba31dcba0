//! Machines and hosts: listed with the caller's badge, made, changed, mapped to a calendar.

mod edit;
mod guide;
mod leave;
mod list;
mod mapping;
mod show;

pub use edit::{CreateResource, UpdateResource, create_resource, update_resource};
pub use guide::GuideChange;
pub use list::{ResourceSummary, list_resources, read_resource};
pub(crate) use list::{all_resources, resources_of};
pub use mapping::MappingRequest;
pub(crate) use mapping::{entry, unfit};
pub use show::show_resource;
