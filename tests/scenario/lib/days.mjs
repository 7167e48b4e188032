// The day it is in town, which is another than UTC's for an hour or two of each night: what a person there writes into a form.

const town = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Copenhagen' });

/** So many days from today, YYYY-MM-DD. */
export const isoDay = (days = 0) => new Date(Date.parse(town.format(new Date())) + days * 86400e3).toISOString().slice(0, 10);

/** The year it is. */
export const thisYear = () => Number(isoDay().slice(0, 4));

/** The three parts of a date field; `day` is YYYY-MM-DD, or so many days from today. */
export function dateParts(name, day) {
  const [y, m, d] = (typeof day === 'number' ? isoDay(day) : day).split('-').map(n => String(Number(n)));
  return { [name + '_day']: d, [name + '_month']: m, [name + '_year']: y };
}

const months = ['januar', 'februar', 'marts', 'april', 'maj', 'juni', 'juli', 'august', 'september', 'oktober', 'november', 'december'];
/** The first day a Danish page tells of, as Date.UTC has it; null where there is none. */
export function dayOf(text) {
  const m = /(\d{1,2})\. (\p{L}+) (20\d\d)/u.exec(text);
  return m && Date.UTC(+m[3], months.indexOf(m[2]), +m[1]);
}
