"""Readers of the treebanks, and gold trees carried over to the tokens that the engine cuts."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from claimtrail.engines.tokenise import Piece, Tokenise

# Subtypes that a rule can use; all others are cut off, for the treebanks of a language differ in them.
KEPT_SUBTYPES = frozenset(
    {"nsubj:pass", "csubj:pass", "aux:pass", "obl:agent", "acl:relcl", "compound:prt", "nmod:poss", "flat:name"}
)
OLD_UPOS = {"CONJ": "CCONJ"}


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a tree: its place in the sentence, its part of speech, the index of its head (its own for a root)."""

    start: int
    end: int
    upos: str
    head: int
    dep: str
    xpos: str = ""


@dataclass(frozen=True, slots=True)
class Tree:
    """A sentence with its words; ``opens_paragraph`` as far as the treebank says so, ``spaced`` before the next."""

    text: str
    words: tuple[Word, ...]
    source: str
    opens_paragraph: bool = False
    opens_document: bool = False
    space_after: bool = True


def relation(dep: str) -> str:
    """Return a dependency relation with the subtype that is kept, if any."""
    return dep if dep in KEPT_SUBTYPES else dep.split(":", 1)[0]


def read_conllu(path: Path, source: str, *, glued: bool = False) -> Iterator[Tree]:
    """Read the trees of a CoNLL-U file; words of a multi-word token that do not spell it all take its place.

    ``glued`` is for files that do not say where spaces are and have none but between Latin words.
    """
    with path.open(encoding="utf-8") as lines:
        comments: list[str] = []
        rows: list[list[str]] = []
        for line in lines:
            if line.startswith("#"):
                comments.append(line)
            elif line.strip():
                rows.append(line.rstrip("\n").split("\t"))
            elif rows:
                yield _tree(comments, rows, source, glued)
                comments, rows = [], []
        if rows:
            yield _tree(comments, rows, source, glued)


def _tree(comments: Sequence[str], rows: Sequence[Sequence[str]], source: str, glued: bool) -> Tree:
    text = ""
    places: list[tuple[int, int]] = []
    kept: list[Sequence[str]] = []
    inside = 0  # words still to come of the multi-word token
    gap = False
    for row in rows:
        number, form, misc = row[0], row[1], row[9]
        if "." in number:
            continue
        if "-" in number:
            first, last = map(int, number.split("-"))
            text += (" " if gap else "") + form
            gap = "SpaceAfter=No" not in misc
            inside = last - first + 1
            place = len(text) - len(form)
            parts = [r[1] for r in rows if r[0].isdigit() and first <= int(r[0]) <= last]
            spelled = "".join(parts) == form
            for part in parts:
                places.append((place, place + len(part)) if spelled else (len(text) - len(form), len(text)))
                place += len(part)
            continue
        kept.append(row)
        if inside:
            inside -= 1
            continue
        if glued:
            gap = text[-1:].isascii() and text[-1:].isalpha() and form[0].isascii() and form[0].isalpha()
        text += (" " if gap else "") + form
        places.append((len(text) - len(form), len(text)))
        gap = "SpaceAfter=No" not in misc
    words = []
    for index, (row, (start, end)) in enumerate(zip(kept, places, strict=True)):
        head = int(row[6]) if row[6].isdigit() else 0
        upos = OLD_UPOS.get(row[3], row[3])
        words.append(Word(start, end, upos, head - 1 if head else index, "ROOT" if not head else row[7], row[4]))
    return Tree(
        text,
        tuple(words),
        source,
        opens_paragraph=any(c.startswith(("# newpar", "# newdoc")) for c in comments),
        opens_document=any(c.startswith("# newdoc") for c in comments),
        space_after=gap,
    )


@dataclass(frozen=True, slots=True)
class Analysed:
    """A sentence cut by the engine's tokenizer with the gold analysis of each token (head None where unknown)."""

    pieces: tuple[Piece, ...]
    upos: tuple[str, ...]
    heads: tuple[int | None, ...]
    deps: tuple[str, ...]


def carry_over(tree: Tree, cut: Tokenise) -> Analysed:
    """Give the engine's tokens the gold analysis.

    Tokens and words that overlap form blocks. A block of one word and one token is the rule. In any other the token
    that overlaps most with the block's top word stands for all of it; the other tokens of a word that was cut hang on
    the word's last token as ``compound`` (``flat`` in names).
    """
    pieces = tuple(cut(tree.text))
    words = tree.words
    stands = _standing(pieces, words)
    owner: dict[int, int] = {}
    for number in _top_first(words):
        if stands[number] is not None:
            owner.setdefault(stands[number], number)
    heads: list[int | None] = [None] * len(pieces)
    deps = [""] * len(pieces)
    upos = [""] * len(pieces)
    for index, piece in enumerate(pieces):
        number = owner.get(index)
        if number is None:
            number = next((n for n, w in enumerate(words) if w.start < piece.end and w.end > piece.start), None)
            if number is None:
                continue
            upos[index] = words[number].upos
            if stands[number] is not None:
                heads[index] = stands[number]
                deps[index] = "flat" if words[number].upos == "PROPN" else "compound"
            continue
        upos[index] = words[number].upos
        top = number
        # A head inside the same token is no head: climb until the tree leaves it.
        while words[top].head != top and stands[words[top].head] == index:
            top = words[top].head
        if words[top].head == top:
            heads[index], deps[index] = index, "ROOT"
        elif (above := stands[words[top].head]) is not None:
            heads[index], deps[index] = above, relation(words[top].dep)
    return Analysed(pieces, tuple(upos), tuple(heads), tuple(deps))


def _standing(pieces: Sequence[Piece], words: Sequence[Word]) -> list[int | None]:
    """Return for each word the token that stands for it: of those it overlaps most with, the last."""
    stands: list[int | None] = []
    for word in words:
        best, most = None, 0
        for index, piece in enumerate(pieces):
            if piece.start >= word.end:
                break
            shared = min(piece.end, word.end) - max(piece.start, word.start)
            if shared > 0 and (shared >= most):
                best, most = index, shared
        stands.append(best)
    return stands


def _top_first(words: Sequence[Word]) -> list[int]:
    def depth(number: int) -> int:
        steps = 0
        while words[number].head != number and steps < len(words):
            number = words[number].head
            steps += 1
        return steps

    return sorted(range(len(words)), key=depth)


def read_german_tags(path: Path) -> Iterator[tuple[list[str], list[str]]]:
    """Read sentences of ``word##TAG``; a contraction (``im##_``) stands for the two words after it."""
    for line in path.read_text("utf-8").splitlines():
        words, tags = [], []
        skip = 0
        pairs = [item.rsplit("##", 1) for item in line.split(" ") if "##" in item]
        for index, (word, tag) in enumerate(pairs):
            if skip:
                skip -= 1
            elif tag == "_" and index + 1 < len(pairs):
                words.append(word)
                tags.append(pairs[index + 1][1])
                skip = 2
            else:
                words.append(word)
                tags.append(tag)
        if words:
            yield words, tags


def treebanks(data: Path, lang: str) -> dict[str, list[Tree]]:
    """Return the trees of a language by part: ``train``, ``dev`` and one or more parts named ``test…``."""
    return {"en": _english, "de": _german, "zh": _chinese, "ja": _japanese}[lang](data)


def _english(data: Path) -> dict[str, list[Tree]]:
    ewt, gum = data / "en" / "ud-ewt", data / "en" / "ud-gum"
    sources = gum / "not-to-release" / "sources"
    lists = gum / "not-to-release" / "file-lists"
    apart = {name.strip() for part in ("dev", "test") for name in (lists / f"files.{part}").read_text().split()}
    train = list(read_conllu(ewt / "DERIVED.en_ewt-train+uner.conllu", "ewt"))
    for path in sorted(sources.glob("GUM_*.conllu")):
        # fiction and whow are not free for all uses
        if path.stem not in apart and not path.stem.startswith(("GUM_fiction", "GUM_whow", "GUM_reddit")):
            train += read_conllu(path, "gum")
    return {
        "train": train,
        "dev": list(read_conllu(ewt / "DERIVED.en_ewt-dev+uner.conllu", "ewt"))[:1200],
        "test ewt": list(read_conllu(ewt / "DERIVED.en_ewt-test+uner.conllu", "ewt")),
        "test gum": list(read_conllu(gum / "en_gum-ud-test.conllu", "gum")),
        "test pud": list(read_conllu(data / "en" / "ud-pud" / "en_pud-ud-test.conllu", "pud")),
    }


def _folded(trees: Iterable[Tree], fold: int = 10) -> tuple[list[Tree], list[Tree]]:
    kept, held = [], []
    for index, tree in enumerate(trees):
        (held if index % fold == fold // 2 else kept).append(tree)
    return kept, held


def _german(data: Path) -> dict[str, list[Tree]]:
    gsd = data / "de" / "ud-gsd"
    trees = [
        *read_conllu(gsd / "de_gsd-ud-dev.conllu", "gsd"),
        *read_conllu(gsd / "de_gsd-ud-test.conllu", "gsd"),
    ]
    pud = list(read_conllu(data / "de" / "ud-pud" / "de_pud-ud-test.conllu", "pud"))
    train, test = _folded(trees)
    more, apart = _folded(pud)
    return {"train": train + more, "dev": test + apart, "test gsd": test, "test pud": apart}


def _chinese(data: Path) -> dict[str, list[Tree]]:
    zh = data / "zh"
    new = list(read_conllu(zh / "ud-gsdsimp" / "zh_gsdsimp-ud-dev.conllu", "gsdsimp"))
    return {
        "old dev": _old_chinese(zh, "dev"),
        "old test": _old_chinese(zh, "test"),
        "old train": list(
            read_conllu(zh / "ud-gsd-v1x" / "DERIVED.zh-train.simp+uner.v1scheme.conllu", "gsd1", glued=True)
        ),
        "new dev": new,
        "train": [tree for index, tree in enumerate(new) if index % 5],
        "far": [
            *read_conllu(zh / "ud-pud" / "zh_pud-ud-test.conllu", "pud"),
            *read_conllu(zh / "ud-hk" / "zh_hk-ud-test.conllu", "hk"),
        ],
        "dev": new[::5],
        "test gsdsimp": list(read_conllu(zh / "ud-gsdsimp" / "zh_gsdsimp-ud-test.conllu", "gsdsimp")),
        "test gsd": list(read_conllu(zh / "ud-gsd" / "zh_gsd-ud-test.conllu", "gsd")),
    }


def _old_chinese(zh: Path, part: str) -> list[Tree]:
    return list(read_conllu(zh / "ud-gsd-v1x" / f"DERIVED.zh-{part}.simp.v1scheme.conllu", "gsd1"))


def _japanese(data: Path) -> dict[str, list[Tree]]:
    gsd = data / "ja" / "gsd-ne"
    return {
        part: list(read_conllu(gsd / f"DERIVED.ja_gsd-{name}.ne.from-docbin.conllu", "gsd"))
        for part, name in (("train", "train"), ("dev", "dev"), ("test gsd", "test"))
    }


def with_heads(tree: Tree, heads: Sequence[int], deps: Sequence[str], upos: Sequence[str]) -> Tree:
    """Return the tree with another analysis of the same words."""
    words = tuple(
        replace(word, head=head, dep=dep, upos=tag)
        for word, head, dep, tag in zip(tree.words, heads, deps, upos, strict=True)
    )
    return replace(tree, words=words)


class Converter:
    """Turns Chinese trees of the older scheme into the newer one, as learned from sentences that have both.

    For each word it learns, by the old relation and the tags of word and head, which way leads to the new head and
    what the new relation is. Punctuation is attached by a rule.
    """

    def __init__(self, old: Sequence[Tree], new: Sequence[Tree]) -> None:
        self._seen: dict[tuple[str, ...], Counter[tuple[str, str, str]]] = defaultdict(Counter)
        for before, after in zip(old, new, strict=True):
            if [w.start for w in before.words] != [w.start for w in after.words]:
                continue
            for index, word in enumerate(after.words):
                ways = _ways(before.words, index)
                way = next((name for name, head in ways.items() if head == word.head), None)
                if way is not None:
                    for key in _keys(before.words, index):
                        self._seen[key][way, word.dep, word.upos] += 1

    def convert(self, tree: Tree) -> Tree | None:
        """Return the tree in the newer scheme, with some old heads where new ones make no tree; None if that fails."""
        kept: set[int] = set()
        while True:
            converted = self._converted(tree, kept)
            heads = [word.head for word in converted.words]
            if is_tree(heads):
                return converted
            more = set(_astray(heads)) - kept
            if not more:
                return None
            kept |= more

    def _converted(self, tree: Tree, kept: set[int]) -> Tree:
        words = tree.words
        heads, deps, tags = [], [], []
        for index in range(len(words)):
            ways = {"same": words[index].head} if index in kept else _ways(words, index)
            counts = next((c for key in _keys(words, index) if (c := self._seen.get(key))), Counter())
            choice = next(
                (item for item, _ in counts.most_common() if item[0] in ways), ("same", "dep", words[index].upos)
            )
            heads.append(ways[choice[0]])
            deps.append(choice[1])
            tags.append(choice[2])
        roots = [i for i, head in enumerate(heads) if head == i]
        for extra in roots[1:]:
            heads[extra], deps[extra] = roots[0], "parataxis"
        for index, word in enumerate(words):
            if word.upos == "PUNCT":
                heads[index], deps[index] = _punctuated(heads, deps, index, (roots or [index])[0]), "punct"
        for index in range(len(words)):
            if heads[index] != index and deps[index] == "ROOT":
                deps[index] = "parataxis"
            elif heads[index] == index:
                deps[index] = "ROOT"
        return with_heads(tree, heads, deps, tags)


def is_tree(heads: Sequence[int | None]) -> bool:
    """Return whether every word reaches the one root."""
    if sum(head == index for index, head in enumerate(heads)) != 1:
        return False
    for index in range(len(heads)):
        place, steps = index, 0
        while (head := heads[place]) != place:
            if head is None or steps > len(heads):
                return False
            place, steps = head, steps + 1
    return True


def _astray(heads: Sequence[int]) -> list[int]:
    """Return the words on a cycle; all words where there is no root."""
    if not any(head == index for index, head in enumerate(heads)):
        return list(range(len(heads)))
    found = []
    for index in range(len(heads)):
        place, steps = heads[index], 1
        while place != index and heads[place] != place and steps <= len(heads):
            place, steps = heads[place], steps + 1
        if place == index and heads[index] != index:
            found.append(index)
    return found


def _ways(words: Sequence[Word], index: int) -> dict[str, int]:
    head = words[index].head
    ways = {
        "same": head,
        "above": words[head].head,
        "next": min(index + 1, len(words) - 1),
        "before": max(index - 1, 0),
    }
    ways["root"] = index
    children = [i for i, word in enumerate(words) if word.head == index and i != index]
    clauses = [i for i in children if words[i].dep == "dep"]
    if children:
        ways["first child"] = children[0]
    if clauses:
        ways["first clause"] = clauses[0]
    siblings = [i for i, word in enumerate(words) if word.head == head and i not in (index, head)]
    if siblings:
        ways["first sibling"] = siblings[0]
    clauses = [i for i in siblings if words[i].dep == "dep"]
    if clauses:
        ways["first sibling clause"] = clauses[0]
    right = [i for i in siblings if i > index]
    if right:
        ways["right sibling"] = right[0]
    return ways


def _keys(words: Sequence[Word], index: int) -> list[tuple[str, ...]]:
    word = words[index]
    head = words[word.head]
    first = not any(other.dep == "dep" and other.head == word.head for other in words[:index])
    clauses = any(other.dep == "dep" and other.head == index for other in words[:index])
    state = f"{first}{clauses}" if word.dep in ("dep", "ROOT") else ""
    side = "left" if word.head < index else "right"
    near = "near" if abs(word.head - index) == 1 else "far"
    behind = words[index - 1].xpos if index else ""
    return [
        (word.dep, state, word.xpos, head.xpos, head.dep, side, near, behind),
        (word.dep, state, word.xpos, head.xpos, side, near),
        (word.dep, state, word.xpos, side),
        (word.dep, state),
    ]


def _punctuated(heads: Sequence[int], deps: Sequence[str], index: int, root: int) -> int:
    """Return the head of a punctuation mark: the top of what ends before it or of the clause after it."""
    if index == 0 or index == len(heads) - 1:
        return root
    top = index - 1
    steps = 0
    while heads[top] < index and heads[top] != top and steps < len(heads):
        top = heads[top]
        steps += 1
    if top == root:
        return next((i for i in range(index, len(heads)) if heads[i] == root and deps[i] in ("parataxis", "conj")), top)
    return top
