"""Quality on shoppers' questions: `dev` is tuned to, `test` was written before the engine and only measured.

More `dev` questions were added while tuning. The figures of `test` were seen meanwhile, and the floors here
were set under them: they guard against a step back and promise nothing about new questions.
`starter_questions` are asked of the starter articles, `topic_questions` of a catalogue made here from one
short article per topic without phrasings, in three languages.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from faq_links import EXAMPLE_ANSWERS, STARTER, Catalogue, load_catalogue, match

DATA = Path(__file__).parent.parent / "data" / "faq"


def read_rows(name: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in (DATA / name).read_text(encoding="utf-8").splitlines()]


@dataclass
class Figures:
    """Counts over one half of one list."""

    asked: int = 0
    right_first: int = 0
    answered: int = 0
    answered_right: int = 0
    unanswerable: int = 0
    unanswerable_answered: int = 0
    persons: int = 0
    persons_heard: int = 0
    persons_unasked: int = 0

    @property
    def precision(self) -> float:
        return self.answered_right / max(1, self.answered + self.unanswerable_answered)

    @property
    def wrong(self) -> float:
        given = self.answered + self.unanswerable_answered
        return (given - self.answered_right) / (self.asked + self.unanswerable)


def measure(catalogue: Catalogue, rows: list[dict[str, object]], split: str) -> Figures:
    figures = Figures()
    for row in rows:
        if row["split"] != split:
            continue
        found = match(catalogue, str(row["text"]), str(row["lang"]))
        if row["handoff"]:
            figures.persons += 1
            figures.persons_heard += found.handoff
            continue
        figures.persons_unasked += found.handoff
        if row["article_id"]:
            right = bool(found.ranked) and found.ranked[0][0] == row["article_id"]
            figures.asked += 1
            figures.right_first += right
            figures.answered += found.answered
            figures.answered_right += found.answered and right
        elif row["answerable"] is False:
            figures.unanswerable += 1
            figures.unanswerable_answered += found.answered
    return figures


@pytest.fixture(scope="module")
def topics(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    directory = tmp_path_factory.mktemp("topics")
    for row in read_rows("topics.jsonl"):
        path = directory / str(row["locale"]) / str(row["section"]) / f"{row['article_id']}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"---\ntitle: {json.dumps(row['title'])}\n---\n{row['body']}\n", encoding="utf-8")
    return load_catalogue(directory)


def check(name: str, figures: Figures, right: float, coverage: float, precision: float, wrong: float) -> None:
    print(
        f"{name}: right first {figures.right_first}/{figures.asked}, answered {figures.answered}, precision"
        f" {figures.precision:.2f}, confidently wrong {figures.wrong:.3f}, out of scope answered"
        f" {figures.unanswerable_answered}/{figures.unanswerable}, person {figures.persons_heard}"
        f"/{figures.persons}, unasked {figures.persons_unasked}"
    )
    assert figures.right_first / figures.asked >= right
    assert figures.answered / figures.asked >= coverage
    assert figures.precision >= precision
    assert figures.wrong <= wrong
    assert figures.persons_heard == figures.persons
    assert figures.persons_unasked == 0


@pytest.mark.parametrize("split", ["dev", "test"])
def test_starter_articles_answer_shoppers(split: str) -> None:
    filled = load_catalogue(STARTER).fill(EXAMPLE_ANSWERS)
    figures = measure(filled, read_rows("starter_questions.jsonl"), split)
    assert figures.asked >= 50
    check(f"starter {split}", figures, right=0.92, coverage=0.85, precision=0.93, wrong=0.04)
    assert figures.unanswerable_answered <= 1


@pytest.mark.parametrize("split", ["dev", "test"])
def test_one_short_article_per_topic_answers_shoppers(topics: Catalogue, split: str) -> None:
    figures = measure(topics, read_rows("topic_questions.jsonl"), split)
    assert figures.asked >= 40
    check(f"topics {split}", figures, right=0.80, coverage=0.65, precision=0.85, wrong=0.09)
    assert figures.unanswerable_answered <= 0.06 * figures.unanswerable


def test_no_question_stands_in_both_halves() -> None:
    for name in ("starter_questions.jsonl", "topic_questions.jsonl"):
        rows = read_rows(name)
        halves = {
            split: {str(row["text"]).lower() for row in rows if row["split"] == split}
            for split in ("dev", "test")
        }
        assert halves["dev"] and halves["test"] and not halves["dev"] & halves["test"]
