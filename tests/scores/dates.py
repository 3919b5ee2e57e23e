"""Score the choice of dates on gold claims, with gold mentions in place of the relation rules.

    python tests/scores/dates.py GOLD.jsonl TEXTS [GOLD.jsonl TEXTS ...] [--detail]

For every gold claim each evidence clause becomes a mention, its trigger taken where a word of moving stands nearest
to the middle of the clause. The first mention with a date decides, as the most precise of the text would. Reported
are the accuracy over the claims with a date, and over those without one how often none is given.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "pipeline"))

from claimtrail.document import Argument, Document, Facts, Mention, Span
from claimtrail.normalise import Normalise
from claimtrail.segment.sentences import SentenceSplitter
from claimtrail.segment.stretches import Segmenter

CUE = re.compile(
    r"(?i)\b(?:leav|left|quit|resign|depart|step|fire|oust|join|hire|poach|appoint|name|elect|succe|found|return|replace|"
    r"becom|retir|promot|last day|reinstat|verl[aä]|ging|geh|tritt|trat|getreten|wechsel|übernehm|übernimmt|übernahm|"
    r"folg|beruf|ernannt|wird|wurde|ausscheid|abgang|rückzug|räum|antr[ei]t|kam|eintret|gründ|entlass|einstieg)\w*"
    r"|离开|離開|离职|離職|辞|辭|卸任|退出|退休|免去|加入|任命|升任|接任|接替|担任|出任|任|创办|设立|設立|接棒|取代"
    r"|退職|退社|辞任|解任|退任|退|入社|就任|昇格|移籍|異動|加わ|就職|満了|降板|選出|内定|付与|入社|辞し|登用"
)


def mentions_of(document: Document, claim: dict) -> list[Mention]:
    out = []
    for quote in claim["evidence"]:
        at = document.text.find(quote)
        if at < 0:
            continue
        end = at + len(quote)
        middle = (at + end) // 2
        cues = [Span(at + m.start(), at + m.end()) for m in CUE.finditer(quote)] or [Span(middle, middle + 1)]
        trigger = min(cues, key=lambda c: abs(c.start + c.end - at - end))
        for number, sentence in enumerate(document.sentences):
            if sentence.start <= trigger.start < sentence.end:
                person = Argument(trigger.start, trigger.end, claim["person"])
                manner = claim.get("manner") or ("appointed" if claim["relation"] == "ROLE_CHANGE" else None)
                mention = Mention(claim["relation"], number, trigger, "gold", person, person, status=claim["status"])
                out.append(replace(mention, manner=manner))
    return out


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", nargs="+", help="pairs of a gold file and its folder of texts")
    parser.add_argument("--detail", action="store_true")
    args = parser.parse_args()
    before = [Segmenter(("de", "en", "ja", "zh")), SentenceSplitter()]
    for gold, folder in zip(args.gold[::2], args.gold[1::2], strict=True):
        right = dated = silent = undated = 0
        for line in Path(gold).read_text("utf-8").splitlines():
            row = json.loads(line)
            texts = list(Path(folder).rglob(Path(row["doc"]).name))
            if not texts:
                continue
            text = texts[0].read_bytes().decode("utf-8")
            document = Document(row["doc"], text, "", facts=Facts(date=row["date"] or ""))
            for stage in before:
                document = stage.process([document])[0]
            for claim in row["claims"]:
                mentions = mentions_of(document, claim)
                done = Normalise().process([replace(document, mentions=tuple(mentions))])[0]
                found = [m.when.value for m in done.mentions if m.when]
                best = max(found, key=len) if found else None
                if claim.get("when"):
                    dated += 1
                    ok = best in [claim["when"], *claim.get("when_accept", [])]
                    right += ok
                else:
                    undated += 1
                    ok = best is None
                    silent += ok
                if args.detail and not ok:
                    print(
                        f"  {row['doc']} ({row['date']}) {claim['relation']} {claim['person']} {claim['status']}: "
                        f"gold {claim.get('when')} found {found} <- {claim['evidence']}"
                    )
        print(
            f"{Path(gold).name}: when {right}/{dated} = {right / max(dated, 1):.3f}; "
            f"none where none is due {silent}/{undated} = {silent / max(undated, 1):.3f}"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
