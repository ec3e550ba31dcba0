//! The whole product on one machine: the real function binaries behind a local gateway.
//! Knows the deployment template and the built binaries, never a handler.

pub mod build;
pub mod calcom_file;
pub mod cli;
pub mod clock;
pub mod counters;
pub mod data_folder;
pub mod demo;
pub mod environment;
pub mod error;
pub mod gateway;
pub mod jobs;
pub mod mail;
pub mod net;
pub mod pump;
pub mod queue;
pub mod random;
pub mod rights;
pub mod runtime;
pub mod schedule;
pub mod secrets;
pub mod stack;
pub mod stand_in;
pub mod table;
pub mod tasks;
pub mod template;
pub mod tour;
pub mod wall;
pub mod web;

pub use error::LocalError;
