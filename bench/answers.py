"""How long it takes to find an article for a question among 200."""

from __future__ import annotations

import json
import random
import tempfile
import time
from pathlib import Path

from bench.figures import Figure, spread
from faq_links import STARTER, load_catalogue, match

PART = "faq match"
ARTICLES = 200
GOODS = (
    "taza", "plato", "lámpara", "mochila", "zapato", "camisa", "vela", "jabón", "reloj", "cuaderno", "maceta", "silla",
    "manta", "bufanda",
)  # fmt: skip


def measure(quick: bool) -> list[Figure]:
    """Questions as shoppers write them, each about one of the goods, with a slip of the pen now and then."""
    with tempfile.TemporaryDirectory(prefix="mostrador-bench-") as folder:
        questions = _write_catalogue(Path(folder))
        began = time.perf_counter()
        catalogue = load_catalogue(Path(folder))
        match(catalogue, "hola", "es")
        ready = time.perf_counter() - began
    random.Random(1).shuffle(questions)
    seconds, answered = [], 0
    for question in questions[: 200 if quick else 2000]:
        began = time.perf_counter()
        found = match(catalogue, question, "es")
        seconds.append(time.perf_counter() - began)
        answered += found.answered
    case = f"{len(catalogue.articles('es'))} articles in Spanish"
    note = f"{len(seconds)} questions, {answered} answered; read and indexed in {ready * 1000:.0f} ms"
    return spread(PART, case, "match", seconds, note=note)


def _write_catalogue(folder: Path) -> list[str]:
    """Each starter article once per good, its phrasings too; gives the questions."""
    chance, count = random.Random(7), 0
    questions: list[str] = []
    for source in sorted((STARTER / "es").glob("*/*.md")):
        for good in GOODS:
            if count == ARTICLES:
                return questions
            lines = source.read_text("utf-8").replace("{{", "").replace("}}", "").splitlines()
            phrasings = [f"{words} {good}" for words in _phrasings(lines)]
            told = [_rewrite(line, good, phrasings) for line in lines]
            target = folder / "es" / source.parent.name / f"{source.stem}-{GOODS.index(good)}.md"
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text("\n".join(told) + "\n", "utf-8")
            questions += [_slip(words, chance) for words in phrasings]
            count += 1
    return questions


def _phrasings(lines: list[str]) -> list[str]:
    found: list[str] = json.loads(
        next(line for line in lines if line.startswith("phrasings:")).partition(":")[2]
    )
    return found


def _rewrite(line: str, good: str, phrasings: list[str]) -> str:
    if line.startswith("title:"):
        return f"title: {json.dumps(json.loads(line.partition(':')[2]) + ' ' + good, ensure_ascii=False)}"
    if line.startswith("phrasings:"):
        return f"phrasings: {json.dumps(phrasings, ensure_ascii=False)}"
    return line


def _slip(words: str, chance: random.Random) -> str:
    if chance.random() < 0.7:
        return words
    place = chance.randrange(1, len(words) - 1)
    return words[:place] + words[place + 1 :]
