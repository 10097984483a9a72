"""The 871 areas a question to the NHM data portal can name, from Natural Earth, as the portal spells them."""

from __future__ import annotations

__all__ = ["AREAS", "KINDS", "area"]

KINDS = ("country", "marine", "geography")

COUNTRY = """\
Afghanistan; Albania; Algeria; American Samoa; Andorra; Angola; Anguilla; Antarctica; Antigua And Barbuda;
Argentina; Armenia; Aruba; Ashmore And Cartier Islands; Australia; Australian Indian Ocean Territories;
Austria; Azerbaijan; Bahrain; Bangladesh; Barbados; Belarus; Belgium; Belize; Benin; Bermuda; Bhutan;
Bolivia; Bosnia And Herzegovina; Botswana; Brazil; British Indian Ocean Territory; British Virgin Islands;
Brunei; Bulgaria; Burkina Faso; Burundi; Cambodia; Cameroon; Canada; Cape Verde; Cayman Islands; Central
African Republic; Chad; Chile; Colombia; Comoros; Cook Islands; Costa Rica; Croatia; Cuba; Curaçao; Cyprus;
Czech Republic; Democratic Republic Of The Congo; Denmark; Djibouti; Dominica; Dominican Republic; East
Timor; Ecuador; Egypt; El Salvador; Equatorial Guinea; Eritrea; Estonia; Eswatini; Ethiopia; Falkland
Islands; Faroe Islands; Federated States Of Micronesia; Fiji; Finland; France; French Polynesia; French
Southern And Antarctic Lands; Gabon; Georgia; Germany; Ghana; Greece; Greenland; Grenada; Guam; Guatemala;
Guernsey; Guinea; Guinea-bissau; Guyana; Haiti; Heard Island And Mcdonald Islands; Honduras; Hong Kong;
Hungary; Iceland; India; Indonesia; Iran; Iraq; Ireland; Isle Of Man; Israel; Italy; Ivory Coast; Jamaica;
Japan; Jersey; Jordan; Kazakhstan; Kenya; Kiribati; Kosovo; Kuwait; Kyrgyzstan; Laos; Latvia; Lebanon;
Lesotho; Liberia; Libya; Liechtenstein; Lithuania; Luxembourg; Macau; Madagascar; Malawi; Malaysia;
Maldives; Mali; Malta; Marshall Islands; Mauritania; Mauritius; Mexico; Moldova; Monaco; Mongolia;
Montenegro; Montserrat; Morocco; Mozambique; Myanmar; Namibia; Nauru; Nepal; Netherlands; New Caledonia; New
Zealand; Nicaragua; Niger; Nigeria; Niue; Norfolk Island; North Korea; Northern Mariana Islands; Norway;
Oman; Pakistan; Palau; Palestine; Panama; Papua New Guinea; Paraguay; People's Republic Of China; Peru;
Philippines; Pitcairn Islands; Poland; Portugal; Puerto Rico; Qatar; Republic Of Macedonia; Republic Of The
Congo; Romania; Russia; Rwanda; Saint Helena; Saint Kitts And Nevis; Saint Lucia; Saint Martin; Saint Pierre
And Miquelon; Saint Vincent And The Grenadines; Saint-barthélemy; Samoa; San Marino; Saudi Arabia; Senegal;
Serbia; Seychelles; Siachen Glacier; Sierra Leone; Singapore; Sint Maarten; Slovakia; Slovenia; Solomon
Islands; Somalia; Somaliland; South Africa; South Georgia And The South Sandwich Islands; South Korea; South
Sudan; Spain; Sri Lanka; Sudan; Suriname; Sweden; Switzerland; Syria; São Tomé And Príncipe; Taiwan;
Tajikistan; Tanzania; Thailand; The Bahamas; The Gambia; Togo; Tonga; Trinidad And Tobago; Tunisia; Turkey;
Turkish Republic Of Northern Cyprus; Turkmenistan; Turks And Caicos Islands; Uganda; Ukraine; United Arab
Emirates; United Kingdom; United States Of America; United States Virgin Islands; Uruguay; Uzbekistan;
Vanuatu; Vatican City; Venezuela; Vietnam; Wallis And Futuna; Western Sahara; Yemen; Zambia; Zimbabwe; Åland
Islands
"""
MARINE = """\
Adriatic Sea; Aegean Sea; Amazon River; Amundsen Gulf; Amundsen Sea; Andaman Sea; Arabian Sea; Arafura Sea;
Arctic Ocean; Baffin Bay; Bahía De Campeche; Balearic Sea; Baltic Sea; Banda Sea; Barents Sea; Bay Of
Bengal; Bay Of Biscay; Bay Of Fundy; Bay Of Plenty; Beaufort Sea; Bellingshausen Sea; Bering Sea; Bismarck
Sea; Black Sea; Bo Hai; Bristol Bay; Bristol Channel; Caribbean Sea; Caspian Sea; Celebes Sea; Ceram Sea;
Chesapeake Bay; Chukchi Sea; Columbia River; Cook Inlet; Coral Sea; Davis Strait; Drake Passage; East China
Sea; English Channel; Golfe Du Lion; Golfo De California; Golfo De Panamá; Golfo San Jorge; Great Australian
Bight; Great Barrier Reef; Greenland Sea; Gulf Of Aden; Gulf Of Alaska; Gulf Of Bothnia; Gulf Of
Carpentaria; Gulf Of Finland; Gulf Of Guinea; Gulf Of Honduras; Gulf Of Kutch; Gulf Of Maine; Gulf Of
Mannar; Gulf Of Mexico; Gulf Of Oman; Gulf Of Saint Lawrence; Gulf Of Thailand; Gulf Of Tonkin; Hudson Bay;
Hudson Strait; Indian Ocean; Inner Sea; Inner Seas; Ionian Sea; Irish Sea; James Bay; Java Sea; Kara Sea;
Korea Strait; Labrador Sea; Laccadive Sea; Laptev Sea; Luzon Strait; Makassar Strait; Mediterranean Sea;
Melville Bay; Molucca Sea; Mozambique Channel; North Atlantic Ocean; North Pacific Ocean; North Sea;
Norwegian Sea; Persian Gulf; Philippine Sea; Red Sea; Ross Sea; Río De La Plata; Sargasso Sea; Scotia Sea;
Sea Of Japan; Sea Of Okhotsk; Shelikhova Gulf; Solomon Sea; South Atlantic Ocean; South China Sea; South
Pacific Ocean; Southern Ocean; Strait Of Gibraltar; Strait Of Malacca; Strait Of Singapore; Straits Of
Florida; Sulu Sea; Taiwan Strait; Tasman Sea; The North Western Passages; Timor Sea; Tyrrhenian Sea; Ungava
Bay; Viscount Melville Sound; Weddell Sea; White Sea; Yangtze River; Yellow Sea
"""
GEOGRAPHY = """\
Abakanskiy Ra.; Adamawa Plateau; Admiralty Mountains; Adélie Coast; Africa; Ahag; Alaska; Alaska North
Slope; Alaska Peninsula; Alaska Range; Alataw Mts.; Aldan Upland; Aleutian Islands; Alexander Archipelago;
Alexander Island; Allegheny Plateau; Alps; Altay Mountains; Alti-planicie Mexicana; Altiplano; Altyn-tagh;
Amami Ōshima; Amazon Basin; Amazon Delta; American Highland; Anatolia; Andaman Islands; Andes; Antarctic
Peninsula; Antarctic Plateau; Antarctica; Anti-atlas; Appalachian Mountains; Appennino Ligure; Arabian
Peninsula; Arakan Mountains; Archipel Des Comores; Arkticheskiy Institut Islands; Arnhem Land; Asia; Asir
Mts.; Atacama Desert; Atlantic Coastal Plain; Atlas Mountains; Atlas Saharien; Australia; Azores; Aïr
Mountains; Baffin Island; Bahama Islands; Baja California Peninsula; Balearic Islands; Balkan Mountains;
Balkans; Balochistan; Banaadir Coast; Banks Island; Banzare Coast; Barren Grounds; Berkner Island;
Betpak-dala; Bismarck Archipelago; Bié Plateau; Bohol; Bolshevik Island; Bolshoy Begichev Island;
Bol’shezemel’skaya Tundra; Borneo; Borohoro Mountains; Bougainville Island; Brazilian Highlands; British
Isles; Brooks Range; Budd Coast; Caatinga; Campos Sertão; Canadian Arctic Archipelago; Canadian Shield;
Canary Islands; Cantabrian Mountains; Cape Breton Island; Cape Chelyuskin; Cape Cà Mau; Cape Verde; Cape
York Peninsula; Caroline Islands; Carpathian Mountains; Cascade Range; Caspian Depression; Caucasus
Mountains; Central America; Central Highlands; Central Lowland; Central Russian Upland; Central Siberian
Plateau; Central Valley; Chaco Austral; Chaco Boreal; Channel Islands Of California; Chaîne Annamitique;
Chersky Range; Chihuahuan Desert; Chilean Central Valley; Chiloé Island; Chin Hills; Chugach Mountains;
Chukchi Peninsula; Clarie Coast; Coast Mountains; Coats Land; Colorado Plateau; Columbia Kootenay Mountain;
Columbia Plateau; Congo Basin; Cordillera Blanca; Cordillera Occidental; Cordillera Oriental; Cordillera
Real; Coromandel Coast; Corsica; Costa De Los Mosquitos; Crimean Peninsula; Crystal Mountain; Cuba;
Cumberland Peninsula; Cumberland Plat.; Cyprus; Dabie Mountains; Dalmatia; Dalou Mountains; Danube Delta;
Dasht-e Lut; Deccan Plateau; Dinaric Alps; Dome A; Dome C; Dome F; Drakensberg; Dângrêk Mountains; East
Antarctica; Eastern Ghats; Eastern Sayan Mts.; Edwards Plateau; El Djouf; Elburz Mts.; Ellesmere Island;
Ellsworth Land; Ellsworth Mountains; Enderby Land; Entre Rios; Espiritu Santo; Ethiopian Highlands; Europe;
Falkland Islands; Fergana Valley; Fiji; Flood Range; Florida; Ford Ranges; Franz Josef Land; Fraser Plateau;
Ganges Delta; Gaspé Peninsula; George V Coast; Gibson Desert; Gobi Desert; Gould Coast; Graham Land; Gran
Chaco; Grand Canyon; Grand Erg Occidental; Grand Erg Oriental; Great Artesian Basin; Great Basin; Great
Britain; Great Dividing Range; Great Lakes; Great Nicobar Island; Great Plains; Great Rift Valley; Great
Salt Lake Desert; Great Sandy Desert; Great Victoria Desert; Greater Antilles; Greater Khingan; Greater
Sunda Islands; Greenland; Guadalcanal; Guam; Guiana Highlands; Guiana Shield; Gyda Peninsula; Hadhramaut;
Haida Gwaii; Hainan Island; Halmahera Island; Hamada Du Drâa; Hamgyong Mountains; Haut Atlas; Hawaii;
Hawaiian Islands; Hejaz Mts.; Hexi Corridor; Himalayas; Hindu Kush; Hispaniola; Hiva-oa; Hokkaidō;
Hollick-kenyon Plateau; Honshu; Horn Of Africa; Huíla Plateau; Iberian Peninsula; Iceland; Indian
Subcontinent; Indo-gangetic Plain; Indus River Delta; Ingrid Christensen Coast; Ireland; Irrawaddy Delta;
Isabela Island; Isthmus Of Panama; Isthmus Of Tehuantepec; Iwembere Steppe; Jamaica; Japan; Java; Junggar
Basin; Jutland; Kalahari Desert; Kamchatka Peninsula; Karakoram; Karakum Desert; Katanga Plateau; Kathiawar;
Kauai; Kazakh Steppe; Kazakh Upland; Kemp Land; Khangai Mountains; Khasi Hills; Khorat Plateau; Kimberley
Plateau; King Edward Vii Land; Kiribati; Kiritimati; Knox Coast; Knud Rasmussen Land; Kola; Kolyma Lowland;
Kolyma Mountains; Komsomolets Island; Korean Peninsula; Koryak Mountains; Kra Isthmus; Kuh Rud Mountains;
Kunlun Mountains; Kuril Islands; Kyushu; Kyzyl Kum; Labrador; Lapland; Laurentian Upland; Leizhou Peninsula;
Lena Delta; Les Laurentides; Lesser Antilles; Lesser Caucasus; Lesser Khingan; Lesser Sunda Islands; Leyte;
Liaodong Peninsula; Libyan Desert; Line Islands; Loess Plateau; Los Llanos; Luzon; Lüliang Mountains; Mac.
Robertson Land; Mackenzie Mountains; Madagascar; Mainland Southeast Asia; Makira; Malabar Coast; Malakula;
Malay Archipelago; Malay Peninsula; Maluku Islands; Manchurian Plain; Marie Byrd Land; Marshall Isands;
Mascarene Islands; Maui; Mawson Coast; Mekong Delta; Melanesia; Melville Peninsula; Mesopotamia; Micronesia;
Middle Andaman; Mindanao; Mindoro; Mississippi River Delta; Mitumba Mts.; Mongolian Plateau; Muchinga Mts.;
Murray–darling Basin; Murzuq Desert; Myeik Arch.; Naga Hills; Namib; Nanling Mountains; Nanpō Islands;
Napier Mountains; Negros; New Britain; New Guinea; New Guinea Highlands; New Ireland; New Schawbenland; New
Siberian Islands; New Zealand; Newfoundland; Nicobar Islands; Niger Delta; Nile Delta; North America; North
Andaman Island; North China Plain; North European Plain; North Island; North Siberian Lowland; Northern Cook
Islands; Nova Scotia; Novaya Zemlya; Nubian Desert; Nuku Hiva; Nullabor Plain; Oahu; Oates Coast; October
Revolution Island; Ogaden; Okinawa; Ordos Desert; Ozarks; Pacific Coast Ranges; Palawan Island; Palmer Land;
Pamir Mountains; Pampas; Panay; Pantanal; Paramushir; Parry Islands; Patagonia; Pensacola Mountains;
Philippines; Piedmont; Planalto Do Mato Grosso; Polynesia; Pontic Mountains; Pontic Steppe; Prince Albert
Mountains; Prince Charles Mountains; Prince Edward I.; Prince Harald Coast; Prince Olav Coast; Princess
Astrid Coast; Princess Martha Coast; Princess Ragnhild Coast; Puerto Rico; Punjab; Putorana Plateau;
Pyrenees; Péninsule D’ungava; Qaidam Basin; Qilian Mountains; Qinling; Queen Alexandra Range; Queen
Elizabeth Islands; Queen Mary Coast; Queen Maud Land; Queen Maud Mountains; Raiatea; Ralik Chain; Ratak
Chain; Riverina; Rockefeller Plateau; Rocky Mountains; Rub' Al Khali; Ryukyu Islands; Sabrina Coast; Sahara;
Sahel; Sakhalin; Salt Ra.; Samar; Santa Cruz Island; Santa Isabel Island; Sardinia; Sarïr Kalanshiyu Ar
Ramli Al Kabi; Satpura Range; Savai'i; Scandinavia; Scandinavian Mountains; Schmidt Island; Scott Mountains;
Selvas; Selwyn Mountains; Seram Island; Serra Da Mantiquiera; Serra Do Mar; Serra Geral; Severnaya Zemlya;
Seychelles; Shackleton Coast; Shackleton Range; Shan Plateau; Shandong Peninsula; Shikoku; Siberia; Sichuan
Basin; Sicily; Sierra Madre De Chiapas; Sierra Madre Del Sur; Sierra Madre Occidental; Sierra Madre
Oriental; Sierra Morena; Sierra Nevada; Sikhote-alin; Siwalik Hills; Solomon Islands; Sonoran Desert; South
America; South Andaman; South Island; South Shetland Islands; Southern Alps; Southern Cook Islands; Southern
Ghats; Spratly Islands; Sredinny Range; Sri Lanka; Stanovoy Range; Stanovoy Upland; Sudd; Sulawesi; Sulu
Archipelago; Sumatra; Svalbard; Syrian Desert; Tahiti; Taihang Mountains; Taiwan Island; Taklamakan Desert;
Talos Dome; Tannu-ola Mountains; Tarbagatai Mountains; Tarim Basin; Tasmania; Tassili Oua-n-ahaggar;
Tassili-n-ajjer; Taymyr Peninsula; Thar Desert; Three Gorges; Tian Shan; Tibesti Mountains; Tibetan Plateau;
Tierra Del Fuego; Timor; Tonga Islands; Torngat Mts.; Transantarctic Mountains; Trinidad; Tuamotus; Turan
Depression; Ténéré; Ural Mountains; Ustyurt Plateau; Valdes Peninsula; Vancouver Island; Vanua Levu;
Verkhoyansk Range; Victoria Island; Victoria Land; Vindhya Range; Virgin Is.; Viti Levu; Volga Delta;
Vychegda Lowland; Walgreen Coast; West Antarctica; West Indies; West Siberian Plain; Western Desert; Western
Ghats; Western Plateau; Western Sayan Mts.; Wilhelm Ii Coast; Wilkes Land; Wuyi Mountains; Yablonovyy Range;
Yamal Peninsula; Yarlung Tsangpo Grand Canyon; Yin Mts.; Yucatán Peninsula; Yukon Flats; Yukon Plateau;
Yungas; Yunnan-guizhou Plateau; Zagros Mountains; Zambezi Delta; ‘erg Chech
"""


def split_names(text: str) -> tuple[str, ...]:
    """The names of a list."""
    return tuple(name.strip() for name in text.replace("\n", " ").split(";"))


# The names of each kind, in their order.
AREAS = dict(zip(KINDS, map(split_names, (COUNTRY, MARINE, GEOGRAPHY)), strict=True))


def plain(name: str) -> str:
    """A name without accents, capitals and punctuation, to compare by."""
    from unicodedata import combining, normalize

    letters = normalize("NFKD", name.casefold().replace("’", "'").replace("–", "-"))
    return " ".join("".join(c if c.isalnum() else " " for c in letters if not combining(c)).split())


def area(name: str, kind: str | None = None) -> tuple[str, str]:
    """Kind and spelling of an area. A country comes before a sea, a sea before another region.

    Capitals, accents and hyphens do not matter.

    Raises:
        ValueError: there is no such area; with those that are spelt alike.
    """
    if kind is not None and kind not in KINDS:
        message = f"{kind!r} is no kind of area: it is one of {', '.join(KINDS)}"
        raise ValueError(message)
    kinds = KINDS if kind is None else (kind,)
    wanted = plain(name)
    for area_kind in kinds:
        for candidate in AREAS[area_kind]:
            if plain(candidate) == wanted:
                return area_kind, candidate
    message = f"no {kind or 'area'} {name!r} at the data portal{near(wanted, kind)}"
    raise ValueError(message)


def others(kind: str, name: str) -> list[str]:
    """The other kinds that have an area of this name."""
    return [other for other in KINDS if other != kind and name in AREAS[other]]


def near(wanted: str, kind: str | None) -> str:
    """Up to three areas whose names are near, said as a question."""
    from difflib import get_close_matches

    spelt = {
        plain(candidate): f"{candidate!r} ({other})"
        for other in reversed(KINDS)
        for candidate in AREAS[other]
    }
    within = [name for name in spelt if len(wanted) > 3 and wanted in name.split(" ")]  # noqa: PLR2004
    found = list(dict.fromkeys([*get_close_matches(wanted, spelt, 3, 0.7), *within]))[:3]
    if kind is not None and wanted in spelt:
        found = [wanted]
    if not found:
        return "; the names are those of Natural Earth, in English"
    return f": did you mean {' or '.join(spelt[name] for name in found)}?"
