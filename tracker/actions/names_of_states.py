"""The names of States, as the United Nations have them, and those in use here: one spelling for each."""

import difflib
import itertools
import re

from tracker.models import Body, Metric, Plan

from .alike import name_key

# Its 193 members and two observer States, in English.
MEMBERS = (
    """
Afghanistan| Albania| Algeria| Andorra| Angola| Antigua and Barbuda| Argentina| Armenia| Australia| Austria|
Azerbaijan| Bahamas| Bahrain| Bangladesh| Barbados| Belarus| Belgium| Belize| Benin| Bhutan|
Bolivia (Plurinational State of)| Bosnia and Herzegovina| Botswana| Brazil| Brunei Darussalam| Bulgaria|
Burkina Faso| Burundi| Cabo Verde| Cambodia| Cameroon| Canada| Central African Republic| Chad| Chile| China|
Colombia| Comoros| Congo| Costa Rica| Croatia| Cuba| Cyprus| Czechia| Côte d'Ivoire|
Democratic People's Republic of Korea| Democratic Republic of the Congo| Denmark| Djibouti| Dominica|
Dominican Republic| Ecuador| Egypt| El Salvador| Equatorial Guinea| Eritrea| Estonia| Eswatini| Ethiopia|
Fiji| Finland| France| Gabon| Gambia| Georgia| Germany| Ghana| Greece| Grenada| Guatemala| Guinea|
Guinea-Bissau| Guyana| Haiti| Holy See| Honduras| Hungary| Iceland| India| Indonesia|
Iran (Islamic Republic of)| Iraq| Ireland| Israel| Italy| Jamaica| Japan| Jordan| Kazakhstan| Kenya|
Kiribati| Kuwait| Kyrgyzstan| Lao People's Democratic Republic| Latvia| Lebanon| Lesotho| Liberia| Libya|
Liechtenstein| Lithuania| Luxembourg| Madagascar| Malawi| Malaysia| Maldives| Mali| Malta| Marshall Islands|
Mauritania| Mauritius| Mexico| Micronesia (Federated States of)| Monaco| Mongolia| Montenegro| Morocco|
Mozambique| Myanmar| Namibia| Nauru| Nepal| Netherlands (Kingdom of the)| New Zealand| Nicaragua| Niger|
Nigeria| North Macedonia| Norway| Oman| Pakistan| Palau| Panama| Papua New Guinea| Paraguay| Peru|
Philippines| Poland| Portugal| Qatar| Republic of Korea| Republic of Moldova| Romania| Russian Federation|
Rwanda| Saint Kitts and Nevis| Saint Lucia| Saint Vincent and the Grenadines| Samoa| San Marino|
Sao Tome and Principe| Saudi Arabia| Senegal| Serbia| Seychelles| Sierra Leone| Singapore| Slovakia|
Slovenia| Solomon Islands| Somalia| South Africa| South Sudan| Spain| Sri Lanka| State of Palestine| Sudan|
Suriname| Sweden| Switzerland| Syrian Arab Republic| Tajikistan| Thailand| Timor-Leste| Togo| Tonga|
Trinidad and Tobago| Tunisia| Turkmenistan| Tuvalu| Türkiye| Uganda| Ukraine| United Arab Emirates|
United Kingdom of Great Britain and Northern Ireland| United Republic of Tanzania| United States of America|
Uruguay| Uzbekistan| Vanuatu| Venezuela (Bolivarian Republic of)| Viet Nam| Yemen| Zambia| Zimbabwe
""".replace("\n", " ")
    .strip()
    .split("| ")
)

COMMON = {"of", "the", "and", "repub", "state", "kingd", "peopl", "democ", "unite", "islan", "islam", "feder", "saint"}
COMMON |= {"north", "south", "centr", "new", "great"}
FIRST = 5  # letters of a word that are compared
ALIKE = 0.77  # share of letters of two names that is alike: “Turkey” and “Türkiye”


def offered() -> list[str]:
    """The names that a form offers: those in use here, and those of the United Nations."""
    in_use = (model.objects.values_list("state", flat=True).distinct() for model in (Plan, Body, Metric))
    return sorted({*itertools.chain(*in_use), *MEMBERS} - {""}, key=name_key)


def near(name: str) -> list[str]:
    """States that a name may mean which is none of theirs, such as “P.R. China”, “Venezuela” or “USA”."""
    names = offered()
    return [] if not name or name in names else [each for each in names if _may_mean(name, each)]


def _may_mean(name: str, state: str) -> bool:
    if re.sub(r"[\W_]", "", name) in ("".join(re.findall(r"\b[A-Z]", each)) for each in (state, state[:14])):
        return True  # its initials: UK, USA
    one, other = name_key(name), name_key(state)
    if one == other or difflib.SequenceMatcher(None, one, other, autojunk=False).ratio() >= ALIKE:
        return True
    mine, own = _words(name), _words(state)
    return mine <= own or any(rare and rare <= whole for rare, whole in ((mine - COMMON, own), (own - COMMON, mine)))


def _words(name: str) -> set[str]:
    """The words of a name by their first letters, which “Russia” and “Russian” share."""
    return {name_key(word)[:FIRST] for word in re.split(r"[\W_]+", name) if len(word) > 1}
