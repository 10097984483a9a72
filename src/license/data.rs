//! The tables of the folder `data` and their closed worlds: tools, ports, statements, other licences.

pub(in crate::license) mod other;
pub(in crate::license) mod tables;
