//! From tokens to claims: addresses, codes and names of licences, notices, statements.

pub(in crate::license) mod accept;
pub(in crate::license) mod address;
pub(in crate::license) mod claim;
pub(in crate::license) mod evident;
pub(in crate::license) mod marks;
pub(in crate::license) mod markup;
pub(in crate::license) mod mention;
pub(in crate::license) mod names;
pub(in crate::license) mod notice;
pub(in crate::license) mod path;
pub(in crate::license) mod port;
pub(in crate::license) mod restrictions;
pub(in crate::license) mod roles;
pub(in crate::license) mod text;
pub(in crate::license) mod version;
