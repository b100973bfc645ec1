"""How is the follow-up of facilities decided? Pure: values in, decisions out."""
