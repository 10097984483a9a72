//! What is read from an answer: ids, addresses, titles, permissions, checks, credit lines.

pub(in crate::license) mod attribution;
pub(in crate::license) mod check;
pub(in crate::license) mod combine;
pub(in crate::license) mod lookup;
pub(in crate::license) mod names;
pub(in crate::license) mod nba;
pub(in crate::license) mod permissions;
pub(in crate::license) mod status;
