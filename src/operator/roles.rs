//! Who may do what: the one table. OPERATING.md shows the same, and a test holds them together.

use serde::{Deserialize, Serialize};

/// Who stands at the booth with a PIN.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Beside the booth every day.
    Staff,
    /// Answers for personal data and money.
    Supervisor,
}

impl Role {
    pub const ALL: [Self; 2] = [Self::Staff, Self::Supervisor];

    /// As the audit log and the command line write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Staff => "staff",
            Self::Supervisor => "supervisor",
        }
    }
}

/// What operator mode can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    Unlock,
    Lock,
    SeeHealth,
    /// The list and what is not personal of a record.
    SeeQueue,
    /// Picture, name and phone number of one record.
    OpenPersonalData,
    /// Sends a record again that the server had refused.
    Retry,
    ConfirmPayment,
    /// Closes the booth to students for a while.
    Pause,
    Resume,
    /// Takes the queue along on a stick.
    Export,
    ImportReceipts,
    /// Reads a roster of a stick, and adds its students to those whom the booth serves.
    ImportRoster,
    TakePlate,
    ChangeCamera,
    SeeReport,
    SeeLog,
    /// Erases what retention would erase now.
    Purge,
    /// Replaces the program by a newer one from a stick.
    InstallUpdate,
    ChangeStaffPin,
    ChangeSupervisorPin,
    SeeAuditLog,
}

/// Each action, whether staff may, whether supervisors may.
pub const TABLE: [(Action, bool, bool); 21] = [
    (Action::Unlock, true, true),
    (Action::Lock, true, true),
    (Action::SeeHealth, true, true),
    (Action::SeeQueue, true, true),
    (Action::OpenPersonalData, false, true),
    (Action::Retry, true, true),
    (Action::ConfirmPayment, true, true),
    (Action::Pause, true, true),
    (Action::Resume, true, true),
    (Action::Export, true, true),
    (Action::ImportReceipts, true, true),
    (Action::ImportRoster, false, true),
    (Action::TakePlate, true, true),
    (Action::ChangeCamera, true, true),
    (Action::SeeReport, true, true),
    (Action::SeeLog, true, true),
    (Action::Purge, false, true),
    (Action::InstallUpdate, false, true),
    (Action::ChangeStaffPin, true, true),
    (Action::ChangeSupervisorPin, false, true),
    (Action::SeeAuditLog, false, true),
];

impl Role {
    pub fn may(self, action: Action) -> bool {
        TABLE.iter().any(|(listed, staff, supervisor)| {
            *listed == action
                && match self {
                    Self::Staff => *staff,
                    Self::Supervisor => *supervisor,
                }
        })
    }
}

impl Action {
    /// As the audit log writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Unlock => "unlock",
            Self::Lock => "lock",
            Self::SeeHealth => "see_health",
            Self::SeeQueue => "see_queue",
            Self::OpenPersonalData => "open_personal_data",
            Self::Retry => "retry",
            Self::ConfirmPayment => "confirm_payment",
            Self::Pause => "pause",
            Self::Resume => "resume",
            Self::Export => "export",
            Self::ImportReceipts => "import_receipts",
            Self::ImportRoster => "import_roster",
            Self::TakePlate => "take_plate",
            Self::ChangeCamera => "change_camera",
            Self::SeeReport => "see_report",
            Self::SeeLog => "see_log",
            Self::Purge => "purge",
            Self::InstallUpdate => "install_update",
            Self::ChangeStaffPin => "change_staff_pin",
            Self::ChangeSupervisorPin => "change_supervisor_pin",
            Self::SeeAuditLog => "see_audit_log",
        }
    }

    /// Looking at what is not personal leaves no line in the audit log: the dashboard looks every few seconds.
    pub fn is_logged(self) -> bool {
        !matches!(self, Self::SeeHealth | Self::SeeQueue | Self::SeeReport | Self::SeeLog)
    }

    pub fn change_pin_of(role: Role) -> Self {
        match role {
            Role::Staff => Self::ChangeStaffPin,
            Role::Supervisor => Self::ChangeSupervisorPin,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    /// Written out once more, so that nobody gets a right by a slip.
    #[test]
    fn each_role_may_do_exactly_this() {
        let rights =
            |role: Role| TABLE.iter().filter(move |(action, ..)| role.may(*action)).map(|(action, ..)| action.name());
        assert_eq!(
            rights(Role::Staff).collect::<Vec<_>>(),
            [
                "unlock",
                "lock",
                "see_health",
                "see_queue",
                "retry",
                "confirm_payment",
                "pause",
                "resume",
                "export",
                "import_receipts",
                "take_plate",
                "change_camera",
                "see_report",
                "see_log",
                "change_staff_pin"
            ]
        );
        assert_eq!(rights(Role::Supervisor).count(), TABLE.len(), "a supervisor may do all");
    }

    #[test]
    fn every_action_is_in_the_table_once_and_has_a_name_of_its_own() {
        let names: HashSet<_> = TABLE.iter().map(|(action, ..)| action.name()).collect();
        assert_eq!(names.len(), TABLE.len());
    }

    #[test]
    fn the_manual_has_the_same_table() {
        let manual = include_str!("../../OPERATING.md");
        for (action, staff, supervisor) in TABLE {
            let mark = |may| if may { "✓" } else { "–" };
            let row = format!("| `{}` |", action.name());
            let line = manual.lines().find(|line| line.starts_with(&row));
            let rights = format!("| {} | {} |", mark(staff), mark(supervisor));
            assert!(line.is_some_and(|line| line.ends_with(&rights)), "OPERATING.md lacks {row} … {rights}");
        }
    }
}
