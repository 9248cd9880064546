pub mod strings {
    pub fn finding(f: &crate::photo::Finding, _l: crate::visit::Language) -> String { format!("{f:?}") }
}
