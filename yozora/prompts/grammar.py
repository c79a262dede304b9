"""The words of grammar: they carry no content, so they have no fate."""

from __future__ import annotations


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Words of grammar: they carry no content, so they have no fate.
FUNCTION_WORDS = _set(
    """
    a an the this that these those there here and or but so also as than then while when where who
    whom whose which what it its it's he him his she her hers they them their theirs i me my we us
    our you your is are was were be been being am do does did done has have had having will would
    can could should shall may might must in on at by for from with without to into onto of off up
    down out over under through across along around about between among during after before until
    inside outside within aboard upon via per not no nor never neither don't doesn't didn't isn't
    aren't
    wasn't won't can't cannot very really quite rather too just only some any each every both
    all more most much many such same other another again still yet already soon now ever always
    often if because though although however please show shows showing make makes create generate
    like likes while seen let get gets keep keeps set made using use featuring feature features
    depicting depicts containing contains wear wears wearing wore dressed clad named called coloured
    colored painted near toward towards against above below yes well away back
    someone's itself himself herself themselves one's afterwards suddenly finally next later first
    meanwhile exclude excluding excludes avoid avoids avoiding except minus kind sort type lot bit
    either starts start starting begins begin beginning tries trying going appears becomes become
    that's there's sans lack lacks lacking omit omits omitting include includes including
    contain want wants wanted need needs hasn't haven't hadn't weren't shouldn't wouldn't
    couldn't mustn't who'd who'll who've that'd
    ain't dont doesnt didnt isnt arent wont int ext i'd i'll i'm i've let's
    we're we've you're they're they've he'd she'd would've could've could maybe perhaps kindly
    hello hi hey thanks thank whoever whatever something somehow anything everything nothing
    thing things one's where's what's who's here's video videos clip clips scene scenes shots
    he's she's they're it's how why else almost nearly about per versus vs upon onto once twice
    towards amid amidst among amongst against along off sort such since till unless whether yet
    etc eg ie ok okay
    """
)
NEGATORS = _set(
    """
    no not without never nor neither don't doesn't didn't isn't aren't wasn't won't can't cannot
    exclude excluding excludes avoid avoids avoiding except minus sans lack lacks lacking omit omits
    omitting hasn't haven't hadn't weren't shouldn't wouldn't couldn't mustn't ain't dont doesnt
    didnt isnt arent wont
    """
)
PREPOSITIONS = _set(
    """
    in on at by for from with to into onto of over under through across along around about between
    among inside outside within aboard behind beside near toward towards against above below
    """
)
NEGATION_GOES_ON = PREPOSITIONS | _set(
    """
    or and nor any a an other be being it is have has having had show shows showing make makes
    making create generate include includes including contain contains containing feature features
    featuring depict depicts depicting use using used get gets let keep keeps see seen want wants
    need needs like do does done me us your my his her its their this that these those such much
    many more most some all both each every wear wears wearing wore dressed clad to there
    """
)

SUBJECTS = _set("he she it they he's she's it's they're")  # pronouns that may do something
THIRD = {"he": "man", "he's": "man", "she's": "woman", "him": "man", "his": "man", "himself": "man",
         "she": "woman", "her": "woman", "hers": "woman", "herself": "woman"}  # fmt: skip
POSSESSIVES = _set("my your his her its our their whose this these those")
AUXILIARIES = _set("""
    is are was were be been being am has have had having do does did who that which
    who'd who've will would can
    could may might must should also just still now always ever already soon starts start starting
    begins begin beginning tries trying keeps keep going both all each suddenly finally
    """)
SEQUELS = _set(
    "then afterwards afterward later next finally until before suddenly eventually"
)  # a second action follows
CLAUSE_OPENERS = _set("then while when where as because but so if though although until than")

RELATIVES = _set("mother father mom mum mama mummy dad daddy baby young parent brother sister")
# After the name of an animal these say that it is young, or which of its kin, not what it is.
YOUNG = _set("""
    cub calf pup puppy foal chick joey hatchling baby kid fawn lamb kitten piglet mum mother mom
    father dad king queen leader family couple
    """)
# One of several that were named together: "the older in a jersey, the other in pyjamas".
MEMBERS = _set("""
    one ones other others another older elder oldest eldest younger youngest taller tallest
    shorter smaller bigger larger first second third former latter last
    """)

# What a prompt asks for anyway, and what only points at another word: these carry no content.
ANYWAY = _set("""
    shot shots footage movie movies image images picture pictures one ones style styles filmed
    everyone's whole entire bits way ways moment
    """)

# Right words that the tables lack and that a slip of the pen could make of one they hold.
RIGHT = _set("""
    feeling feelings corner corners weight layer layers layered doing strange stranger's double
    doubles landscape shallow american americans startled super superb corduroy lapse covers cover
    rusting rusted terraced terrace loose loosely mister scrape violent changes changed garbage
    framing framed delivery summery fluorescent striped stripes teenage collapse collapses german
    germans italian italians greek greeks russian russians mexican mexicans brazilian indian indians
    chinese japanese korean french british english irish scottish spanish dutch african asian
    european arabian turkish egyptian persian roman romans victorian edwardian national local
    central eastern western northern southern personal private public special general major minor
    former formal normal final second third fourth fifth single triple half quarter quarters third's
    whole part parts piece pieces place places point points power powers price prices pride prime
    print prize proof proper proud pulse punch pure purpose quality quick quite quote range rate
    reason record remark report request rescue result return reveal reward rhythm right rights rough
    route rule rules sample scale scales scatter scheme secret secrets section sense senses series
    shade shades shame shape shift shine shock shore shorts shout shown sight signal silent simple
    since skill skills sleeve slice slight slope smart smell smoke smooth solid solution sorrow
    sound
    source spare speech speed spell spend spirit split spread square stable stack stain stake stale
    stamp standard stare state station status steady steal steep stern sticky stiff stolen store
    story strain strand strap streak stream strength stress stretch strike string strip stroke
    structure struggle stuck study stuff stumble stunt subject subtle sudden suffer surface surge
    surprise swarm sweat sweet swell swift swing switch symbol system talent target taste tempo
    tense tension terror thick thief thirst thorn threat throat throne tight timid tired title toast
    token topic touch tough tower trace trade trail trait trance trap treat trend trial tribe trick
    trigger trim trouble truth twice twist unique upper urge usual value vapour variety vast verse
    version vertical victim victory vital vivid waste weapon weary weird welcome while whole wicked
    wide width wild wisdom wound wreck wrong youth ages alone among anger angle ankle arrival aspect
    attempt balance barely battle beauty belief bitter bleak blend blind blink blunt boldly bored
    brave breath brief bright broad broken bubble burden burst calm candid carved casual cause
    caution
    chance charm cheap check choice circle claim classic clean clear clever climax close coarse
    colour comfort common complex concept contrast control courage cover crack craft crash crisp
    crowd cruel crush curious curve custom damage danger daring dawn dead deal dear decade decay
    deep defeat delight dense desire detail device divine doubt draft drama dream drift dull eager
    early earth ease effect effort elegant emotion empty energy entire epic escape essence event
    """)
