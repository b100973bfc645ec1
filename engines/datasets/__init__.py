"""What do files about facilities contain? The services and the command line read them with the same code."""
