// The search box: entries of this graph, fetched when the box is first used. Without this script the
// form asks the server. Ranks as `reference/search.ts` does.
const box = document.querySelector('input[data-search]');
const list = document.querySelector('.hits');
const MAX_HITS = 12;
let entries = null;
let chosen = -1;

const load = async () => {
  entries ??= fetch(box.dataset.search).then((response) => response.json());
  return entries;
};

const rankOf = ({ name, kind, text }, words) => {
  const lower = name.toLowerCase();
  const all = `${lower} ${kind} ${text.toLowerCase()}`;
  if (!words.every((word) => all.includes(word))) return null;
  const [first] = words;
  const own = lower.split('.').at(-1);
  if (lower === first) return 0;
  if (own === first) return 1;
  if (lower.startsWith(first)) return 2;
  return lower.includes(first) ? 3 : 4;
};

const find = (all, typed) => {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  return all
    .map((entry, order) => ({ entry, order, rank: rankOf(entry, words) }))
    .filter(({ rank }) => rank !== null)
    .sort((one, other) => one.rank - other.rank || one.order - other.order)
    .slice(0, MAX_HITS)
    .map(({ entry }) => entry);
};

const element = (tag, className, text) => {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
};

const show = (found) => {
  chosen = -1;
  list.replaceChildren(
    ...found.map(({ name, kind, url, text }) => {
      const link = element('a');
      link.href = url;
      link.append(element('code', '', name), element('span', 'hint', kind), element('p', '', text));
      const item = element('li');
      item.append(link);
      return item;
    }),
  );
  list.hidden = found.length === 0;
};

const choose = (step) => {
  const links = [...list.querySelectorAll('a')];
  if (links.length === 0) return;
  chosen = (chosen + step + links.length) % links.length;
  for (const [i, link] of links.entries()) link.classList.toggle('chosen', i === chosen);
  links[chosen].scrollIntoView({ block: 'nearest' });
};

box?.addEventListener('focus', () => void load());
box?.addEventListener('input', async () => {
  const typed = box.value;
  const all = await load();
  if (typed === box.value) show(find(all, typed));
});
box?.addEventListener('keydown', (event) => {
  if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
    event.preventDefault();
    choose(event.key === 'ArrowDown' ? 1 : -1);
  } else if (event.key === 'Escape') {
    list.hidden = true;
  } else if (event.key === 'Enter' && chosen >= 0) {
    event.preventDefault();
    location.href = list.querySelectorAll('a')[chosen].href;
  }
});
document.addEventListener('click', (event) => {
  if (list && !event.target.closest('.search')) list.hidden = true;
});
document.addEventListener('keydown', (event) => {
  if (event.key !== '/' || event.target.closest('input, textarea')) return;
  event.preventDefault();
  box?.focus();
});

// The way around is open where there is room for it, and scrolled to where one is.
const side = document.querySelector('[data-wide-open]');
if (side && matchMedia('(min-width: 60rem)').matches) {
  side.open = true;
  const here = side.querySelector('[aria-current]');
  const nav = side.closest('nav');
  if (here && nav && here.offsetTop > nav.clientHeight) nav.scrollTop = here.offsetTop - 120;
}

// What an address points at may lie folded up.
const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
if (target instanceof HTMLDetailsElement) target.open = true;
