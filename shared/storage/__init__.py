"""The kernel's tables and statements, and the transaction that everything happens in."""
