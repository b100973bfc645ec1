"""Which files follow from the manifest of services, the page of events and the topology?"""
