"""Languages by their tags (ISO 639, as BCP 47 uses them) and names, for what a source or a plan is written in."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# ISO 639-1, and those beyond it that are written or spoken by millions without a code of two letters.
TAGS = """
aa Afar|ab Abkhazian|af Afrikaans|ak Akan|am Amharic|an Aragonese|ar Arabic|as Assamese|av Avaric|ay Aymara
az Azerbaijani|ba Bashkir|be Belarusian|bg Bulgarian|bi Bislama|bm Bambara|bn Bengali|bo Tibetan|br Breton|bs Bosnian
ca Catalan|ce Chechen|ch Chamorro|co Corsican|cr Cree|cs Czech|cv Chuvash|cy Welsh|da Danish|de German|dv Dhivehi
dz Dzongkha|ee Ewe|el Greek|en English|eo Esperanto|es Spanish|et Estonian|eu Basque|fa Persian|ff Fula|fi Finnish
fj Fijian|fo Faroese|fr French|fy Frisian|ga Irish|gd Scottish Gaelic|gl Galician|gn Guarani|gu Gujarati|gv Manx
ha Hausa|he Hebrew|hi Hindi|hr Croatian|ht Haitian Creole|hu Hungarian|hy Armenian|id Indonesian|ig Igbo|ii Nuosu (Yi)
ik Inupiaq|is Icelandic|it Italian|iu Inuktitut|ja Japanese|jv Javanese|ka Georgian|kg Kongo|ki Kikuyu|kj Kwanyama
kk Kazakh|kl Greenlandic|km Khmer|kn Kannada|ko Korean|kr Kanuri|ks Kashmiri|ku Kurdish|kv Komi|kw Cornish|ky Kyrgyz
la Latin|lb Luxembourgish|lg Ganda|ln Lingala|lo Lao|lt Lithuanian|lu Luba-Katanga|lv Latvian|mg Malagasy
mh Marshallese|mi Maori|mk Macedonian|ml Malayalam|mn Mongolian|mr Marathi|ms Malay|mt Maltese|my Burmese|na Nauruan
nb Norwegian Bokmål|nd Northern Ndebele|ne Nepali|ng Ndonga|nl Dutch|nn Norwegian Nynorsk|no Norwegian
nr Southern Ndebele|nv Navajo|ny Chichewa|oc Occitan|om Oromo|or Odia|os Ossetian|pa Punjabi|pl Polish|ps Pashto
pt Portuguese|qu Quechua|rm Romansh|rn Kirundi|ro Romanian|ru Russian|rw Kinyarwanda|sa Sanskrit|sc Sardinian|sd Sindhi
se Northern Sami|sg Sango|si Sinhala|sk Slovak|sl Slovenian|sm Samoan|sn Shona|so Somali|sq Albanian|sr Serbian
ss Swati|st Southern Sotho|su Sundanese|sv Swedish|sw Swahili|ta Tamil|te Telugu|tg Tajik|th Thai|ti Tigrinya
tk Turkmen|tl Tagalog|tn Tswana|to Tongan|tr Turkish|ts Tsonga|tt Tatar|tw Twi|ty Tahitian|ug Uyghur|uk Ukrainian
ur Urdu|uz Uzbek|ve Venda|vi Vietnamese|wa Walloon|wo Wolof|xh Xhosa|yi Yiddish|yo Yoruba|za Zhuang|zh Chinese|zu Zulu
ceb Cebuano|ckb Central Kurdish|fil Filipino|hak Hakka|hmn Hmong|kmr Northern Kurdish|mai Maithili|mul several languages
nan Min Nan|nso Northern Sotho|prs Dari|tet Tetum|tpi Tok Pisin|wuu Wu|yue Cantonese
"""
NAMES = dict(entry.split(" ", 1) for entry in TAGS.strip().replace("\n", "|").split("|"))
A_TAG = re.compile(r"\A([a-z]{2,3})(?:-[A-Z][a-z]{3})?(?:-(?:[A-Z]{2}|\d{3}))?\Z", re.ASCII)


def language_tag(value: str) -> None:
    """Raise ``ValidationError`` unless a value is the tag of a language, such as zh, zh-Hant or pt-BR."""
    match = A_TAG.match(value)
    if not match or match[1] not in NAMES:
        tag = next((tag for tag, name in NAMES.items() if name.casefold() == value.strip().casefold()), "en")
        sentence = _("“%(value)s” is not the tag of a language: write it as “%(tag)s” for %(name)s.")
        raise ValidationError(sentence, params={"value": value[:60], "tag": tag, "name": NAMES[tag]})


def choices(*used: str) -> list[tuple[str, Any]]:
    """Pairs of tag and name for a list to choose from, by name, with tags ``used`` that have parts behind."""
    named = [*NAMES.items(), *((tag, f"{NAMES.get(tag[:2], tag)} ({tag})") for tag in used if tag and tag not in NAMES)]
    return sorted(named, key=lambda pair: pair[1].casefold())
