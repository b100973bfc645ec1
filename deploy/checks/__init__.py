"""Would a cluster take deploy/kubernetes/, and would it run as it should?"""
