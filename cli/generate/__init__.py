"""Which files are generated from the manifest of services, the events and the topology?"""
