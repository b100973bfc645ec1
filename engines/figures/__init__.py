"""What are the key figures of the pipeline? Events in, figures out; a pack's `kpis.yaml` states which."""
