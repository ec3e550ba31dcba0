//! Placeholder.
impl crate::ReasonCode {
    /// Placeholder.
    pub fn class(self) -> crate::ReasonClass {
        crate::ReasonClass::Person
    }
}
