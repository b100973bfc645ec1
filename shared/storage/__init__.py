"""The kernel's tables and statements, and the transaction in which everything happens."""
