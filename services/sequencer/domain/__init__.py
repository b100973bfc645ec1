"""How is the follow-up of facilities decided? Pure: values in, decisions out.

The words: an *enrollment* takes a facility, or a chain, once through a *sequence* of steps. A step whose day has come
is a *task* on the worklist of a representative. A *touch* is the activity itself: the call, e-mail or message by which
a task was done, as it is logged on the account.
"""
