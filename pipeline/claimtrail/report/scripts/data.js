// The table of claims, read at once, and the evidence, unpacked when it is asked for.

const TABLE = JSON.parse(document.getElementById("table").textContent);
const C = TABLE.claims;
const COUNT = C.id.length;
const RELATIONS = [...new Set([...Object.keys(RELATION_WORDS), ...[...new Set(C.relation)].sort()])];
const ALL = Array.from({ length: COUNT }, (_, i) => i);

const entity = ([id, name, lang, reading, forms]) => ({ id, name, lang, reading, forms });
const PERSONS = TABLE.persons.map(entity);
const ORGS = TABLE.orgs.map(entity);
const POSTS = TABLE.posts.map(entity);
const DOCS = TABLE.docs.map(([name, lang, date, state, reason, mentions, leftOut, atHand, copyOf], place) => ({
  place,
  name,
  lang,
  date,
  state,
  reason,
  mentions,
  leftOut,
  atHand,
  copyOf,
}));
const LANGS = [...new Set(C.langs.flat())].sort();

const claimPlace = new Map(C.id.map((id, i) => [id, i]));
const personPlace = new Map(PERSONS.map(({ id }, i) => [id, i]));
const orgPlace = new Map(ORGS.map(({ id }, i) => [id, i]));

function grouped(column, count) {
  const groups = Array.from({ length: count }, () => []);
  column.forEach((place, i) => groups[place].push(i));
  return groups;
}
const claimsOfPerson = grouped(C.person, PERSONS.length);
const claimsOfOrg = grouped(C.org, ORGS.length);

const moveFrom = new Map(TABLE.moves.map(([left, joined]) => [joined, left]));
const moveTo = new Map(TABLE.moves.map(([left, joined]) => [left, joined]));
const conflicts = (i) => TABLE.conflicts[i] ?? [];

// What a claim is ordered by in time: the date of the move, or else of the text that tells it.
const moment = (i) => C.when[i] || C.told[i];
const byTime = (a, b) => (moment(a) < moment(b) ? -1 : moment(a) > moment(b) ? 1 : a - b);

const allForms = (one) => (one ? [one.name, one.reading, ...Object.values(one.forms).flat()].filter(Boolean) : []);
let keys = null;
function searchKeys() {
  if (keys) return keys;
  const [persons, orgs, posts] = [PERSONS, ORGS, POSTS].map((all) => all.map((one) => fold(allForms(one).join("\n"))));
  const docs = DOCS.map(({ name }) => fold(name));
  keys = ALL.map((i) =>
    [
      persons[C.person[i]],
      orgs[C.org[i]],
      posts[C.from[i]],
      posts[C.to[i]],
      C.when[i],
      C.manner[i],
      relationWords(C.relation[i]).toLowerCase(),
      C.status[i],
      C.id[i],
      ...C.docs[i].map((place) => docs[place]),
    ].join("\n"),
  );
  return keys;
}

async function unpacked(place) {
  const packed = atob(document.getElementById(`packet-${place}`).textContent);
  const bytes = Uint8Array.from(packed, (sign) => sign.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).json();
}

const packets = new Map();
async function evidence(i) {
  const place = Math.floor(i / TABLE.packet);
  if (!packets.has(place)) packets.set(place, unpacked(place));
  return (await packets.get(place))[i % TABLE.packet];
}
