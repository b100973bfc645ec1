"""tantivy: BM25 of the name's words within the state, with a bonus for the same city.

The score grows with the words asked for; by the root of their number, it is the most use as a confidence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import tantivy
from tantivy import Occur
from tantivy import Query as Wanted

from engines.matching.facilities import Facility
from engines.matching.trade import Trade
from tests.benchmarks.matchers.answering import NO_MATCH, Found
from tests.benchmarks.matchers.rows import Query
from tests.benchmarks.matchers.spelling import normalized

BATCH = False


def build(facilities: Iterable[Facility], trade: Trade) -> Callable[[Query], Found]:
    schema = (
        tantivy.SchemaBuilder()
        .add_text_field("name", index_option="freq")
        .add_text_field("city", tokenizer_name="raw", index_option="basic")
        .add_text_field("state", tokenizer_name="raw", index_option="basic")
        .add_unsigned_field("number", fast=True)
        .build()
    )
    index = tantivy.Index(schema)
    writer = index.writer(heap_size=200_000_000, num_threads=1)
    facility_ids = []
    for number, (facility_id, name, city, state) in enumerate(normalized(facilities, trade)):
        facility_ids.append(facility_id)
        document = tantivy.Document()
        for field, text in (("name", name), ("city", city), ("state", state)):
            document.add_text(field, text)
        document.add_unsigned("number", number)
        writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()

    def answer(query: Query) -> Found:
        words = dict.fromkeys(trade.normalize(query.employer.name).split())
        parts = [(Occur.Should, Wanted.term_query(schema, "name", word)) for word in words]
        city = trade.place_of(query.employer.city)
        if city:
            parts.append((Occur.Should, Wanted.term_query(schema, "city", city)))
        within = Wanted.const_score_query(Wanted.term_query(schema, "state", query.employer.state or ""), 0.0)
        hits = searcher.search(Wanted.boolean_query([(Occur.Must, within), *parts]), limit=1, count=False).hits
        if not hits:
            return NO_MATCH
        score, address = hits[0]
        return facility_ids[searcher.fast_field_values("number", [address])[0]], score / len(parts) ** 0.5, False

    return answer
