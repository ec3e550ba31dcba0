//! The rules of the gate, seen from outside: each at, before and after its boundary.
//!
//! Tables name each case, so a failure says which one.

#[cfg(test)]
mod calendar;
#[cfg(test)]
mod codes;
#[cfg(test)]
mod combined;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod field;
#[cfg(test)]
mod hours;
#[cfg(test)]
mod ledger;
#[cfg(test)]
mod limits;
#[cfg(test)]
mod over;
#[cfg(test)]
mod page;
#[cfg(test)]
mod past;
#[cfg(test)]
mod policy;
#[cfg(test)]
mod proofs;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod quotas;
#[cfg(test)]
mod schema;
#[cfg(test)]
mod shown;
#[cfg(test)]
mod situations;
#[cfg(test)]
mod support;
#[cfg(test)]
mod terms;
#[cfg(test)]
mod values;
#[cfg(test)]
mod verdict;
#[cfg(test)]
mod who;
#[cfg(test)]
mod wide;
