"""How is the follow-up of facilities decided? Pure: values in, decisions out.

An *enrollment* takes a facility, or a chain, once through a *sequence* of steps. A step that is due is a *task* on the
worklist of a rep. A *touch* is the call, e-mail or message that completed a task, as it is logged on the account.
"""
