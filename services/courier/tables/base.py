"""All tables of the courier."""

from sqlalchemy import MetaData

metadata = MetaData()
