"""Many questions at once where greenlets share one thread and computing goes to real ones: nobody waits for ever."""

from __future__ import annotations

import subprocess
import sys

CODE = """
from gevent import monkey; monkey.patch_all()
import sys, gevent
import plugin.care
from faq_links import EXAMPLE_ANSWERS
from plugin import help
from plugin.testing.factories import MOMENT, make_database, make_store

db = make_database(sys.argv[1])
facts = {"countries": ["ES", "PT"], "currency": "EUR"}
stores = [make_store(db, domain=f"{one}.example", answers=EXAMPLE_ANSWERS, facts=facts) for one in range(4)]
help.warm_all(db)

def ask(store, question="\\u00bfCu\\u00e1nto tarda el env\\u00edo?"):
    with db.reading(store.id) as tx:
        learned = help.read_learned(tx, store.id)
    return help.answer(store, question, "es", learned).candidates[0].article_id

jobs = [gevent.spawn(ask, store) for store in stores * 5]
gevent.joinall(jobs, timeout=90)
with db.transaction(stores[0].id) as tx:
    help.teach(tx, stores[0], "how-to-return", "es", "mi burro va lento", "written", None, None, MOMENT)
lessons = [gevent.spawn(ask, stores[0], "mi burro va lento") for _ in range(5)]
gevent.joinall(lessons, timeout=90)
print(sum(job.value is not None for job in jobs), {job.value for job in lessons})
db.close()
"""


def test_twenty_questions_to_four_fresh_stores_are_all_answered_and_a_lesson_right_after_too(sqlite_url: str) -> None:
    run = subprocess.run([sys.executable, "-c", CODE, sqlite_url], capture_output=True, text=True, timeout=240)
    assert (run.stdout.strip(), run.returncode) == ("20 {'how-to-return'}", 0), run.stderr[-3000:]
