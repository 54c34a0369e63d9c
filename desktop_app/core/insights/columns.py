"""Which column of a table is what: Meta's own names in six languages, in any order, and a person's mapping for others.

The names are those of Meta Business Suite's content export, of Instagram's own insights, and what people write
above such columns themselves.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Final

from desktop_app.core.posts import METRICS

FIELDS: Final = (
    *("id", "account", "account_name", "account_id", "caption", "time", "permalink", "type", "file", "boosted"),
    *("day", "note", "duration"),
    *METRICS,
)
"""What a column can be. "day": the day that a row's numbers are of, "Lifetime" for all days. "note" and "duration" are
known and not used."""

_NAMES: dict[str, str] = {
    "id": """post id|media id|id|beitrags-id|beitrag-id|id des beitrags|id do post|id da publicação|id do conteúdo|
        identificação do post|identificação da publicação|identificador da publicação|id de la publicación|
        identificador de la publicación|identificador de publicación|id de publication|id de la publication|
        identifiant de la publication|identifiant de publication|n° de publication|numéro de publication|inläggs-id|
        publicerings-id|inlägg-id|id för inlägg""",
    "account": """account username|username|user name|handle|instagram username|profile|owner username|benutzername|
        benutzername des kontos|konto-benutzername|kontobenutzername|account-benutzername|nutzername|
        nome de usuário da conta|nome de usuário|nome de utilizador da conta|nome de utilizador|usuário da conta|
        nombre de usuario de la cuenta|nombre de usuario|usuario de la cuenta|usuario|nom d'utilisateur du compte|
        nom d'utilisateur|identifiant du compte instagram|kontots användarnamn|användarnamn|användarnamn för konto|
        kontoanvändarnamn|användarnamn för kontot""",
    "account_name": """account name|account|page name|brand|kontoname|name des kontos|nome da conta|conta|
        nombre de la cuenta|cuenta|nom du compte|compte|kontonamn|kontots namn|namn på kontot|konto""",
    "account_id": """account id|page id|konto-id|kontonummer|id des kontos|id da conta|identificação da conta|
        identificador da conta|id de la cuenta|identificador de la cuenta|id de compte|id du compte|
        identifiant du compte|numéro de compte|n° de compte""",
    "caption": """description|caption|text|title|post text|post caption|post message|message|beschreibung|
        bildunterschrift|beitragstext|titel|
        descrição|legenda|texto|título|descripción|pie de foto|texto de la publicación|légende|
        texte|titre|beskrivning|bildtext|text i inlägg""",
    "time": """publish time|published|publish date|date published|publication time|posted|posted at|post date|created|
        created at|timestamp|time|datetime|date and time|creation timestamp|veröffentlichungszeitpunkt|
        zeitpunkt der veröffentlichung|veröffentlichungszeit|uhrzeit der veröffentlichung|veröffentlicht|
        veröffentlichungsdatum|veröffentlicht am|zeitpunkt|uhrzeit|zeitstempel der erstellung|horário de publicação|
        hora de publicação|hora da publicação|horário da publicação|data de publicação|data da publicação|publicado em|
        publicado|data e hora|marcação de data e hora da criação|hora de publicación|hora de la publicación|
        fecha de publicación|publicado el|fecha y hora|marca de tiempo de creación|heure de publication|
        heure de la publication|date de publication|date de la publication|publié le|publié|date et heure|
        horodatage de la création|publiceringstid|publiceringsdatum|tid för publicering|publicerat|publicerad|
        datum och tid|tidpunkt för publicering|tidsstämpel för skapande""",
    "permalink": """permalink|link|url|post url|post link|address|web address|instagram link|beitrags-url|beitragslink|
        link permanente|link da publicação|link do post|enlace permanente|enlace|enlace de la publicación|permalien|
        lien permanent|lien|lien de la publication|permalänk|permanent länk|länk|adresse|dirección|endereço|adress""",
    "type": """post type|media type|type|content type|format|beitragsart|beitragstyp|art des beitrags|typ|medientyp|
        inhaltstyp|tipo de post|tipo de publicação|tipo de conteúdo|tipo|tipo de publicación|tipo de contenido|
        type de publication|type de contenu|inläggstyp|typ av inlägg|innehållstyp""",
    "file": """file|file name|filename|file path|path|image|image file|image name|picture|photo|media|media file|
        image url|picture url|media url|asset|dateiname|datei|dateipfad|bild|bilddatei|bildname|foto|
        nome do arquivo|arquivo|nome do ficheiro|ficheiro|imagem|nombre de archivo|nombre del archivo|archivo|imagen|
        nom de fichier|nom du fichier|fichier|image source|filnamn|fil|bildfil|sökväg""",
    "boosted": """boosted|is boosted|promoted|paid|ad|advertised|boosted post|beworben|gesponsert|werbung|
        impulsionado|promovido|turbinado|promocionado|boostée|boosté|sponsorisé|marknadsförd|främjad|annons""",
    "day": "date|day|datum|tag|data|dia|fecha|día|jour|dag",
    "note": """data comment|comment on data|datenkommentar|kommentar zu daten|kommentar zu den daten|
        comentário de dados|comentário sobre os dados|comentário dos dados|comentario de datos|
        comentario sobre los datos|comentario de los datos|commentaire sur les données|commentaire de données|
        datakommentar|kommentar om data|kommentar om data""",
    "duration": """duration (sec)|duration|duration (s)|dauer (sek.)|dauer (sek)|dauer|dauer (sekunden)|duração (s)|
        duração (seg)|duração (segundos)|duração|duración (s)|duración (seg)|duración (segundos)|duración|durée (s)|
        durée (sec)|durée|durée (en secondes)|varaktighet (sek)|varaktighet (s)|varaktighet|längd (sek)|längd""",
    "views": """views|view count|total views|aufrufe|anzahl der aufrufe|ansichten|visualizações|exibições|
        visualizaciones|vistas|vues|nombre de vues|visningar""",
    "impressions": """impressions|impression|post impressions|impressionen|impressões|impresiones|exponeringar|intryck|
        sidvisningar""",
    "reach": """reach|accounts reached|reached accounts|people reached|reichweite|erreichte konten|
        konten, die erreicht wurden|alcance|contas alcançadas|cuentas alcanzadas|personas alcanzadas|couverture|portée|
        comptes touchés|comptes atteints|räckvidd|nådda konton|konton som nåtts""",
    "likes": """likes|like count|like|number of likes|gefällt mir|"gefällt mir"-angaben|gefällt-mir-angaben|
        "gefällt mir"|likes-anzahl|curtidas|gostos|me gusta|cantidad de me gusta|número de me gusta|j'aime|
        mentions j'aime|mentions "j'aime"|gilla-markeringar|gillanden|gilla|antal gilla-markeringar""",
    "shares": """shares|share count|share|sends|geteilt|geteilte inhalte|teilungen|shares gesamt|wie oft geteilt|
        geteilte beiträge|compartilhamentos|partilhas|compartidos|veces compartido|veces que se compartió|
        veces que se ha compartido|número de veces compartido|contenido compartido|partages|nombre de partages|
        delningar|antal delningar|delat""",
    "comments": """comments|comment count|comment|kommentare|anzahl der kommentare|comentários|comentarios|
        commentaires|nombre de commentaires|kommentarer|antal kommentarer""",
    "saves": """saves|saved|save count|bookmarks|gespeichert|speicherungen|gespeicherte inhalte|
        gespeicherte beiträge|wie oft gespeichert|salvamentos|salvos|itens salvos|guardados|
        guardado|veces guardado|veces que se guardó|veces que se ha guardado|contenido guardado|enregistrements|
        nombre d'enregistrements|sparade|sparningar|sparat|sparade objekt|antal sparade""",
    "follows": """follows|new followers|followers gained|neue follower|abonnements durch beitrag|follower-zuwachs|
        gefolgt|seguimentos|novos seguidores|seguidores|seguimientos|nuevos seguidores|abonnements|nouveaux followers|
        nouveaux abonnés|abonnés|följningar|nya följare|följare|antal som börjat följa""",
}


def simple(header: object) -> str:
    """A column's name as it is compared: no case, accents, quotes, marks or spare spaces."""
    text = unicodedata.normalize("NFKD", str(header).replace("ß", "ss")).casefold()
    text = "".join(c for c in text if not unicodedata.combining(c))
    text = re.sub("['\u2018\u2019\u201a\"\u201c\u201d\u201e\u00ab\u00bb\u00b4`\u2032]", "", text)
    return " ".join(re.sub(r"[^\w°]+", " ", text).replace("_", " ").split())


def _table() -> dict[str, str]:
    found: dict[str, str] = {}
    for field, names in _NAMES.items():
        for name in names.split("|"):
            # what a name means in one language must not be lost to another: the first one stays
            found.setdefault(simple(name), field)
    return found


_FIELD_OF: Final = _table()


def field_named(header: object) -> str:
    """What a column of this name is; "" where that is not known."""
    return _FIELD_OF.get(simple(header), "")


def guess(headers: Sequence[object]) -> dict[str, int]:
    """The columns that are known by their names: field to place. Of two with one meaning the first counts."""
    found: dict[str, int] = {}
    for place, header in enumerate(headers):
        field = field_named(header)
        if field and field not in found:
            found[field] = place
    if "time" not in found and "day" in found:  # an own table calls the day of the post "Date"
        found["time"] = found.pop("day")
    if "account" not in found and "account_name" in found:
        found["account"] = found["account_name"]
    return found


def place(headers: Sequence[object], mapping: Mapping[str, str]) -> dict[str, int]:
    """The columns of a table: a person's mapping (field to header, "" for none) over what is known by name."""
    found = guess(headers)
    names = {simple(header): number for number, header in reversed(list(enumerate(headers)))}
    for field, header in mapping.items():
        if field not in FIELDS:
            continue
        at = names.get(simple(header)) if header else None
        if at is None:
            found.pop(field, None)
            continue
        for other in [other for other, number in found.items() if number == at and other not in mapping]:
            del found[other]
        found[field] = at
    return found


def metrics_of(columns: Mapping[str, int]) -> tuple[str, ...]:
    """The metrics among the columns, in the menu's order."""
    return tuple(name for name in METRICS if name in columns)
