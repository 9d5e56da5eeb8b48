"""Small closed word lists: what asks, what only joins, what bends irregularly, what means about the same. English first."""

from __future__ import annotations


def _words(text: str) -> list[str]:
    return text.split()


ENGLISH_STOPS = frozenset(
    _words("""
    a about above after again all also am an and any are as at be because been before being below between both but by can could
    did do does doing down during each exactly few find for from further give given had has have having he her here hers him his
    how i if in into is it its itself just let many may me mention mentioned might more most much must my no nor not of off
    on once only or other our out over own please said same say says shall she should so some state stated such tell text than
    that the their them then there these they this those through to too under until up upon us very was we were what whats when
    where which while who whom whose why will with would you your document documents according context question answer following
    """)
)

GERMAN_STOPS = frozenset(
    _words("""
    aber alle als also am an auch auf aus bei beim bin bis bist da dann das dass dem den denn der des die dies diese dieser dieses
    doch dort du durch ein eine einem einen einer eines er es für gegen hat hatte hatten ich ihr ihre im in ins ist ja kann man
    mit nach nicht noch nur ob oder ohne sehr sein seine seinem seinen seiner seit sich sie sind so über um und uns unter vom von
    vor war waren was wann warum wegen welche welchem welchen welcher welches wem wen wer werden wessen wie wird wo woher wohin
    worden wurde wurden zu zum zur zwischen viel viele heißt hieß lautet
    """)
)

FRENCH_STOPS = frozenset(
    _words("""
    a ai au aux avec avait avaient ce ces cet cette combien comment dans de des du elle elles en est et eu été être eut furent fut
    il ils je la le les leur leurs lui mais ne nous on ont ou où par pas pour pourquoi qu quand que quel quelle quelles quels qui
    quoi sa se ses son sont sous sur tu un une vous y était étaient lequel laquelle d l s n j c
    """)
)

SPANISH_STOPS = frozenset(
    _words("""
    al cómo como con cuál cuáles cuándo cuando cuánto cuánta cuántas cuántos de del dónde donde el ella ellos en entre era eran es
    esta este esto fue fueron ha había hay la las lo los más o para pero por porque qué que quién quien quiénes se según ser si
    sin sobre su sus también un una uno y ya
    """)
)

STOPS = ENGLISH_STOPS | GERMAN_STOPS | FRENCH_STOPS | SPANISH_STOPS

ASKS_FOR = frozenset(
    _words("""
    name named called year date day month time hour number amount total sum price cost code kind type colour color place city
    country town person people man woman long far far old tall high deep wide heavy large big exact weight height length depth
    width age speed distance size duration happen happened occur occurred held jahr datum tag uhrzeit anzahl betrag preis summe
    ort stadt land person nummer zahl hoch lang tief alt schwer année date jour heure nombre montant prix somme lieu ville pays
    personne numéro nom año fecha día hora número precio suma lugar ciudad país persona nombre
    """)
)
"""Words that say what sort of answer is wanted; a text rarely repeats them, so they weigh little."""

IRREGULAR = tuple(
    tuple(group.split("/"))
    for group in _words("""
    arise/arose/arisen bear/bore/borne/born/birth become/became begin/began/begun bite/bit/bitten bleed/bled blow/blew/blown
    break/broke/broken breed/bred bring/brought build/built burn/burnt buy/bought catch/caught choose/chose/chosen/choice
    come/came deal/dealt die/died/death/dead dig/dug draw/drew/drawn dream/dreamt drink/drank/drunk drive/drove/driven
    eat/ate/eaten fall/fell/fallen feed/fed feel/felt fight/fought find/found flee/fled fly/flew/flown forbid/forbade/forbidden
    forget/forgot/forgotten freeze/froze/frozen get/got give/gave/given go/went/gone grow/grew/grown hang/hung hear/heard
    hide/hid/hidden hold/held keep/kept know/knew/known lay/laid lead/led learn/learnt leave/left lend/lent lie/lay/lain light/lit
    lose/lost/loss make/made mean/meant meet/met pay/paid prove/proven ride/rode/ridden ring/rang/rung rise/rose/risen run/ran
    see/saw/seen seek/sought sell/sold/sale send/sent sew/sewn shake/shook/shaken shine/shone shoot/shot show/shown shrink/shrank
    sing/sang/sung sink/sank/sunk sit/sat sleep/slept speak/spoke/spoken/speech spend/spent spin/spun stand/stood
    steal/stole/stolen stick/stuck strike/struck swear/swore/sworn swim/swam/swum take/took/taken teach/taught tear/tore/torn
    tell/told think/thought throw/threw/thrown understand/understood wake/woke/woken wear/wore/worn weigh/weight win/won/winner
    wind/wound withdraw/withdrew/withdrawn write/wrote/written man/men woman/women child/children foot/feet tooth/teeth mouse/mice
    person/people wife/wives knife/knives life/lives finden/fand/gefunden gehen/ging/gegangen kommen/kam/gekommen
    nehmen/nahm/genommen schreiben/schrieb/geschrieben sprechen/sprach/gesprochen sterben/starb/gestorben treffen/traf/getroffen
    verlieren/verlor/verloren bringen/brachte/gebracht geben/gab/gegeben liegen/lag/gelegen ziehen/zog/gezogen
    schließen/schloss/geschlossen beginnen/begann/begonnen erfinden/erfand/erfunden bauen/gebaut/erbaut mourir/mort/morte/mourut
    naître/né/née/naquit écrire/écrit/écrivit venir/vint/venu prendre/pris/prit mettre/mis/mit voir/vu/vit
    découvrir/découvert/découvrit vendre/vendu peindre/peint/peignit construire/construit recevoir/reçu/reçut perdre/perdu
    """)
)
"""Forms of one word that share no common beginning."""

ALIKE = tuple(
    tuple(group.split("/"))
    for group in _words("""
    cost/price/pay/paid/fee/charge/expense/spent/bought ship/vessel/boat/steamer begin/start/commence/open
    end/finish/conclude/close leave/depart/sail/departure arrive/reach/arrival/land buy/purchase/acquire/bought
    build/construct/erect author/write/wrote/written found/establish/founded large/big great/huge doctor/physician/surgeon
    die/perish/kill/death born/birth marry/wife/husband/married height/tall/high length/long depth/deep weight/heavy/weigh
    width/wide age/old/aged distance/far/miles/kilometres speed/fast colour/color password/passcode/pin/passphrase
    sum/amount/total chief/head/leader/director/manager happen/occur job/post/position find/discover/discovery
    locate/location/situated lie/located repair/mend/fix broken/damaged error/fault/defect sick/ill/illness letter/wrote
    salary/wage/earn/paid rent/lease invent/inventor/invention replace/succeed/successor appoint/named/elected hire/employ
    house/home/residence live/reside/lived live/lodged carry/bear/support/withstand rise/rose/risen/increase/grow/grew/climb
    fall/fell/fallen/decrease/drop/decline/shrink employ/staff/employees/workers telephone/phone email/e-mail car/automobile
    quit/resign/left fire/dismiss gift/present stolen/theft/rob freight/cargo crew/sailors captain/skipper/master
    limit/maximum/max minimum/min allowed/permitted permit/licence/license forbidden/prohibited retries/retry/attempts
    timeout/expire delete/remove contain/hold capacity/holds wählen/gewählt kosten/preis/bezahlt leiter/direktor/chef
    gründen/gegründet schiff/dampfer arzt/doktor coûter/prix/payé navire/bateau directeur/chef médecin/docteur fondé/fondation
    """)
)
"""Words for about the same thing; they count less than the word itself."""

ENDINGS = frozenset(
    _words("""
    s es ed d e er ers or ors able ing ings y ies ied ying ion ions ation ations ment ments ness al ally ly ance ence ive ity ship
    ships ery n en ern em st t te ten tet tes ter ung ungen isch ische ischen lich liche lichen in innen é ée és ées ee ees ait
    aient ant ants ent ente eur eurs euse rice ement ements eux aux ique iques ier iere o a os as ó io ado ada ados adas ido ida
    idos idas ando iendo aron ieron cion ciones mente r re ure ures
    """)
)
"""What may follow a stem in another form of the same word: English, German, French, Spanish."""

CUT = _words(
    """
    ations ation ions ments ment ings eten ete ing ied ies ness ers ors ion ungen ung eurs eur aient ées ment ed es er or al ly en em ern y
    s e é ée és n t
    """
)
"""Endings taken off a question's word to get its stem, the first that fits."""

CHINESE_ASKS = _words(
    """
    什么时候 什么地方 什么 甚么 哪一年 哪一天 哪里 哪儿 哪位 哪个 哪些 哪一 何时 何地
    何人 为什么 怎么样 怎么 如何 多少 几个 几点 多大 多长 多高 多深 多远 多重
    是谁 谁 吗 呢 請問 请问 什麼時候 什麼 哪裡 哪個 多少錢 多少钱 誰 いつ
    どこ だれ 誰 何年 何月 何人 何 いくつ いくら どの どれ どんな なぜ ですか
    ますか ましたか でしたか ใคร อะไร ที่ไหน เมื่อไร เมื่อไหร่ เท่าไร เท่าไหร่ อย่างไร กี่ ทำไม คือ
    ของ ใน ที่ และ
    """
)
CHINESE_PARTICLES = "的了是在和与與及其于於被把由从從到有也都这這那个個一之为為以对對所吧啊嗎，。？！、：；"
