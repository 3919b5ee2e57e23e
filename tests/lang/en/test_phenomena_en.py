"""The ways in which English says that a person leaves, joins or changes post, by phenomenon; invented sentences.

A case is a marked text and the claims it states, each as 'L/J/R person @ organisation', with '= n/m/p' after it where
the move is negated, possible or planned.
"""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from claimtrail.assertion.stage import Assertion
from claimtrail.document import Document, Sentence
from claimtrail.rules.examples import read_example
from claimtrail.rules.relations import Relations

STATUS = {"n": "negated", "m": "possible", "p": "planned", "": "actual"}
RELATION = {"L": "LEAVES", "J": "JOINS", "R": "ROLE_CHANGE"}

CASES: dict[str, list[tuple[str, str]]] = {
    "leaving_an_organisation": [
        ("[P:Ada Vell] has left [O:Nordwerk].", "L Ada Vell @ Nordwerk"),
        ("[P:Ada Vell] walked out of [O:Nordwerk] after a row over pay.", "L Ada Vell @ Nordwerk"),
        ("[P:Ada Vell] turned her back on [O:Nordwerk] in [D:1974].", "L Ada Vell @ Nordwerk"),
        ("[P:Ada Vell] has stepped away from [O:Nordwerk].", "L Ada Vell @ Nordwerk"),
        ("[P:Ada Vell] dropped out of [O:Lund College].", "L Ada Vell @ Lund College"),
        ("[P:Ada Vell] put in her papers at [O:Nordwerk].", "L Ada Vell @ Nordwerk"),
        ("[P:Ada Vell], [T:chief engineer] of [O:Nordwerk], has handed in her notice.", "L Ada Vell @ Nordwerk"),
        ("After leaving [O:Nordwerk], [P:Ada Vell] wrote a novel.", "L Ada Vell @ Nordwerk"),
        ("[P:Ada Vell] gave up a safe job at [O:Nordwerk] to keep bees.", "L Ada Vell @ Nordwerk"),
        ("[P:Ada Vell] is no longer with [O:Nordwerk].", "L Ada Vell @ Nordwerk"),
        ("[P:Ada Vell]'s contract with [O:Nordwerk] was not renewed.", "L Ada Vell @ Nordwerk"),
        ("[P:Ada Vell] has ended a ten-year career at [O:Nordwerk].", "L Ada Vell @ Nordwerk"),
        ("[P:Ada Vell] will not return to [O:Nordwerk] after her illness.", "L Ada Vell @ Nordwerk"),
    ],
    "leaving_in_a_manner_of_speaking": [
        ("[P:Ada Vell] slipped out of [O:Nordwerk] at noon.", "L Ada Vell @ Nordwerk"),
        ("The axe has fallen on [P:Ada Vell] at [O:Nordwerk].", "L Ada Vell @ Nordwerk"),
        ("[O:Nordwerk] tore up [P:Ada Vell]'s contract.", "L Ada Vell @ Nordwerk"),
        ("[P:Ada Vell] got the boot from [O:Nordwerk].", "L Ada Vell @ Nordwerk"),
        ("[P:Ada Vell] closed the gates of [O:Nordwerk] for the last time.", "L Ada Vell @ Nordwerk"),
        ("[P:Bo Ek] quit [O:Nordwerk]; [P:Ada Vell] soon followed.", "L Bo Ek @ Nordwerk | L Ada Vell @ Nordwerk"),
        ("[O:Nordwerk] said goodbye to its nurse, [P:Ada Vell].", "L Ada Vell @ Nordwerk"),
        ("[P:Ada Vell] was with [O:Nordwerk] until [D:May].", "L Ada Vell @ Nordwerk"),
        ("[P:Ada Vell] was suspended and later dismissed by [O:Nordwerk].", "L Ada Vell @ Nordwerk"),
        ("[O:Nordwerk] paid [P:Ada Vell], the cook it fired in [D:May].", "L Ada Vell @ Nordwerk"),
        ("[P:Ada Vell]'s days at [O:Nordwerk] are numbered.", "L Ada Vell @ Nordwerk = m"),
    ],
    "giving_up_an_office": [
        ("[P:Ada Vell] hands over the captaincy of [O:Nordwerk] in [D:May].", "R Ada Vell @ Nordwerk"),
        ("[O:Nordwerk] took the captaincy away from [P:Ada Vell].", "R Ada Vell @ Nordwerk"),
        ("[P:Ada Vell]'s reign as [T:editor] of [O:Nordwerk] is over.", "R Ada Vell @ Nordwerk"),
        ("[O:Nordwerk]'s outgoing [T:chair] [P:Ada Vell] spoke.", "R Ada Vell @ Nordwerk"),
        ("Members voted [P:Ada Vell] out as [T:chair] of [O:Nordwerk].", "R Ada Vell @ Nordwerk"),
        ("[P:Ada Vell] was [T:chair] of [O:Nordwerk] until [D:May].", "R Ada Vell @ Nordwerk"),
    ],
    "a_person_told_by_the_post_alone": [
        (
            "[P:Ada Vell] is [T:chief executive] of [O:Nordwerk]. The [T:chief executive] has resigned.",
            "L Ada Vell @ Nordwerk",
        ),
        ("[T:Chair] [P:Ada Vell] spoke at noon. [O:Nordwerk]'s [T:chair] has resigned.", "L Ada Vell @ Nordwerk"),
        ("[O:Nordwerk] has fired its [T:chair]. [P:Ada Vell] had led it since [D:May].", "L Ada Vell @ Nordwerk"),
        ("[O:Nordwerk] has fired its [T:chair]. [T:Secretary] [P:Ada Vell] was silent.", ""),
    ],
    "columns_of_newcomers": [
        ("Changes at [O:Nordwerk]. Arrivals: [P:Ada Vell].", "J Ada Vell @ Nordwerk"),
        (
            "New faces at [O:Nordwerk]: Ms [P:Ada Vell] (maths) and, returning from Peru, Mr [P:Bo Ek].",
            "J Ada Vell @ Nordwerk | J Bo Ek @ Nordwerk",
        ),
        ("Promotions in the [O:Nordwerk Guard]: to be [T:Colonel], [P:Ada Vell].", "R Ada Vell @ Nordwerk Guard"),
    ],
    "offers_and_talks": [
        ("Talks are well advanced to bring [P:Ada Vell] to [O:Nordwerk].", "J Ada Vell @ Nordwerk = m"),
        ("[O:Nordwerk] withdrew the job it had offered [P:Ada Vell].", "J Ada Vell @ Nordwerk = n"),
        ("[P:Ada Vell] was passed over for the presidency of [O:Nordwerk].", "R Ada Vell @ Nordwerk = n"),
        ("[P:Ada Vell] could have gone to [O:Nordwerk] for more money.", "J Ada Vell @ Nordwerk = n"),
        ("[O:Nordwerk] disowned a report that [P:Ada Vell] had been sacked.", "L Ada Vell @ Nordwerk = n"),
    ],
    "offices_without_a_list": [
        ("[P:Ada Vell] has inherited the treasurership of [O:Nordwerk].", "R Ada Vell @ Nordwerk"),
        ("[P:Ada Vell] will serve as [T:chair] of [O:Nordwerk] on an interim basis.", "R Ada Vell @ Nordwerk"),
        ("[O:Nordwerk] chose as its [T:president] [P:Ada Vell].", "R Ada Vell @ Nordwerk"),
    ],
    "a_departure_is_told_once": [
        ("[P:Ada Vell] of [O:Nordwerk] says nothing of her departure.", "L Ada Vell @ Nordwerk"),
        ("[P:Ada Vell] gave up as [T:chair] of [O:Nordwerk]. Her departure was quiet.", "R Ada Vell @ Nordwerk"),
    ],
    "the_next_sentence_tells_the_status": [
        ("[O:Nordwerk] has hired [P:Ada Vell]. [P:Ada Vell] begins on [D:Monday].", "J Ada Vell @ Nordwerk = p"),
        ("[O:Nordwerk] has hired [P:Ada Vell]. [P:Bo Ek] begins on [D:Monday].", "J Ada Vell @ Nordwerk"),
        ("We said [P:Ada Vell] had left [O:Nordwerk]. [P:Ada Vell] has not.", "L Ada Vell @ Nordwerk = n"),
        ("[P:Ada Vell] is leaving [O:Nordwerk]. Her last day is [D:June 4].", "L Ada Vell @ Nordwerk = p"),
        ("[P:Ada Vell] has left [O:Nordwerk], it says. That is untrue.", "L Ada Vell @ Nordwerk = n"),
        ("[P:Ada Vell] founded [O:Nordwerk] in [D:1999]. [P:Ada Vell] starts on [D:Monday].", "J Ada Vell @ Nordwerk"),
    ],
    "only_looks_like_a_move": [
        ("[P:Ada Vell] gave [O:Nordwerk] leave to appeal.", ""),
        ("[P:Ada Vell] of [O:Nordwerk] was the last to leave.", ""),
        ("[O:Nordwerk] searches for a successor to [P:Ada Vell].", ""),
        ("[O:Nordwerk] gave [P:Ada Vell] the keys to the city.", ""),
        ("[P:Ada Vell] of [O:Nordwerk] has been on stress leave since [D:May].", ""),
    ],
    "candidates_and_stand_ins": [
        ("[P:Ada Vell] is in line for the top job at [O:Nordwerk].", "R Ada Vell @ Nordwerk = m"),
        ("[P:Ada Vell] entered the race to lead [O:Nordwerk].", "R Ada Vell @ Nordwerk = m"),
        ("[P:Ada Vell] is no longer [T:chair] of [O:Nordwerk].", "R Ada Vell @ Nordwerk"),
        (
            "The appointment of [P:Ada Vell] as [T:chair] of [O:Nordwerk] has been set aside.",
            "R Ada Vell @ Nordwerk = n",
        ),
        (
            "[P:Ada Vell] is the next [T:chair] of [O:Nordwerk], succeeding [P:Bo Ek], whose term ends in [D:August].",
            "R Ada Vell @ Nordwerk = p | R Bo Ek @ Nordwerk = p",
        ),
    ],
    "work_told_beside_the_name_and_new_positions": [
        (
            "[P:Ada Vell], a partner at law firm [O:Nordwerk], is moving to rival [O:Acme].",
            "L Ada Vell @ Nordwerk | J Ada Vell @ Acme",
        ),
        ("[P:Ada Vell] joins [O:Acme] after eight years at [O:Nordwerk].", "L Ada Vell @ Nordwerk | J Ada Vell @ Acme"),
        ("[P:Ada Vell] is starting a new position as [T:partner] at [O:Nordwerk].", "J Ada Vell @ Nordwerk"),
        ("[O:Nordwerk] said that her duties will be taken over by [P:Ada Vell].", "R Ada Vell @ Nordwerk"),
    ],
    "handing_on_and_transferring": [
        ("[O:Nordwerk] hands [P:Ada Vell] the reins.", "R Ada Vell @ Nordwerk"),
        ("[P:Ada Vell] becomes the first woman to lead [O:Nordwerk].", "R Ada Vell @ Nordwerk"),
        (
            "[O:Nordwerk] has transferred [P:Ada Vell] to [O:Acme].",
            "L Ada Vell @ Nordwerk | J Ada Vell @ Acme",
        ),
        ("[P:Ada Vell] has signed professional terms with [O:Nordwerk].", "J Ada Vell @ Nordwerk"),
        ("[O:Nordwerk] is delighted to welcome [P:Ada Vell] as [T:partner].", "J Ada Vell @ Nordwerk"),
        ("[P:Ada Vell] was given an hour to leave [O:Nordwerk].", "L Ada Vell @ Nordwerk"),
    ],
    "a_noun_tells_the_departure": [
        ("The departure of [P:Ada Vell] from [O:Nordwerk] came as a surprise.", "L Ada Vell @ Nordwerk"),
        ("[P:Ada Vell]'s sudden exit from [O:Nordwerk] is a loss.", "L Ada Vell @ Nordwerk"),
        ("[P:Ada Vell] confirms [O:Nordwerk] exit", "L Ada Vell @ Nordwerk"),
    ],
    "put_out": [
        ("[O:Nordwerk] fired [P:Ada Vell] on [D:Monday].", "L Ada Vell @ Nordwerk"),
        ("[P:Ada Vell] was sacked by [O:Nordwerk].", "L Ada Vell @ Nordwerk"),
        ("[O:Nordwerk] showed [P:Ada Vell] the door.", "L Ada Vell @ Nordwerk"),
        ("[O:Nordwerk] let [P:Ada Vell] go in [D:May].", "L Ada Vell @ Nordwerk"),
        ("[P:Ada Vell] of [O:Nordwerk] was given her marching orders.", "L Ada Vell @ Nordwerk"),
        ("[O:Nordwerk] has parted company with its [T:chief engineer], [P:Ada Vell].", "L Ada Vell @ Nordwerk"),
        ("[O:Nordwerk] and [T:coach] [P:Ada Vell] have parted ways.", "L Ada Vell @ Nordwerk"),
        ("[P:Ada Vell], whom [O:Nordwerk] dismissed in [D:2021], won her case.", "L Ada Vell @ Nordwerk"),
    ],
    "joining_an_organisation": [
        ("[P:Ada Vell] joined [O:Nordwerk] in [D:2011].", "J Ada Vell @ Nordwerk"),
        ("[P:Ada Vell] signed for [O:Nordwerk].", "J Ada Vell @ Nordwerk"),
        ("[P:Ada Vell] has accepted a senior role at [O:Nordwerk].", "J Ada Vell @ Nordwerk"),
        ("[O:Nordwerk] has hired [P:Ada Vell] as [T:head of research].", "J Ada Vell @ Nordwerk"),
        ("[P:Ada Vell] was recruited by [O:Nordwerk].", "J Ada Vell @ Nordwerk"),
        ("[O:Nordwerk] strengthens its office with the arrival of [P:Ada Vell].", "J Ada Vell @ Nordwerk"),
        ("[P:Ada Vell] is the latest hire at [O:Nordwerk].", "J Ada Vell @ Nordwerk"),
        ("[P:Ada Vell] was co-opted onto the board of [O:Nordwerk].", "J Ada Vell @ Nordwerk"),
        ("[P:Ada Vell] has joined the board of [O:Nordwerk].", "J Ada Vell @ Nordwerk"),
        ("[P:Ada Vell] to [O:Nordwerk]", "J Ada Vell @ Nordwerk"),
    ],
    "founding_and_coming_back": [
        ("[P:Ada Vell] founded [O:Nordwerk] in [D:2009].", "J Ada Vell @ Nordwerk"),
        ("[O:Nordwerk], founded by [P:Ada Vell], makes pumps.", "J Ada Vell @ Nordwerk"),
        ("[O:Nordwerk], which [P:Ada Vell] founded in [D:2009], makes pumps.", "J Ada Vell @ Nordwerk"),
        ("[P:Ada Vell] founded [O:Nordwerk] with [P:Bo Lind].", "J Ada Vell @ Nordwerk | J Bo Lind @ Nordwerk"),
        ("[P:Ada Vell] returns to [O:Nordwerk] as [T:chief engineer].", "J Ada Vell @ Nordwerk"),
        ("[P:Ada Vell] has been hired back by [O:Nordwerk].", "J Ada Vell @ Nordwerk"),
    ],
    "both_sides_of_a_move": [
        ("[P:Ada Vell] is moving from [O:Nordwerk] to [O:Acme].", "L Ada Vell @ Nordwerk | J Ada Vell @ Acme"),
        ("[P:Ada Vell] leaves [O:Nordwerk] for [O:Acme].", "L Ada Vell @ Nordwerk | J Ada Vell @ Acme"),
        ("[O:Acme] has poached [P:Ada Vell] from [O:Nordwerk].", "L Ada Vell @ Nordwerk | J Ada Vell @ Acme"),
        ("[O:Acme] poaches [O:Nordwerk]'s [P:Ada Vell]", "L Ada Vell @ Nordwerk | J Ada Vell @ Acme"),
        ("[P:Ada Vell] joins [O:Acme] from [O:Nordwerk].", "L Ada Vell @ Nordwerk | J Ada Vell @ Acme"),
        ("[P:Ada Vell] swaps [O:Nordwerk] for [O:Acme].", "L Ada Vell @ Nordwerk | J Ada Vell @ Acme"),
        ("Former [O:Nordwerk] executive [P:Ada Vell] has joined [O:Acme].", "J Ada Vell @ Acme"),
    ],
    "posts": [
        ("[O:Nordwerk] has named [P:Ada Vell] [T:chief executive].", "R Ada Vell @ Nordwerk"),
        ("[P:Ada Vell] was appointed [T:chair] of [O:Nordwerk].", "R Ada Vell @ Nordwerk"),
        ("[O:Acme] has appointed [P:Ada Vell] as [T:chair] of [O:Nordwerk].", "R Ada Vell @ Nordwerk"),
        ("[P:Ada Vell] becomes [T:chief executive] of [O:Nordwerk].", "R Ada Vell @ Nordwerk"),
        ("[P:Ada Vell] was sworn in as [T:president] of [O:Nordwerk].", "R Ada Vell @ Nordwerk"),
        ("[P:Ada Vell] named [T:chief executive] of [O:Nordwerk]", "R Ada Vell @ Nordwerk"),
        ("[P:Ada Vell] takes the helm at [O:Nordwerk].", "R Ada Vell @ Nordwerk"),
        ("[P:Ada Vell] moves from [T:CFO] to [T:COO] at [O:Nordwerk].", "R Ada Vell @ Nordwerk"),
        ("[P:Ada Vell] has quit as [T:chief executive] of [O:Nordwerk].", "R Ada Vell @ Nordwerk"),
        ("[O:Nordwerk] ousts [P:Ada Vell] as [T:chief executive].", "R Ada Vell @ Nordwerk"),
        ("[O:Nordwerk] announced the resignation of [P:Ada Vell] as [T:chair].", "R Ada Vell @ Nordwerk"),
        ("The appointment of [P:Ada Vell] as [T:chair] of [O:Nordwerk] was welcomed.", "R Ada Vell @ Nordwerk"),
        ("[O:Nordwerk] has appointed [P:Ada Vell] to its board.", "R Ada Vell @ Nordwerk"),
    ],
    "succession": [
        (
            "[P:Ada Vell] succeeds [P:Bo Lind] as [T:chair] of [O:Nordwerk].",
            "R Ada Vell @ Nordwerk | R Bo Lind @ Nordwerk",
        ),
        (
            "[P:Ada Vell], [T:chair] of [O:Nordwerk], was succeeded by [P:Bo Lind].",
            "R Ada Vell @ Nordwerk | R Bo Lind @ Nordwerk",
        ),
        (
            "[P:Ada Vell] hands the reins of [O:Nordwerk] to [P:Bo Lind].",
            "R Ada Vell @ Nordwerk | R Bo Lind @ Nordwerk",
        ),
        (
            "[O:Nordwerk] replaces [T:chair] [P:Ada Vell] with [P:Bo Lind].",
            "R Ada Vell @ Nordwerk | R Bo Lind @ Nordwerk",
        ),
        (
            "[P:Ada Vell] takes over the running of [O:Nordwerk] from [P:Bo Lind].",
            "R Ada Vell @ Nordwerk | R Bo Lind @ Nordwerk",
        ),
    ],
    "lists": [
        ("[P:Ada Vell] and [P:Bo Lind] have left [O:Nordwerk].", "L Ada Vell @ Nordwerk | L Bo Lind @ Nordwerk"),
        (
            "[O:Nordwerk] has appointed [P:Ada Vell] as [T:chair] and [P:Bo Lind] as [T:secretary].",
            "R Ada Vell @ Nordwerk | R Bo Lind @ Nordwerk",
        ),
        (
            "[O:Nordwerk]: [P:Ada Vell] to be [T:chair]; [P:Bo Lind] to be [T:secretary]",
            "R Ada Vell @ Nordwerk | R Bo Lind @ Nordwerk",
        ),
        (
            "Shake-up at [O:Nordwerk]: [P:Ada Vell] out, [P:Bo Lind] in",
            "L Ada Vell @ Nordwerk | R Bo Lind @ Nordwerk",
        ),
    ],
    "status": [
        ("[P:Ada Vell] will not leave [O:Nordwerk].", "L Ada Vell @ Nordwerk = n"),
        ("[P:Ada Vell] has denied leaving [O:Nordwerk].", "L Ada Vell @ Nordwerk = n"),
        ("[P:Ada Vell] turned down an offer to join [O:Nordwerk].", "J Ada Vell @ Nordwerk = n"),
        ("[P:Ada Vell] is not leaving [O:Nordwerk] because of the pay.", "L Ada Vell @ Nordwerk"),
        ("[P:Ada Vell] may leave [O:Nordwerk].", "L Ada Vell @ Nordwerk = m"),
        ("[P:Ada Vell] is in talks about joining [O:Nordwerk].", "J Ada Vell @ Nordwerk = m"),
        ("[O:Nordwerk] has nominated [P:Ada Vell] as [T:chair].", "R Ada Vell @ Nordwerk = m"),
        ("Will [P:Ada Vell] leave [O:Nordwerk]?", "L Ada Vell @ Nordwerk = m"),
        ("[P:Ada Vell] will leave [O:Nordwerk] in [D:June].", "L Ada Vell @ Nordwerk = p"),
        ("[P:Ada Vell] joins [O:Nordwerk] on [D:1 May].", "J Ada Vell @ Nordwerk = p"),
        ("[O:Nordwerk] has named [P:Ada Vell] [T:chair], effective [D:1 July].", "R Ada Vell @ Nordwerk = p"),
        ("[P:Ada Vell] will leave [O:Nordwerk].", "L Ada Vell @ Nordwerk"),
        ("[P:Ada Vell] decided on [D:Monday] to leave [O:Nordwerk].", "L Ada Vell @ Nordwerk"),
    ],
    "no_claim": [
        ("[P:Ada Vell] left the building of [O:Nordwerk] at noon.", ""),
        ("[P:Ada Vell] of [O:Nordwerk] is on maternity leave.", ""),
        ("[P:Ada Vell], an analyst at [O:Nordwerk], said the news had left investors cold.", ""),
        ("[P:Ada Vell], [T:chief executive] of [O:Nordwerk], said sales had risen.", ""),
        ("[P:Ada Vell] of [O:Nordwerk] joined the debate.", ""),
        ("[P:Ada Vell] of [O:Nordwerk] has resigned herself to a loss.", ""),
        ("[O:Nordwerk] dismissed speculation about [P:Ada Vell].", ""),
        ("[P:Ada Vell] moved from [G:Berlin] to [G:Paris], said [O:Nordwerk].", ""),
        ("[P:Ada Vell] works at [O:Nordwerk].", ""),
        ("[P:Ada Vell], a former [O:Nordwerk] [T:engineer], keeps bees.", ""),
    ],
    "posts_of_bodies_that_no_name_tells": [
        (
            "[O:Nordwerk] makes ropes. [P:Ada Vell] was appointed [T:head] of the rope division.",
            "R Ada Vell @ Nordwerk",
        ),
        ("[O:Nordwerk] makes ropes. [P:Ada Vell] was appointed [T:organist] of the church by the quay.", ""),
        ("[O:Nordwerk] makes ropes. [P:Ada Vell] became the city's [T:engineering director].", ""),
        ("[O:Nordwerk] makes ropes. [P:Ada Vell] was named [T:head] of the wards at Lund Infirmary.", ""),
        ("[O:Nordwerk] makes ropes. [P:Ada Vell] was appointed [T:ambassador] of [G:Norway].", ""),
        ("[O:Nordwerk] made ropes. [P:Ada Vell] became a successful [T:lawyer].", ""),
        ("[O:Nordwerk]'s [T:chair], [P:Ada Vell], became [T:chair] of the new company.", ""),
        ("After the merger with [O:Nordwerk], [P:Ada Vell] became [T:chair] of the combined group.", ""),
        (
            "[P:Bo Ek] was [T:mayor] of [O:Lund]. [O:Nordwerk] grew. [P:Ada Vell] was elected [T:mayor].",
            "R Ada Vell @ Lund",
        ),
    ],
    "bodies_that_no_name_tells": [
        ("[O:Nordwerk] makes ropes. [P:Ada Vell] resigned from the Lower Harbour Rope Makers.", ""),
        ("[O:Nordwerk] makes ropes. [P:Ada Vell] left the band Rope Makers.", ""),
        ("[O:Nordwerk] makes ropes. [P:Ada Vell] resigned from the board.", "L Ada Vell @ Nordwerk"),
    ],
    "offices_of_states_and_posts_of_people": [
        ("[O:Nordwerk] made ropes. [P:Ada Vell] was appointed [T:finance minister].", ""),
        ("[P:Ada Vell] of the [O:Harbour Party] became [T:prime minister] in [D:1950].", ""),
        ("The [O:Parliament] met. [P:Ada Vell] was appointed [T:finance minister].", "R Ada Vell @ Parliament"),
        ("[P:Bo Ek] of [O:Nordwerk] drew maps. [P:Ada Vell] became his [T:assistant].", ""),
        ("[O:Nordwerk] made ropes. Its [T:chair], [P:Ada Vell], was named [T:baker] of the year.", ""),
        ("[O:Nordwerk] made ropes. [P:Ada Vell] was succeeded by her son [P:Bo Ek].", ""),
        ("[O:Nordwerk] made ropes. The promotion of the new rope pleased [P:Ada Vell].", ""),
        ("[P:Ada Vell] retired from rowing and worked as an [T:accountant]. [O:Nordwerk] grew.", ""),
    ],
    "an_organisation_named_once_in_a_long_text": [
        ("[P:Ada Vell] met [O:Nordwerk]. It rained. It snowed. It hailed. [P:Ada Vell] was appointed [T:chair].", ""),
        (
            "[O:Nordwerk] grew. It rained. It snowed. [O:Nordwerk] shrank. [P:Ada Vell] was appointed [T:chair].",
            "R Ada Vell @ Nordwerk",
        ),
        ("[O:Nordwerk] grew. It rained. [P:Ada Vell] was appointed [T:chair].", "R Ada Vell @ Nordwerk"),
    ],
    "elected_and_appointed_to_bodies": [
        ("[P:Ada Vell] was elected as a Whig to the [O:Lund Council].", "J Ada Vell @ Lund Council"),
        ("[P:Bo Ek] appointed [P:Ada Vell] to the [O:Lund Court].", "J Ada Vell @ Lund Court"),
        ("[P:Bo Ek] appointed [P:Ada Vell] [T:judge] of the [O:Lund Court].", "R Ada Vell @ Lund Court"),
        ("[P:Ada Vell] was appointed by [P:Bo Ek] to head the [O:Lund Court].", "R Ada Vell @ Lund Court"),
        ("[P:Ada Vell] was appointed as [P:Bo Ek]'s [T:deputy] at [O:Nordwerk].", "R Ada Vell @ Nordwerk"),
        ("[P:Ada Vell] resigned [D:Monday] as [T:chair] of [O:Nordwerk].", "R Ada Vell @ Nordwerk"),
    ],
    "moves_long_past_are_no_plans": [
        ("[P:Ada Vell] was elected [T:chair] of [O:Nordwerk], where she sat from [D:1950].", "R Ada Vell @ Nordwerk"),
        ("[P:Ada Vell] rose to become [T:chair] of [O:Nordwerk] by [D:1890].", "R Ada Vell @ Nordwerk"),
        (
            "[P:Ada Vell] failed to win, and resigned as [T:chair] of [O:Nordwerk].",
            "R Ada Vell @ Nordwerk",
        ),
    ],
}


def marked_document(marked: str) -> Document:
    document = read_example(marked, "en").document
    ends = [m.end() for m in re.finditer(r"\. (?=[A-Z])", document.text)] + [len(document.text)]
    starts = [0, *ends[:-1]]
    return replace(document, sentences=tuple(Sentence(s, e, "en") for s, e in zip(starts, ends, strict=True)))


def claims(marked: str) -> set[tuple[str, str, str, str]]:
    [document] = Assertion().process(Relations().process([marked_document(marked)]))
    return {(m.relation, m.person.name, m.org.name, m.status) for m in document.mentions}


def wanted(line: str) -> set[tuple[str, str, str, str]]:
    out = set()
    for item in filter(None, (part.strip() for part in line.split("|"))):
        match = re.fullmatch(r"([LJR]) (.+?) @ (.+?)(?: = ([nmp]))?", item)
        assert match is not None
        relation, person, org, status = match.groups()
        out.add((RELATION[relation], person, org, STATUS[status or ""]))
    return out


def test_a_departure_takes_the_post_that_another_sentence_says_is_given_up() -> None:
    told = "[P:Ada Vell] stepped down as [T:chair] of [O:Nordwerk]. [P:Ada Vell] has left [O:Nordwerk]."
    [document] = Relations().process([marked_document(told)])
    [left] = [m for m in document.mentions if m.relation == "LEAVES"]
    assert left.role_from is not None
    assert document.text[left.role_from.start : left.role_from.end] == "chair"


@pytest.mark.parametrize(
    ("told", "post"),
    [
        ("[P:Ada Vell] joined [O:Nordwerk] as a stringer.", "stringer"),
        ("[O:Nordwerk] has fired its shortstop, [P:Ada Vell].", "shortstop"),
        ("[P:Ada Vell], the potter of the house, was let go. [O:Nordwerk] fired [P:Ada Vell] in [D:May].", "potter"),
        ("[P:Ada Vell], its [T:chair], wept. [P:Ada Vell] has left [O:Nordwerk].", "chair"),
    ],
)
def test_a_post_is_told_by_plain_words_or_elsewhere(told: str, post: str) -> None:
    [document] = Relations().process([marked_document(told)])
    found = [m.role_from or m.role_to for m in document.mentions if m.org.name == "Nordwerk"]
    assert post in {document.text[p.start : p.end] for p in found if p is not None}


@pytest.mark.parametrize(
    ("told", "status"),
    [
        ("[O:Nordwerk] hires [P:Ada Vell]. The firm is old. [P:Ada Vell] begins on [D:May 1].", "planned"),
        ("[O:Nordwerk] hires [P:Ada Vell]. The firm is old. [P:Ada Vell] began on [D:May 1].", "actual"),
    ],
)
def test_the_sentence_after_next_may_tell_when_a_move_begins(told: str, status: str) -> None:
    assert {found for *_, found in claims(told)} == {status}


def test_who_takes_over_does_so_when_the_one_before_goes() -> None:
    told = "[P:Bo Ek] will leave [O:Nordwerk] on [D:May 1]. [P:Ada Vell] will take over at [O:Nordwerk]."
    assert ("ROLE_CHANGE", "Ada Vell", "Nordwerk", "planned") in claims(told)


def test_a_departure_told_again_is_from_where_the_text_told_it_before() -> None:
    told = (
        "[O:Nordwerk] grew. [P:Ada Vell] resigned from [O:Nordwerk]. [O:Nordwerk] said so. "
        "The [O:Trade Committee] met. Members asked why [P:Ada Vell] had resigned."
    )
    assert {org for _, _, org, _ in claims(told)} == {"Nordwerk"}


@pytest.mark.parametrize(
    ("marked", "line"),
    [pytest.param(*case, id=f"{name}-{i}") for name, cases in CASES.items() for i, case in enumerate(cases)],
)
def test_english_says_it(marked: str, line: str) -> None:
    assert claims(marked) == wanted(line)


@pytest.mark.parametrize(
    ("told", "who"),
    [
        ("The [T:chief executive] of [O:Nordwerk] has resigned. [P:Ada Vell], 54, ran it.", {"Ada Vell"}),
        ("[O:Nordwerk] [T:boss] quits. [P:Ada Vell] had run the firm for years.", {"Ada Vell"}),
        (
            "The [T:chief executive] of [O:Nordwerk] has resigned. [T:Analyst] [P:Ada Vell] said it was time. [P:Bob Hill] cries.",
            set(),
        ),
        ("The [T:chief executive] of [O:Nordwerk] has resigned. [P:Ada Vell] laughs. [P:Bob Hill] cries.", set()),
        (
            "[P:Ada Vell] came. [P:Bob Hill] came. The [T:boss] of [O:Nordwerk] resigned. [P:Ada Vell], 54, was away.",
            set(),
        ),
    ],
)
def test_a_post_told_alone_is_that_of_the_person_introduced_next(told: str, who: set[str]) -> None:
    [document] = Relations().process([marked_document(told)])
    assert {mention.person.name for mention in document.mentions} == who
