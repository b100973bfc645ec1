"""On which day is each touch done, and which enrollments start when? Pure: no I/O, no clock, no trade."""
