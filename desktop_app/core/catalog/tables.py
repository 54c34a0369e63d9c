"""The catalogue's tables, version by version."""

from __future__ import annotations

from desktop_app.core.catalog import changes

_FIRST = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE folders (
  id INTEGER PRIMARY KEY,
  root BLOB NOT NULL UNIQUE,        -- os.fsencode of the absolute path
  name TEXT NOT NULL,
  state TEXT NOT NULL,              -- FolderState
  waiting INTEGER NOT NULL DEFAULT 0,
  videos INTEGER NOT NULL DEFAULT 0, -- files that are no pictures are counts, not rows
  others INTEGER NOT NULL DEFAULT 0,
  removed REAL                      -- seconds since 1970; removed folders can be brought back for a while
);

CREATE TABLE photos (
  id INTEGER PRIMARY KEY AUTOINCREMENT, -- an id is never given twice: views may still hold it
  folder INTEGER NOT NULL REFERENCES folders (id) ON DELETE CASCADE,
  path BLOB NOT NULL,               -- relative to the folder's root, "/" between its parts
  size INTEGER NOT NULL,
  mtime_ns INTEGER NOT NULL,
  content BLOB NOT NULL,            -- blake2b-128 of the whole file
  format TEXT NOT NULL,
  width INTEGER NOT NULL,
  height INTEGER NOT NULL,
  taken TEXT,                       -- ISO 8601 without a zone
  camera TEXT NOT NULL DEFAULT '',
  missing INTEGER NOT NULL DEFAULT 0,
  sort_date TEXT NOT NULL,          -- taken, else the file's time: ISO 8601
  sort_name TEXT NOT NULL           -- display path with numbers padded, so that 2 stands before 10
);
-- a photo whose file is gone keeps its path while another photo may stand there now
CREATE UNIQUE INDEX photos_path ON photos (folder, path) WHERE missing = 0;
CREATE INDEX photos_missing ON photos (folder, path) WHERE missing = 1;
CREATE INDEX photos_content ON photos (content);
CREATE INDEX photos_date ON photos (sort_date, id);
CREATE INDEX photos_name ON photos (sort_name, id);

CREATE TABLE features (
  network TEXT NOT NULL,            -- Network.key
  photo INTEGER NOT NULL REFERENCES photos (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,        -- row in every vector file of that network
  PRIMARY KEY (network, photo)
) WITHOUT ROWID;
CREATE UNIQUE INDEX features_position ON features (network, position);

CREATE TABLE skipped (
  folder INTEGER NOT NULL REFERENCES folders (id) ON DELETE CASCADE,
  path BLOB NOT NULL,
  size INTEGER NOT NULL,
  mtime_ns INTEGER NOT NULL,
  reason TEXT NOT NULL,             -- Reason
  details TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (folder, path)
) WITHOUT ROWID;
"""

_LABELS = """
CREATE TABLE label_sets (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,               -- labelling.Kind
  removed REAL                      -- seconds since 1970; removed sets can be brought back for a while
);

CREATE TABLE answers (
  id INTEGER PRIMARY KEY AUTOINCREMENT, -- never given twice: a trained head may still name it
  label_set INTEGER NOT NULL REFERENCES label_sets (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  key TEXT NOT NULL DEFAULT '',     -- '' for none
  place INTEGER NOT NULL,
  removed INTEGER NOT NULL DEFAULT 0 -- without labels; the row stays so that undo can give it back under its id
);
CREATE INDEX answers_set ON answers (label_set, place);

CREATE TABLE labels (
  label_set INTEGER NOT NULL REFERENCES label_sets (id) ON DELETE CASCADE,
  photo INTEGER NOT NULL REFERENCES photos (id) ON DELETE CASCADE,
  answer INTEGER NOT NULL,          -- an answer of the set; 0 for "none of these"
  origin TEXT NOT NULL,             -- labelling.Origin
  time REAL NOT NULL,               -- seconds since 1970
  PRIMARY KEY (label_set, photo, answer)
) WITHOUT ROWID;
CREATE INDEX labels_photo ON labels (photo);

CREATE TABLE notes (
  photo INTEGER PRIMARY KEY REFERENCES photos (id) ON DELETE CASCADE,
  text TEXT NOT NULL
);
"""

_THEMES_AND_INSIGHTS = """
CREATE TABLE groupings (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL,
  scope TEXT NOT NULL,              -- JSON: what was grouped
  method TEXT NOT NULL,             -- 'kmeans' or 'density'
  count INTEGER NOT NULL,           -- themes shown, without the odd ones out
  proposed INTEGER NOT NULL,        -- the count that was measured to be best
  time REAL NOT NULL,               -- seconds since 1970
  tree BLOB,                        -- how its finest groups join (cluster.hierarchy.Tree as bytes)
  version INTEGER NOT NULL DEFAULT 0, -- rises with every change of its themes
  moves INTEGER NOT NULL DEFAULT 0, -- rises when photos go to other leaves
  ready INTEGER NOT NULL DEFAULT 0, -- 0 while it is being written: nobody sees it
  removed REAL                      -- seconds since 1970; removed groupings can be brought back for a while
);

CREATE TABLE themes (
  id INTEGER PRIMARY KEY AUTOINCREMENT, -- never given twice
  grouping INTEGER NOT NULL REFERENCES groupings (id) ON DELETE CASCADE,
  name TEXT NOT NULL DEFAULT '',    -- what a person called it; '' until then
  proposed TEXT NOT NULL DEFAULT '', -- what the program proposes
  locked INTEGER NOT NULL DEFAULT 0,
  kind TEXT NOT NULL DEFAULT 'auto', -- 'auto', 'hand' (the slider leaves it alone), 'odd'
  place INTEGER,                    -- its order among the themes; NULL for one that the present cut does not show
  node INTEGER,                     -- of the grouping's tree; NULL for what a person put together
  parent INTEGER,                   -- the theme it was split from
  lineage INTEGER,                  -- the first theme that this one carries on over new runs
  removed REAL                      -- its photos are in no theme, or in another one
);
CREATE INDEX themes_grouping ON themes (grouping, place);

-- a photo is in a finest group (leaf) and so in the theme that holds the leaf: a move of the slider writes leaves
CREATE TABLE theme_leaves (
  grouping INTEGER NOT NULL REFERENCES groupings (id) ON DELETE CASCADE,
  leaf INTEGER NOT NULL,
  theme INTEGER NOT NULL REFERENCES themes (id) ON DELETE CASCADE,
  PRIMARY KEY (grouping, leaf)
) WITHOUT ROWID;
CREATE INDEX theme_leaves_theme ON theme_leaves (theme);

CREATE TABLE leaf_photos (
  grouping INTEGER NOT NULL REFERENCES groupings (id) ON DELETE CASCADE,
  photo INTEGER NOT NULL REFERENCES photos (id) ON DELETE CASCADE,
  leaf INTEGER NOT NULL,
  hand INTEGER NOT NULL DEFAULT 0,  -- 1: a person put it there
  PRIMARY KEY (grouping, photo)
) WITHOUT ROWID;
CREATE INDEX leaf_photos_photo ON leaf_photos (photo);
CREATE INDEX leaf_photos_leaf ON leaf_photos (grouping, leaf);

CREATE VIEW theme_photos AS
  SELECT p.grouping, p.photo, l.theme, CASE p.hand WHEN 1 THEN 'hand' ELSE 'auto' END AS origin
  FROM leaf_photos p JOIN theme_leaves l ON l.grouping = p.grouping AND l.leaf = p.leaf;

CREATE TABLE accounts (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL,
  role TEXT NOT NULL,               -- 'own' or 'competitor'
  removed REAL
);

CREATE TABLE sources (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  path BLOB NOT NULL,               -- os.fsencode of the absolute path
  kind TEXT NOT NULL,
  account INTEGER REFERENCES accounts (id) ON DELETE SET NULL,
  time REAL NOT NULL,               -- when it was read, seconds since 1970
  stamp TEXT NOT NULL DEFAULT '',   -- tells whether the file is still the one that was read
  mapping TEXT NOT NULL DEFAULT '{}', -- JSON: which column is what, as a person chose
  removed REAL
);

CREATE TABLE posts (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  account INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  key TEXT NOT NULL,                -- names the post within its account, the same in every source
  time REAL,                        -- seconds since 1970, UTC
  type TEXT NOT NULL,
  caption TEXT NOT NULL DEFAULT '',
  permalink TEXT NOT NULL DEFAULT '',
  shortcode TEXT NOT NULL DEFAULT '',
  metrics TEXT NOT NULL DEFAULT '{}', -- JSON: name to number; what is not there is unknown
  boosted INTEGER NOT NULL DEFAULT 0,
  collected REAL,                   -- when the numbers were taken
  files TEXT NOT NULL DEFAULT '[]', -- JSON: the pictures that the source names
  source INTEGER REFERENCES sources (id) ON DELETE SET NULL,
  UNIQUE (account, key)
);
CREATE INDEX posts_time ON posts (account, time);

CREATE TABLE post_pictures (
  post INTEGER NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
  photo INTEGER NOT NULL REFERENCES photos (id) ON DELETE CASCADE,
  place INTEGER NOT NULL DEFAULT 0, -- in the carousel, from 0
  weight REAL NOT NULL DEFAULT 1,   -- which part of the post's numbers it stands for
  how TEXT NOT NULL,                -- insights.posts.How
  confirmed INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (post, photo)
) WITHOUT ROWID;
CREATE INDEX post_pictures_photo ON post_pictures (photo);

CREATE TABLE decisions (
  kind TEXT NOT NULL,               -- what was decided about
  key TEXT NOT NULL,
  value TEXT NOT NULL,              -- JSON
  time REAL NOT NULL,
  PRIMARY KEY (kind, key)
) WITHOUT ROWID;
"""

_SEARCH_AND_COPIES = """
-- what a file and its side-car say beside date and camera
CREATE TABLE details (
  photo INTEGER PRIMARY KEY REFERENCES photos (id) ON DELETE CASCADE,
  content BLOB NOT NULL,            -- of the file that was read: of another content it is read again
  sidecar TEXT NOT NULL DEFAULT '', -- stamp of the side-car that was read; '' where there was none
  latitude REAL,                    -- degrees, north and east positive
  longitude REAL,
  altitude REAL,                    -- metres
  rating INTEGER,                   -- stars 0 to 5, -1 rejected; NULL unknown
  title TEXT NOT NULL DEFAULT '',
  description TEXT NOT NULL DEFAULT ''
);
CREATE TABLE keywords (
  photo INTEGER NOT NULL REFERENCES photos (id) ON DELETE CASCADE,
  word TEXT NOT NULL,
  PRIMARY KEY (photo, word)
) WITHOUT ROWID;
CREATE INDEX keywords_word ON keywords (word);
CREATE INDEX photos_camera ON photos (camera);

CREATE TABLE saved_searches (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL,
  query TEXT NOT NULL,              -- JSON, searching.Query
  place INTEGER NOT NULL,
  time REAL NOT NULL,
  removed REAL                      -- seconds since 1970; removed ones can be brought back for a while
);

-- what a person said are no copies of one another, by content and so for good; one < other
CREATE TABLE not_copies (
  one BLOB NOT NULL,
  other BLOB NOT NULL,
  time REAL NOT NULL,
  PRIMARY KEY (one, other)
) WITHOUT ROWID;

CREATE TABLE trashed (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  batch INTEGER NOT NULL,           -- what went in one action comes back in one
  unit INTEGER NOT NULL,            -- the photo that it is or belongs to: a unit goes and comes back as one
  photo INTEGER,                    -- NULL for a companion: a side-car, the video of a live photo
  path BLOB NOT NULL,               -- os.fsencode of the absolute path it had
  trash BLOB NOT NULL,              -- where it lies in the system's trash; x'' where the system does not say
  size INTEGER NOT NULL,
  mtime_ns INTEGER NOT NULL,
  time REAL NOT NULL,               -- seconds since 1970
  state TEXT NOT NULL               -- 'going' while it is being moved, 'in' the trash, 'back', 'gone' from the trash
);
CREATE INDEX trashed_batch ON trashed (batch);
CREATE INDEX trashed_unit ON trashed (unit);
CREATE INDEX trashed_photo ON trashed (photo);
"""

MIGRATIONS: tuple[str, ...] = (_FIRST, _LABELS, _THEMES_AND_INSIGHTS, _SEARCH_AND_COPIES + changes.tables())
"""What each version adds to the one before, as SQL; what was released once is never written over."""
