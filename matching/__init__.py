"""Which facility does an employer's name mean? Pure algorithms, shared by the service and the command."""
