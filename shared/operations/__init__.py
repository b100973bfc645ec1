"""What operators ask of a service: its status, its dead letters, missed events, snapshots, jobs and work outside."""
