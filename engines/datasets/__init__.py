"""What do files about facilities say? Read the same way by the service that records it and by the command line."""
