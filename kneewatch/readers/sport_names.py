"""The names of sports as vendors and people write them, by what they are in FIT.

Lists are one text with ``|`` between the names. Nothing here needs its accents or capitals:
``sports`` compares without them.
"""

from __future__ import annotations

Sport = tuple[str, str]
Names = dict[Sport, str]

STRAVA_NUMBERS: dict[str, Sport] = {
    "1": ("cycling", "generic"),
    "2": ("alpine_skiing", "generic"),
    "3": ("alpine_skiing", "backcountry"),
    "4": ("hiking", "generic"),
    "5": ("ice_skating", "generic"),
    "6": ("inline_skating", "generic"),
    "7": ("cross_country_skiing", "generic"),
    "9": ("running", "generic"),
    "10": ("walking", "generic"),
    "11": ("training", "generic"),
    "12": ("snowboarding", "generic"),
    "13": ("snowshoeing", "generic"),
    "16": ("swimming", "generic"),
    "17": ("cycling", "virtual_activity"),
    "53": ("running", "virtual_activity"),
}
"""The bare numbers that Strava writes as the type of a GPX track."""

PHRASES: Names = {
    # Alternating by plan is still running: the steps of the runs load as a run does.
    ("running", "generic"): "run walk|walk run|cross country running|xc running",
    ("running", "obstacle"): "obstacle course|course d obstacles|hindernislauf|spartan race",
    ("cross_country_skiing", "generic"): "cross country ski|cross country skiing|nordic ski|"
    "nordic skiing|ski de fond|esqui de fondo|sci di fondo|beh na lyzich|bezecke lyzovani|"
    "narciarstwo biegowe|langlauf ski|ski langlauf|backcountry nordic|xc ski|classic skiing",
    ("cross_country_skiing", "skate_skiing"): "skate skiing|skate ski|skating ski",
    ("alpine_skiing", "backcountry"): "backcountry ski|backcountry skiing|ski touring",
    ("walking", "generic"): "nordic walking|nordic walk|marche nordique|marcha nordica",
    ("walking", "speed_walking"): "race walking|speed walking|power walking",
    ("wheelchair_push_run", "generic"): "wheelchair run|wheelchair running|wheelchair push run",
    ("wheelchair_push_walk", "generic"): "wheelchair walk|wheelchair push walk|wheelchair",
    ("swimming", "generic"): "aqua jogging|aqua jog|aqua running|water running|pool running|"
    "deep water running",
    ("multisport", "generic"): "swim run|multi sport|bike run|run bike",
    ("fitness_equipment", "stair_climbing"): "stair climbing|stair stepper|stair climber|"
    "stair stepping|stair climb|step training|floor climbing",
    ("fitness_equipment", "elliptical"): "cross trainer|cross training machine|arc trainer",
    ("training", "strength_training"): "weight training|weight lifting|core training|"
    "core strengthening|circuit training|functional training",
    ("training", "flexibility_training"): "mobility training|flexibility training",
    ("jump_rope", "generic"): "jump rope|jumping rope|rope jumping|rope skipping",
    ("rock_climbing", "generic"): "rock climbing|rock climb|indoor climbing",
    ("stand_up_paddleboarding", "generic"): "stand up paddle|stand up paddling|"
    "stand up paddleboarding",
    ("cycling", "generic"): "a velo|en velo|jizda na kole|jazda na rowerze",
    ("e_biking", "generic"): "e bike|e bike ride",
    ("transition", "generic"): "swim to bike transition|bike to run transition|"
    "run to bike transition|transition v2",
    ("snowshoeing", "generic"): "snow shoe",
    ("swimming", "open_water"): "open water|eau libre|aguas abiertas|acque libere",
}
"""Names of several words that do not mean what their words do alone."""

OTHERS: Names = {
    ("walking", "generic"): "walk|walking|walks|gehen|spazieren|spaziergang|spazierengehen|"
    "marche|marcher|caminar|caminata|caminhada|caminhar|camminata|camminare|wandelen|"
    "wandeling|chuze|prochazka|spacer|chod|promenad|gatur|kavely|ходьба|прогулка|andar|paseo|"
    "passeggiata|promenade|nordicwalking|walkrun|걷기",
    ("hiking", "generic"): "hike|hiking|wandern|wanderung|randonnee|senderismo|excursionismo|"
    "escursionismo|escursione|trekking|turistika|wedrowka|vandring|fottur|vaellus|поход|trek|"
    "rando|bergwandern|등산|하이킹|rucking",
    ("mountaineering", "generic"): "mountaineering|bergsteigen|alpinisme|alpinismo",
    ("cycling", "generic"): "ride|riding|rides|bike|bikes|biking|cycle|cycling|bicycle|"
    "radfahren|radfahrt|fietsrit|fahrrad|rad|velo|cyclisme|ciclismo|ciclista|bicicleta|bici|bicicletta|"
    "fietsen|fiets|fietstocht|rit|cyklistika|kolo|kole|jizda|kolarstwo|rower|rowerze|cykling|"
    "sykling|pyoraily|велосипед|велоспорт|velomobile|handcycle|handbike|사이클링|자전거|"
    "pedalada|bmx",
    ("cycling", "road"): "rennrad|rennradfahren|roadbike|roadbiking",
    ("cycling", "mountain"): "mtb|mountainbike|mountainbiken|mountainbiking",
    ("cycling", "indoor_cycling"): "spinning|spin|peloton|hometrainer|heimtrainer",
    ("e_biking", "generic"): "ebike|ebikes|ebiking|pedelec",
    ("swimming", "generic"): "swim|swimming|swims|schwimmen|natation|nage|nager|natacion|nadar|"
    "nuoto|natacao|zwemmen|plavani|plywanie|simning|svomming|uinti|плавание|수영|aquajogging",
    ("swimming", "lap_swimming"): "bahnschwimmen|beckenschwimmen",
    ("swimming", "open_water"): "freiwasserschwimmen|openwater",
    ("cross_country_skiing", "generic"): "skilanglauf|langlauf|bezky|langdskidakning|langrenn",
    ("alpine_skiing", "generic"): "ski|skis|skiing|skifahren|skilaufen|esqui|sci|lyzovani|"
    "lyzich|narty|skitour|skitouren",
    ("snowboarding", "generic"): "snowboard|snowboarding|snowboarden",
    ("snowshoeing", "generic"): "snowshoe|snowshoeing|schneeschuhwandern|raquettes",
    ("ice_skating", "generic"): "schlittschuhlaufen|schlittschuh|eislaufen|eis|brusleni",
    ("inline_skating", "generic"): "skate|skating|skates|inlineskaten|inlineskating|"
    "rollerskating|rollerski|patinaje|patinage|pattinaggio|rollschuhlaufen",
    ("rowing", "generic"): "row|rowing|rudern|aviron|remo|canottaggio|roeien|veslovani|"
    "rudermaschine|rameur|remoergometro",
    ("fitness_equipment", "elliptical"): "elliptical|crosstrainer|ellipsentrainer|elliptique|"
    "eliptica|ellittica|eliptical|orbitrek|ellipticals|eliptico",
    ("fitness_equipment", "stair_climbing"): "stairs|stairmaster|stairclimbing|stepper",
    ("training", "strength_training"): "strength|weights|weightlifting|gym|krafttraining|"
    "kraft|musculation|renforcement|fuerza|pesas|musculacao|forza|pesi|krachttraining|"
    "posilovani|posilovna|silowy|styrketraning|abs|crunches|situps|core|lifting|crossfit|"
    "stabi|forca|kettlebell|silovy|근력",
    ("training", "yoga"): "yoga|joga",
    ("training", "pilates"): "pilates",
    ("training", "flexibility_training"): "stretching|stretch|mobility|flexibility|dehnen|"
    "etirements|estiramientos|barre",
    ("hiit", "generic"): "hiit",
    ("boxing", "generic"): "boxing|boxen|boxe|boxeo|kickboxing",
    ("dance", "generic"): "dance|dancing|tanzen|danse|baile|ballo|zumba",
    ("meditation", "generic"): "meditation|breathwork|breathing",
    ("soccer", "generic"): "soccer|football|fussball|futbol|futebol|calcio|voetbal|futsal",
    ("basketball", "generic"): "basketball",
    ("tennis", "generic"): "tennis|tenis",
    ("racket", "generic"): "badminton|squash|padel|pickleball|racquetball",
    ("golf", "generic"): "golf",
    ("rock_climbing", "generic"): "climbing|klettern|bouldern|bouldering|escalade|escalada|"
    "arrampicata|klimmen|lezeni",
    ("horseback_riding", "generic"): "horse|horseback|reiten|equitation|equitacion",
    ("kayaking", "generic"): "kayak|kayaking|kajak",
    ("paddling", "generic"): "paddling|canoe|canoeing|kanu|kanufahren",
    ("stand_up_paddleboarding", "generic"): "sup|paddleboarding",
    ("surfing", "generic"): "surf|surfing|surfen",
    ("sailing", "generic"): "sail|sailing|segeln",
    ("kitesurfing", "generic"): "kitesurf|kitesurfing",
    ("windsurfing", "generic"): "windsurf|windsurfing",
    ("multisport", "generic"): "multisport|triathlon|duathlon|swimrun|aquathlon|triatlon",
    ("motorcycling", "generic"): "motorcycling|motorcycle|motorrad",
    ("driving", "generic"): "driving|drive|car",
}

WEAK: Names = {
    ("training", "generic"): "workout|training|fitness|entrainement|entrenamiento|allenamento|"
    "treino|trening|sports|sport",
    ("training", "cardio_training"): "cardio|cardiovascular|aerobic|aerobics",
}
"""Words that say something only where no sport is named: a *training run* is a run."""


RUNS = (
    "run|runs|running|jog|jogs|jogging|parkrun|fartlek|laufen|lauf|joggen|dauerlauf|courir|course|"
    "footing|corsa|correre|correr|corrida|carrera|carreras|hardlopen|hardloopsessie|rennen|beh|"
    "behani|bieg|bieganie|lopning|lob|lobetur|loping|lopetur|juoksu|juoksulenkki|бег|пробежка|"
    "러닝|달리기|futas|kosu|lari|alergare|trcanje|cursa|τρεξιμο|біг|ריצה|جري|วิ่ง|chay|marathon|halfmarathon|halbmarathon|maraton|maratona|semimarathon|orienteering|"
    "skyrunning|skyrun"
)
"""Words for a run of no special kind."""

RUN_KINDS = {
    "treadmill": "treadmill|treadmills|laufband|laufbandtraining|laufbandlauf|loopband|tapis|"
    "roulant|esteira|passadeira|cinta|pasu|lopband|lobeband|tredemolle|juoksumatto|biezni|트레드밀",
    "obstacle": "obstacle|obstacles|obstaculos|ostacoli|ocr",
    "ultra": "ultra|ultramarathon|ultramaraton|ultralauf|ultrarun|ultrarunning|ultratrail",
    "virtual_activity": "virtual|virtuel|virtuelle|virtueller|virtuelles|virtuale|virtueel|"
    "virtualni|zwift|wirtualny",
    "track": "track|piste|pista|baan|bahn|bahnlauf|bahnlaufen|draze",
    "trail": "trail|trails|trailrun|trailrunning|trailrunnen|traillauf|montana|montagna|montanha|"
    "trilha|sendero|sentiero|sentieri|gelande|gelandelauf|berglauf|terenni|trailovy|terenowy|traillopning|"
    "polkujuoksu|terrenglop|traillob|трейл|трейлраннинг|트레일|fell|mountain",
    "indoor_running": "indoor|indoors|halle|hallenlauf|salle|interior|hala|interieur|halowy",
    "street": "street|road|strasse|strassenlauf|route|strada|calle|rua|straat|silnicni|"
    "urbaine|urbana",
}
"""What a word makes of a run; of several the first in this order."""

ALONE = (
    "treadmill|treadmills|laufband|laufbandtraining|laufbandlauf|loopband|tapis|esteira|lopband|"
    "lobeband|tredemolle|juoksumatto|트레드밀|trail|trails|trailrun|trailrunning|trailrunnen|"
    "traillauf|berglauf|gelandelauf|bahnlauf|bahnlaufen|hallenlauf|strassenlauf|ultra|"
    "ultramarathon|ultramaraton|ultralauf|ultrarun|ultrarunning|ultratrail|traillopning|"
    "polkujuoksu|terrenglop|traillob|трейлраннинг"
)
"""Words of ``RUN_KINDS`` that are a run without any other word."""

OTHER_KINDS = {
    "cycling": {
        "mountain": "mountain|montana|mtb",
        "gravel_cycling": "gravel",
        "road": "road|rennrad",
        "virtual_activity": "virtual|virtuel|virtuelle|zwift",
        "indoor_cycling": "indoor|stationary|spin|spinning",
        "cyclocross": "cyclocross",
    },
    "walking": {
        "indoor_walking": "indoor|treadmill|laufband|tapis|loopband|esteira",
        "casual_walking": "casual",
        "speed_walking": "speed",
    },
    "swimming": {"lap_swimming": "lap|pool|piscine|piscina|bazenu|becken"},
    "rowing": {"indoor_rowing": "indoor|machine|erg"},
}
"""The same for the words of other sports."""

CJK: Names = {
    (
        "running",
        "generic",
    ): "ランニング|ジョギング|ジョグ|マラソン|跑步|長跑|长跑|慢跑|晨跑|"
    "夜跑|轻松跑|间歇跑|间歇训练跑|馬拉松|马拉松",
    ("running", "treadmill"): "トレッドミル|ランニングマシン|室内ランニング|跑步机|跑步機",
    ("running", "indoor_running"): "屋内ランニング|屋内ラン|室内ラン|室内跑步|室內跑步|"
    "インドアランニング|インドアラン",
    ("running", "trail"): "トレイルランニング|トレイルラン|トレラン|越野跑|山地跑",
    ("running", "track"): "トラックランニング|トラックラン|陸上競技|操场跑步|场地跑|田径跑|田徑跑",
    ("running", "street"): "ロードランニング|ロードラン|路跑|公路跑|街跑",
    (
        "running",
        "virtual_activity",
    ): "バーチャルランニング|バーチャルラン|虚拟跑步|虛擬跑步",
    ("running", "ultra"): "ウルトラランニング|ウルトララン|ウルトラマラソン|超级马拉松|"
    "超級馬拉松|超马",
    ("running", "obstacle"): "障害物レース|障碍赛|障礙賽|障碍跑",
    ("walking", "generic"): "ウォーキング|ウォーク|散歩|步行|健走|散步|走路|歩行",
    ("hiking", "generic"): "ハイキング|登山|徒步|远足|トレッキング|健行",
    (
        "cycling",
        "generic",
    ): "サイクリング|ライド|バイク|自転車|骑行|騎行|自行车|自行車|单车",
    ("cycling", "indoor_cycling"): "室内骑行|室內騎行|インドアバイク|室内サイクリング",
    ("cycling", "virtual_activity"): "バーチャルライド|虚拟骑行|虛擬騎行",
    ("swimming", "generic"): "水泳|スイミング|スイム|游泳|水中ランニング",
    ("swimming", "lap_swimming"): "プールスイム|プールスイミング|泳池游泳",
    ("swimming", "open_water"): "オープンウォーター|公开水域",
    ("training", "strength_training"): "筋力トレーニング|筋トレ|力量训练|重量訓練|肌力",
    ("training", "yoga"): "ヨガ|瑜伽|瑜珈",
    ("training", "pilates"): "ピラティス|普拉提",
    ("training", "cardio_training"): "カーディオ|有氧运动|有氧",
    ("fitness_equipment", "elliptical"): "エリプティカル|椭圆机|橢圓機",
    ("rowing", "generic"): "ローイング|ボート漕ぎ|划船",
    ("alpine_skiing", "generic"): "スキー|滑雪",
    ("snowboarding", "generic"): "スノーボード|单板滑雪",
    ("cross_country_skiing", "generic"): "クロスカントリースキー|越野滑雪",
    ("rock_climbing", "generic"): "クライミング|ボルダリング|攀岩",
    ("golf", "generic"): "ゴルフ|高尔夫",
    ("multisport", "generic"): "トライアスロン|マルチスポーツ|铁人三项",
}
"""Parts to look for in scripts without spaces, the longest first."""
