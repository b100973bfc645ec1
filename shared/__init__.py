"""The kernel: the foundation of every service. It depends on no service and no vertical."""
