"""Pages of this room: people, applications, one's own account, the audit trail."""
