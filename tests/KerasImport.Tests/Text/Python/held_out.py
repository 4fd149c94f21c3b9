"""Writes held-out.jsonl: what Python makes of texts in scripts and characters that suite text does not have.

    python3 held_out.py            # rewrites the file beside it; Python 3.11, whose Unicode is 14, as that of Keras 2.15 and 3

Keras is not needed: its text functions are Python's str.lower, str.translate, str.split, json.dumps and md5 put together,
and suite text shows that this library puts them together as Keras does. What is checked here is the strings.
"""

import hashlib
import json
import pathlib
import random
import sys
import unicodedata

FILTERS = '!"#$%&()*+,-./:;<=>?@[\\]^_`{|}~\t\n'

TEXTS = {
    "Turkish": "İSTANBUL'da IŞIK, ılık Iğdır; İ I i ı. DİYARBAKIR İİ",
    "Turkish, decomposed": "I\u0307STANBUL \u0130\u0307 i\u0307 I\u0307\u0323",
    "German": "STRASSE Straße GROẞ groß ẞ ß MASSE/MAẞE Übergrößenträger",
    "Greek, final sigma": "ΟΔΥΣΣΕΥΣ ΣΟΦΟΣ Σ ΣΣ ΑΣ. ΑΣ' ΑΣ'Α Α'Σ ΑΣ\u0301 ΑΣ\u0301Α ΑΣ\u00ADΑ ΑΣ1 1Σ ᾼΣ Σ\u0345 ς",
    "Greek, polytonic": "ἈΡΧῌ ᾈ ᾘ ᾨ Ὦ Ἦν ὁ λόγος· ΐ ΰ",
    "Greek beside Latin": "ABΣ ΣAB aΣ-Σb AΣ\u200dB AΣ\u2019 AΣ\u00b7B",
    "Chinese": "我喜欢机器学习，但不喜欢下雨。 深度\u3000學習 ＡＢＣ　ｘｙｚ ㊀",
    "Japanese": "カ\u3099ラス ガラス ﾊﾟﾝ Ｔｏｋｙｏ・東京！「はい」 ゐゑ",
    "Korean": "한국어 \u1112\u1161\u11ab 대한민국, 좋아요!",
    "emoji": "👩‍👩‍👧‍👦 👍🏽👍 🇹🇷🇩🇪 1️⃣ ❤️❤ 🏴󠁧󠁢󠁥󠁮󠁧󠁿 😀,😀 a😀b",
    "combining marks": "café cafe\u0301 CAFE\u0301 A\u030A Å Å n\u0303 Ñ e\u0301\u0323 e\u0323\u0301 \u0301x",
    "Hebrew": "שָׁלוֹם, עולם! \u200fאב\u200e צה״ל",
    "Arabic": "مُحَمَّد ـــ العربية، ١٢٣؟ \u061cلا",
    "Hindi": "क्षत्रिय हिन्दी। क\u094d\u200dष १२३",
    "Thai": "ฉันรักเธอ น้ำ น\u0e4d\u0e49า ๑๒๓",
    "Vietnamese": "TIẾNG VIỆT Tiê\u0301ng Việt Đ ĐÀ NẴNG ƯỚC",
    "Russian": "Ёлка ЁЛКА Е\u0308ЛКА объявление; ЪЫЬ Їжак Ґ",
    "Armenian": "ՀԱՅԵՐԵՆ և ԵՒ Եւ, բառ։ ՙ",
    "Georgian": "ᲥᲐᲠᲗᲣᲚᲘ ქართული ႠႡ ⴀⴁ",
    "Cherokee": "ᏣᎳᎩ ꮳꮃꭹ Ᏸ ᏸ",
    "beyond the BMP": "𐐔𐐇𐐝𐐀 𐐼𐐯𐑅 𞤀𞤣𞤢 𐲀𐳀 𑢠𑣀 𐒰𐓘 𝐀𝐁 𝔸 𖹀𖹠",
    "title case and ligatures": "ǅ ǈ ǋ ǲ ǄA Ǳ ﬁ ﬀ ĳ Ĳ ŉ ﬆ",
    "letters that are signs": "K Å Ω Ⅷ ⅷ Ⓐ ⓐ ª º ℃ ℡ ™ ㎏",
    "old Latin": "Ꜩ Ꝏ Ɐ Ɥ Ɦ Ꞵ Ꭓ Ꞷ Ʂ Ᶎ Ɡ Ɬ Ɪ Ʞ Ꟁ Ꟊ Ꟶ ſ",
    "no-break spaces": "a\u00a0b\u202fc\u2007d e\u2060f",
    "other white space": "a\u2003b\u2009c\u3000d\u1680e\u205ff\u0085g\u2028h\u2029i\x0bj\x0ck\x1cl\x1fm\rn\u200bo\ufeffp\u180eq",
    "control characters": "a\x00b \x07c\x1b[0m d\x7fe \ue000f \uffffg",
    "lone surrogates": "a\ud83d b\ude00 \ude00\ud83d I\udc00",
    "punctuation of others": "«oui» ¿qué? ¡sí! “so” „so“ – — … ‚a‘ ‹b› ’n’ 。、 ؛ ।",
    "digits of others": "٣ ३ ３ ³ ⅓ 𝟛 Ⅲ 1,000 3.14",
}

OPTIONS = [
    {},
    {"lower": False},
    {"filters": ""},
    {"filters": "。、！，👍😀\u3000", "split": " "},
    {"split": ","},
    {"split": "\u00a0"},
    {"split": "ss"},
    {"split": "😀", "filters": "ς\u0301-"},
    {"split": "\u0307", "filters": ""},
]


def words(text, filters=FILTERS, lower=True, split=" "):
    if lower:
        text = text.lower()
    return [word for word in text.translate({ord(c): split for c in filters}).split(split) if word]


def md5_indices(text, n):
    return [int(hashlib.md5(word.encode()).hexdigest(), 16) % (n - 1) + 1 for word in words(text)]


class Tokenizer:
    """Counts words and numbers them by falling count, equal counts in the order of appearance."""

    def __init__(self, char_level, oov):
        self.char_level, self.oov = char_level, oov
        self.counts, self.documents, self.fitted = {}, {}, 0

    def tokens(self, text):
        return list(text.lower()) if self.char_level else words(text)

    def fit(self, texts):
        for text in texts:
            self.fitted += 1
            seen = self.tokens(text)
            for word in seen:
                self.counts[word] = self.counts.get(word, 0) + 1
            for word in dict.fromkeys(seen):
                self.documents[word] = self.documents.get(word, 0) + 1
        ranked = sorted(self.counts.items(), key=lambda pair: pair[1], reverse=True)
        names = ([self.oov] if self.oov else []) + [word for word, _ in ranked]
        self.index = {word: i + 1 for i, word in enumerate(names)}

    def sequence(self, text):
        unknown = self.index.get(self.oov)
        found = (self.index.get(word, unknown) for word in self.tokens(text))
        return [i for i in found if i is not None]


def random_texts(count):
    draw = random.Random(20261121)
    pool = sorted({c for text in TEXTS.values() for c in text})
    cased = [chr(c) for c in range(0x110000) if not 0xD800 <= c < 0xE000 and chr(c).lower() != chr(c)]
    for _ in range(count):
        yield "".join(draw.choice(cased if draw.random() < 0.3 else pool + [" "] * 20 + ["Σ"] * 10) for _ in range(draw.randrange(1, 40)))


def main():
    texts = list(TEXTS.values())
    rows = []
    for text in texts + list(random_texts(80)):
        for options in OPTIONS if text in texts else OPTIONS[:1]:
            rows.append({"call": "text_to_word_sequence", "text": text, "options": options, "result": words(text, **options)})
    for text in texts:
        if not any(0xD800 <= ord(c) < 0xE000 for c in text):
            rows.append({"call": "hashing_trick", "text": text, "n": 2**40, "result": md5_indices(text, 2**40)})
    for char_level in (False, True):
        for oov in (None, "<Σ😀>"):
            tokenizer = Tokenizer(char_level, oov)
            tokenizer.fit(texts[::2] + texts[:6])
            rows.append({
                "call": "Tokenizer", "char_level": char_level, "oov_token": oov, "texts": texts[::2] + texts[:6], "asked": texts,
                "word_counts": json.dumps(tokenizer.counts), "word_docs": tokenizer.documents, "word_index": json.dumps(tokenizer.index),
                "result": [tokenizer.sequence(text) for text in texts],
            })
    head = {"call": "about", "python": sys.version.split()[0], "unicode": unicodedata.unidata_version}
    path = pathlib.Path(__file__).with_name("held-out.jsonl")
    path.write_text("".join(json.dumps(row) + "\n" for row in [head, *rows]), "ascii")


main()
