"""`python -m bench.faq`: how often `faq_links.match` is right on shoppers' questions, beside plain engines.

The questions and articles in tests/data/faq/bench were written by people who had not seen the engine; `dev` was
tuned to, `test` and `exam` only measured. Peers: BM25 over stems, and BM25 over stems and pieces of letters together.
"""

from __future__ import annotations

import json
import math
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path

import snowballstemmer

from bench.figures import percentile
from faq_links import Article, Catalogue, match
from faq_links.person import asks_for_person
from faq_links.rich_text import parse_markdown

DATA = Path(__file__).parent.parent / "tests" / "data" / "faq" / "bench"
PERSONS = DATA.parent / "person"
SETS = (
    ("en_dev", "en"), ("lat_dev", "es"), ("lat_dev", "pt"), ("en_test_general", "en"), ("en_test_health", "en"),
    ("lat_test", "es"), ("lat_test", "pt"), ("exam_voltnest", "en"), ("exam_fernwell", "en"), ("exam_trapos", "es"),
    ("exam_casaverde", "es"), ("exam_patafeliz", "pt"), ("exam_aromadavila", "pt"),
)  # fmt: skip
_BESIDE = ("out_of_scope", "near")
_STEMMERS = {"es": "spanish", "en": "english", "pt": "portuguese"}
_HEAD = (
    f"{'questions':<22} {'phrasings':<9} {'BM25':>6} {'+chars':>6} {'right':>6} {'covers':>6} {'precis':>6}"
    f" {'wrong':>6} {'scope':>6} {'near':>6} {'person':>7} {'unasked':>8}"
)
_LEGEND = """
right: right first answer, with BM25 and BM25 with pieces of letters before it. covers: questions on topics
that are answered. precis: right of all answered. wrong: answered wrongly, of all messages. scope, near:
answered of what no shop, and of what not this shop, answers. person: heard of those who asked for one;
unasked: of all others.
"""
Row = dict[str, object]


def read_rows(name: str, kind: str, language: str) -> list[Row]:
    """Lines of one file of one set in one language."""
    lines = (DATA / name / f"{kind}.jsonl").read_text(encoding="utf-8").splitlines()
    return [row for row in map(json.loads, lines) if row["lang"] == language]


def write_articles(topics: Sequence[Row], language: str, phrasings: bool) -> list[Article]:
    return [
        Article(
            str(row["article_id"]),
            str(row["section"]),
            language,
            str(row["title"]),
            phrasings=tuple(map(str, row["phrasings"])) if phrasings else (),  # type: ignore[call-overload]
            body=str(row["body"]),
            tree=parse_markdown(str(row["body"])),
        )
        for row in topics
    ]


def read_stems(text: str, language: str) -> list[str]:
    stemmer = snowballstemmer.stemmer(_STEMMERS[language])
    return [str(stemmer.stemWord(word)) for word in re.findall(r"\w+", text.lower())]


def read_pieces(text: str, language: str) -> list[str]:
    framed = [f"^{word}$" for word in re.findall(r"\w+", text.lower())]
    return [one[at : at + size] for one in framed for size in (3, 4) for at in range(len(one) - size + 1)]


class Bm25:
    """The plain peer: k1 1.2, b 0.75, the title twice."""

    def __init__(self, articles: Sequence[Article], read: Callable[[str, str], list[str]]) -> None:
        self._read = read
        texts = [" ".join((one.title, one.title, one.text, *one.phrasings)) for one in articles]
        self._counts = [Counter(read(text, articles[0].locale)) for text in texts]
        self._language = articles[0].locale
        self._long = [sum(counts.values()) for counts in self._counts]
        spread = Counter(word for counts in self._counts for word in counts)
        self._rarity = {
            word: math.log(1 + (len(texts) - seen + 0.5) / (seen + 0.5)) for word, seen in spread.items()
        }

    def score(self, question: str) -> list[float]:
        words = [word for word in self._read(question, self._language) if word in self._rarity]
        usual = sum(self._long) / len(self._long)
        return [
            sum(
                self._rarity[word]
                * counts[word]
                * 2.2
                / (counts[word] + 1.2 * (0.25 + 0.75 * length / usual))
                for word in words
                if word in counts
            )
            for counts, length in zip(self._counts, self._long, strict=True)
        ]


def measure_peers(articles: Sequence[Article], questions: Sequence[Row]) -> tuple[float, float]:
    """Share right first of BM25, and of it with pieces of letters, each scaled to its best."""
    words, pieces = Bm25(articles, read_stems), Bm25(articles, read_pieces)
    right = [0, 0]
    for row in questions:
        by_words, by_pieces = words.score(str(row["text"])), pieces.score(str(row["text"]))
        of_words, of_pieces = max(by_words) or 1.0, max(by_pieces) or 1.0
        both = [one / of_words + other / of_pieces for one, other in zip(by_words, by_pieces, strict=True)]
        for number, scores in enumerate((by_words, both)):
            best = scores.index(max(scores))
            right[number] += max(scores) > 0 and articles[best].article_id == row["article_id"]
    return right[0] / len(questions), right[1] / len(questions)


@dataclass
class Tally:
    """Counts over one set in one language."""

    asked: int = 0
    topics: int = 0
    right: int = 0
    answered: int = 0
    answered_right: int = 0
    wrong: int = 0
    persons: int = 0
    heard: int = 0
    unasked: int = 0
    beside: dict[str, list[int]] = field(default_factory=lambda: {kind: [0, 0] for kind in _BESIDE})
    """Of what no shop, and of what not this shop, answers: answered, asked."""

    def add(self, row: Row, catalogue: Catalogue) -> None:
        """Ask one question."""
        found = match(catalogue, str(row["text"]), str(row["lang"]))
        self.asked += 1
        if row["kind"] == "person":
            self.persons += 1
            self.heard += found.handoff
            return
        self.unasked += found.handoff
        right = bool(found.ranked) and found.ranked[0][0] == row["article_id"]
        if row["kind"] == "topic":
            self.topics += 1
            self.right += right
            self.answered += found.answered
            self.answered_right += found.answered and right
        self.wrong += found.answered and not right
        if row["kind"] in self.beside:
            self.beside[str(row["kind"])][0] += found.answered
            self.beside[str(row["kind"])][1] += 1

    def __add__(self, other: Tally) -> Tally:
        added = Tally(*(getattr(self, name) + getattr(other, name) for name in _COUNTED))
        for kind, (answered, asked) in added.beside.items():
            ours, theirs = self.beside[kind], other.beside[kind]
            added.beside[kind] = [answered + ours[0] + theirs[0], asked + ours[1] + theirs[1]]
        return added


_COUNTED = tuple(one.name for one in fields(Tally) if one.name != "beside")


def measure_set(name: str, language: str, phrasings: bool) -> tuple[Tally, float, float]:
    """What was counted, and the shares that are right first with BM25 and with BM25 and pieces of letters."""
    articles = write_articles(read_rows(name, "topics", language), language, phrasings)
    questions = read_rows(name, "questions", language)
    catalogue, tally = Catalogue(articles), Tally()
    for row in questions:
        tally.add(row, catalogue)
    return tally, *measure_peers(articles, [row for row in questions if row["kind"] == "topic"])


def print_row(name: str, phrasings: bool, tally: Tally, plain: float, chars: float) -> None:
    """One line of the table."""
    given = tally.answered_right + tally.wrong
    told = [f"{answered}/{asked}" for answered, asked in tally.beside.values()]
    print(
        f"{name:<22} {'yes' if phrasings else 'no':<9} {plain:6.1%} {chars:6.1%}"
        f" {tally.right / tally.topics:6.1%} {tally.answered / tally.topics:6.1%}"
        f" {tally.answered_right / max(1, given):6.1%} {tally.wrong / tally.asked:6.1%} {told[0]:>6} {told[1]:>6}"
        f" {tally.heard}/{tally.persons:<4} {tally.unasked}/{tally.asked - tally.persons}".rstrip()
    )


def measure_speed(many: int = 500) -> str:
    """Milliseconds per question with `many` articles with five phrasings each, of all sets together."""
    rows = [row for name, _ in SETS[3:5] + SETS[:1] for row in read_rows(name, "topics", "en")]
    goods = "mattress sofa lamp phone shoes shirt perfume protein drone watch toy book".split()
    articles = [
        Article(
            f"{one.article_id}-{number}",
            one.section,
            "en",
            f"{one.title} {goods[number // len(rows) % len(goods)]}",
            phrasings=tuple(f"{text} {goods[number // len(rows) % len(goods)]}" for text in one.phrasings),
            tree=one.tree,
        )
        for number in range(many)
        for one in write_articles([rows[number % len(rows)]], "en", True)
    ]
    catalogue = Catalogue(articles)
    began = time.perf_counter()
    match(catalogue, "where is my order", "en")
    ready = time.perf_counter() - began
    seconds = []
    for row in read_rows("en_dev", "questions", "en"):
        began = time.perf_counter()
        match(catalogue, str(row["text"]), "en")
        seconds.append((time.perf_counter() - began) * 1000)
    return (
        f"{many} articles, {len(seconds)} questions: p50 {percentile(seconds, 0.5):.1f} ms,"
        f" p95 {percentile(seconds, 0.95):.1f} ms; indexed in {ready:.1f} s"
    )


def measure_persons(name: str) -> str:
    """How many of one list of messages that ask for a person, or only sound so, are heard."""
    rows = [json.loads(line) for line in (PERSONS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]
    heard = Counter(row["kind"] for row in rows if asks_for_person(str(row["text"])))
    asked = Counter(row["kind"] for row in rows)
    return (
        f"a person, please ({name}): heard {heard['person']}/{asked['person']}"
        f" ({heard['person'] / asked['person']:.1%}), of what only sounds so {heard['other']}/{asked['other']}"
        f" ({heard['other'] / asked['other']:.1%})"
    )


def main() -> int:
    began = time.perf_counter()
    match(
        Catalogue(write_articles(read_rows("en_dev", "topics", "en")[:1], "en", False)), "hello there", "en"
    )
    print(f"The first match took {time.perf_counter() - began:.1f} s.\n\n{_HEAD}")
    for phrasings in (False, True):
        exam, peers = Tally(), [0.0, 0.0]
        for name, language in SETS:
            tally, plain, chars = measure_set(name, language, phrasings)
            print_row(f"{name} {language}", phrasings, tally, plain, chars)
            if name.startswith("exam_"):
                exam += tally
                peers = [peers[0] + plain * tally.topics, peers[1] + chars * tally.topics]
        print_row("exam, all six shops", phrasings, exam, peers[0] / exam.topics, peers[1] / exam.topics)
    print(_LEGEND)
    for name in ("dev", "test"):
        print(measure_persons(name))
    print(measure_speed())
    return 0


if __name__ == "__main__":
    sys.exit(main())
