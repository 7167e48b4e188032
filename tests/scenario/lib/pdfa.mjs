// Our own list of what PDF/A-2b (ISO 19005-2:2011, level B) asks of a file, held against one. No public validator is in Debian
// (veraPDF is not), so this is no certificate: each point names its clause, and what is not looked at is said below.
//   node tests/scenario/lib/pdfa.mjs FILE…        prints what fails; exit 1 when something does
//   faults(bytes) → [{clause, text}]
// qpdf reads the file (`qpdf --json`); fonts, the colour profile, XMP and page content are read here.
// Not looked at: JPEG 2000, digital signatures, embedded files that are PDF/A themselves (any embedded file fails), fonts other than
// TrueType (any other fails), glyph widths inside composite fonts beyond those used, the shape of glyphs.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

class Doc {
  constructor(bytes) {
    this.bytes = bytes;
    const dir = mkdtempSync(path.join(tmpdir(), 'indgang-pdfa-')), file = path.join(dir, 'x.pdf');
    try {
      writeFileSync(file, bytes);
      const run = (...args) => JSON.parse(execFileSync('qpdf', ['--json=2', '--json-stream-data=inline', ...args, file], { maxBuffer: 1 << 28, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
      [this.head, this.objects] = run('--decode-level=generalized').qpdf;
      this.pages = run('--json-key=pages', '--decode-level=none').pages;
    } finally { rmSync(dir, { recursive: true }); }
    this.trailer = this.objects.trailer.value;
    this.root = this.get(this.trailer['/Root']);
  }
  at(ref) { return this.objects[`obj:${ref}`]; }
  isRef(v) { return typeof v === 'string' && /^\d+ \d+ R$/.test(v); }
  /** The value; of a stream its dictionary. */
  get(v) { if (!this.isRef(v)) return v ?? undefined; const o = this.at(v); return o?.stream ? o.stream.dict : o?.value ?? undefined; }
  data(v) { const s = this.isRef(v) && this.at(v)?.stream; return s ? Buffer.from(s.data ?? '', 'base64') : undefined; }
  text(v) { v = this.get(v); return typeof v !== 'string' ? undefined : v.startsWith('u:') ? v.slice(2) : v.startsWith('b:') ? Buffer.from(v.slice(2), 'hex').toString('latin1') : undefined; }
  /** Every dictionary and array there is, with the object it lies in. */
  *all() {
    for (const [name, o] of Object.entries(this.objects)) {
      const stack = [o.stream ? o.stream.dict : o.value];
      while (stack.length) {
        const v = stack.pop();
        if (v && typeof v === 'object') { yield [v, name, o]; stack.push(...Object.values(v)); }
      }
    }
  }
}

/* ---- TrueType ---- */

function trueType(b) {
  const tables = {};
  if (b.length < 12 || ![0x00010000, 0x74727565].includes(b.readUInt32BE(0))) throw new Error('is no TrueType font');
  for (let i = 0; i < b.readUInt16BE(4); i++) {
    const at = 12 + i * 16;
    tables[b.toString('latin1', at, at + 4)] = b.subarray(b.readUInt32BE(at + 8), b.readUInt32BE(at + 8) + b.readUInt32BE(at + 12));
  }
  for (const t of ['glyf', 'head', 'hhea', 'hmtx', 'loca', 'maxp']) if (!tables[t]) throw new Error(`has no table ${t}`);
  const units = tables.head.readUInt16BE(18), glyphs = tables.maxp.readUInt16BE(4), long = tables.hhea.readUInt16BE(34);
  const width = g => tables.hmtx.readUInt16BE(Math.min(g, long - 1) * 4) * 1000 / units;
  const cmaps = [];
  for (let i = 0; tables.cmap && i < tables.cmap.readUInt16BE(2); i++)
    cmaps.push({ platform: tables.cmap.readUInt16BE(4 + i * 8), encoding: tables.cmap.readUInt16BE(6 + i * 8), table: tables.cmap.subarray(tables.cmap.readUInt32BE(8 + i * 8)) });
  return { glyphs, width, cmaps };
}

function glyphOf(t, code) { // formats 0, 4, 6
  const format = t.readUInt16BE(0);
  if (format === 0) return code < 256 ? t[6 + code] : 0;
  if (format === 6) { const first = t.readUInt16BE(6), n = t.readUInt16BE(8); return code >= first && code < first + n ? t.readUInt16BE(10 + (code - first) * 2) : 0; }
  if (format !== 4) return 0;
  const n = t.readUInt16BE(6) / 2, end = i => t.readUInt16BE(14 + i * 2), start = i => t.readUInt16BE(16 + n * 2 + i * 2);
  for (let i = 0; i < n; i++) {
    if (code > end(i)) continue;
    if (code < start(i)) return 0;
    const delta = t.readUInt16BE(16 + n * 4 + i * 2), at = 16 + n * 6 + i * 2, offset = t.readUInt16BE(at);
    if (!offset) return (code + delta) & 0xffff;
    const g = t.readUInt16BE(at + offset + (code - start(i)) * 2);
    return g && (g + delta) & 0xffff;
  }
  return 0;
}

const high = '€ ‚ƒ„…†‡ˆ‰Š‹Œ Ž  ‘’“”•–—˜™š›œ žŸ';
const winAnsi = c => c >= 0x80 && c < 0xa0 ? high.codePointAt(c - 0x80) : c;

/* ---- page content ---- */

/** Operators with their operands; strings as Buffers. */
function* operators(b) {
  let args = [], i = 0;
  const s = b.toString('latin1'), white = /[\0\t\n\f\r ]/, stop = /[\0\t\n\f\r ()<>[\]{}/%]/;
  const string = () => {
    const out = [];
    for (let depth = 1; ++i < s.length;) {
      let c = s[i];
      if (c === '\\') {
        c = s[++i];
        const octal = /^[0-7]{1,3}/.exec(s.slice(i, i + 3));
        if (octal) { out.push(parseInt(octal[0], 8) & 255); i += octal[0].length - 1; }
        else if (c === '\r') { if (s[i + 1] === '\n') i++; }
        else if (c !== '\n') out.push(({ n: 10, r: 13, t: 9, b: 8, f: 12 })[c] ?? c.charCodeAt(0));
        continue;
      }
      if (c === '(') depth++;
      if (c === ')' && !--depth) { i++; break; }
      out.push(c.charCodeAt(0));
    }
    return Buffer.from(out);
  };
  const value = () => {
    if (s[i] === '(') return string();
    if (s.startsWith('<<', i)) { i += 2; const d = []; for (skip(); i < s.length && !s.startsWith('>>', i); skip()) d.push(value()); i += 2; return { dict: d }; }
    if (s[i] === '<') { const end = s.indexOf('>', i), hex = s.slice(i + 1, end).replace(/\s/g, ''); i = end + 1; return Buffer.from(hex.length % 2 ? hex + '0' : hex, 'hex'); }
    if (s[i] === '[') { i++; const a = []; for (skip(); i < s.length && s[i] !== ']'; skip()) a.push(value()); i++; return a; }
    const from = i++;
    while (i < s.length && !stop.test(s[i])) i++;
    const word = s.slice(from, i);
    return word[0] === '/' ? word : /^[+-]?[\d.]+$/.test(word) ? Number(word) : { op: word };
  };
  const skip = () => { while (i < s.length && (white.test(s[i]) || s[i] === '%')) if (s[i] === '%') while (i < s.length && !/[\r\n]/.test(s[i])) i++; else i++; };
  for (skip(); i < s.length; skip()) {
    const v = value();
    if (v?.op === undefined) { args.push(v); continue; }
    if (v.op === 'ID') { const end = s.indexOf('EI', i); yield ['BI', args]; i = end < 0 ? s.length : end + 2; } else yield [v.op, args];
    args = [];
  }
}

const known = new Set(("b B b* B* BDC BI BMC BT BX c cm CS cs d d0 d1 Do DP EMC ET EX f F f* G g gs h i ID j J K k l m M MP n q Q re RG rg ri s S SC sc SCN scn sh T* Tc Td TD Tf " +
  "Tj TJ TL Tm Tr Ts Tw Tz v w W W* y ' \"").split(' '));

/* ---- the list ---- */

export function faults(bytes) {
  const out = [], fault = (clause, text) => out.push({ clause, text });
  const raw = bytes.toString('latin1');
  // 6.1.2, 6.1.3
  if (!/^%PDF-1\.[0-7](\r\n|\r|\n)/.test(raw)) fault('6.1.2', 'the file does not begin with %PDF-1.n and a line end');
  const second = raw.slice(raw.search(/[\r\n]/)).replace(/^[\r\n]+/, '');
  if (!/^%[\x80-\xff]{4}/.test(second)) fault('6.1.2', 'no comment of four bytes above 127 in the second line');
  if (!/%%EOF(\r\n|\r|\n)?$/.test(raw)) fault('6.1.3', 'something stands behind the last %%EOF');
  if (/\/Encrypt\b/.test(raw.slice(Math.max(0, raw.lastIndexOf('trailer'))))) return [...out, { clause: '6.1.3', text: 'it is encrypted' }];
  let doc;
  try { doc = new Doc(bytes); } catch (e) { return [...out, { clause: '6.1', text: 'qpdf cannot read it: ' + e.message.split('\n')[0] }]; }
  const { root, trailer } = doc;
  if (trailer['/Encrypt']) fault('6.1.3', 'it is encrypted');
  if (!Array.isArray(trailer['/ID']) || trailer['/ID'].length !== 2 || trailer['/ID'].some(v => !v || v.length <= 2)) fault('6.1.3', 'no file identifier in the trailer');
  // 6.1.7 – 6.1.13, 6.5 …: anywhere
  const actions = new Set(['/Launch', '/Sound', '/Movie', '/ResetForm', '/ImportData', '/Hide', '/SetOCGState', '/Rendition', '/Trans', '/GoTo3DView', '/JavaScript']);
  const blend = new Set('Normal Compatible Multiply Screen Overlay Darken Lighten ColorDodge ColorBurn HardLight SoftLight Difference Exclusion Hue Saturation Color Luminosity'.split(' ').map(n => '/' + n));
  if (Object.keys(doc.objects).length > 8388607) fault('6.1.13', 'too many objects');
  for (const [v, name, o] of doc.all()) {
    if (v === o.stream?.dict) {
      for (const k of ['/F', '/FFilter', '/FDecodeParms']) if (k in v) fault('6.1.7.1', `${name}: a stream with ${k}`);
      for (const f of [v['/Filter'] ?? []].flat()) if (!['/ASCIIHexDecode', '/ASCII85Decode', '/FlateDecode', '/RunLengthDecode', '/CCITTFaxDecode', '/DCTDecode'].includes(f)) fault('6.1.7.2', `${name}: filter ${f}`);
      if (v['/Subtype'] === '/Image') {
        for (const k of ['/Alternates', '/OPI']) if (k in v) fault('6.2.8', `${name}: an image with ${k}`);
        if (v['/Interpolate'] === true) fault('6.2.8', `${name}: an image with Interpolate`);
      }
      if (v['/Subtype'] === '/Form') for (const k of ['/OPI', '/PS', '/Ref']) if (k in v) fault('6.2.9', `${name}: a form XObject with ${k}`);
      if (v['/Subtype'] === '/PS' || v['/Subtype2'] === '/PS') fault('6.2.9', `${name}: PostScript`);
      if (v['/Type'] === '/EmbeddedFile') fault('6.8', `${name}: an embedded file`);
    }
    for (const [k, x] of Object.entries(v)) {
      if (Array.isArray(v)) break;
      if (Buffer.byteLength(k) > 128) fault('6.1.13', `${name}: a name of more than 127 bytes`);
      if (typeof x === 'string' && x.startsWith('b:') && x.length > 2 + 2 * 32767) fault('6.1.13', `${name}: a string of more than 32 767 bytes`);
      if (Number.isInteger(x) && Math.abs(x) > 2147483647) fault('6.1.13', `${name}: a number out of range`);
    }
    if (actions.has(v['/S'])) fault('6.5.1', `${name}: an action ${v['/S']}`);
    if (v['/S'] === '/Named' && !['/NextPage', '/PrevPage', '/FirstPage', '/LastPage'].includes(v['/N'])) fault('6.5.1', `${name}: a named action ${v['/N']}`);
    if ('/JS' in v || '/JavaScript' in v) fault('6.5.1', `${name}: JavaScript`);
    if ('/AA' in v) fault('6.5.2', `${name}: additional actions`);
    if ('/EF' in v || '/EmbeddedFiles' in v) fault('6.8', `${name}: embedded files`);
    if ('/AlternatePresentations' in v || '/PresSteps' in v) fault('6.10', `${name}: a presentation`);
    if ('/XFA' in v || v['/NeedAppearances'] === true) fault('6.4', `${name}: a form that the reader draws`);
    if (v['/Type'] === '/ExtGState' || ('/ca' in v && '/CA' in v)) {
      if ('/TR' in v || (v['/TR2'] ?? '/Default') !== '/Default' || '/HTP' in v) fault('6.2.5', `${name}: a transfer function or halftone`);
      for (const b of [v['/BM'] ?? []].flat()) if (!blend.has(b)) fault('6.2.10', `${name}: blend mode ${b}`);
    }
    if (v['/Type'] === '/Annot') {
      if (!['/Link', '/Text', '/Widget', '/Popup'].includes(v['/Subtype'])) fault('6.3.1', `${name}: an annotation ${v['/Subtype']}`);
      if (v['/Subtype'] !== '/Popup' && ((v['/F'] ?? 0) & 0b100111) !== 0b100) fault('6.3.2', `${name}: an annotation that is hidden or not printed`);
      if (!['/Link', '/Popup'].includes(v['/Subtype']) && !v['/AP']) fault('6.3.3', `${name}: an annotation without an appearance`);
    }
  }
  if ('/OCProperties' in root) fault('6.9', 'optional content: not looked at, so not let through');
  if ('/Requirements' in root) fault('6.11', 'requirements of the reader');
  if ('/Perms' in root) fault('6.1.12', 'permissions');
  const rgb = outputIntent(doc, fault);
  metadata(doc, fault);
  const used = new Map();
  for (const { object } of doc.pages) page(doc, object, rgb, used, fault);
  for (const [font, codes] of used) embedded(doc, font, codes, fault);
  for (const [v, name] of doc.all()) if (v['/Type'] === '/Font' && v['/Subtype'] !== '/CIDFontType2' && ![...used.keys()].includes(name.slice(4))) embedded(doc, name.slice(4), new Set(), fault);
  return out;
}

/** 6.2.3: whether DeviceRGB may be used. */
function outputIntent(doc, fault) {
  const intents = [doc.get(doc.root['/OutputIntents']) ?? []].flat().map(v => doc.get(v)), own = intents.filter(i => i?.['/S'] === '/GTS_PDFA1');
  if (!own.length) { fault('6.2.3', 'no output intent GTS_PDFA1'); return false; }
  if (new Set(intents.map(i => i?.['/DestOutputProfile'])).size > 1) fault('6.2.3', 'output intents with several profiles');
  const intent = own[0], ref = intent['/DestOutputProfile'], icc = doc.data(ref);
  if (doc.text(intent['/OutputConditionIdentifier']) === undefined) fault('6.2.3', 'the output intent has no OutputConditionIdentifier');
  if (!icc || icc.length < 132) { fault('6.2.3', 'the output intent has no profile'); return false; }
  const space = icc.toString('latin1', 16, 20), kind = icc.toString('latin1', 12, 16), n = { 'RGB ': 3, 'GRAY': 1, 'CMYK': 4 }[space];
  if (icc.readUInt32BE(0) !== icc.length || icc.toString('latin1', 36, 40) !== 'acsp' || icc[8] > 4) fault('6.2.3', 'the profile is no ICC profile up to version 4');
  if (!['mntr', 'prtr'].includes(kind)) fault('6.2.3', `the profile is for ${kind}`);
  if (!n || doc.get(ref)['/N'] !== n) fault('6.2.3', `N is ${doc.get(ref)['/N']} for a profile of ${space}`);
  const tags = new Map();
  for (let i = 0; i < icc.readUInt32BE(128); i++) {
    const at = 132 + i * 12, from = icc.readUInt32BE(at + 4), size = icc.readUInt32BE(at + 8);
    if (from + size > icc.length) fault('6.2.3', 'a tag of the profile leads out of it');
    tags.set(icc.toString('latin1', at, at + 4), icc.subarray(from, from + size));
  }
  for (const t of space === 'RGB ' ? ['desc', 'cprt', 'wtpt', 'rXYZ', 'gXYZ', 'bXYZ', 'rTRC', 'gTRC', 'bTRC'] : ['desc', 'cprt', 'wtpt'])
    if (!tags.has(t)) fault('6.2.3', `the profile has no tag ${t}`);
  const sum = k => ['rXYZ', 'gXYZ', 'bXYZ'].reduce((a, t) => a + (tags.get(t)?.length >= 20 ? tags.get(t).readInt32BE(8 + 4 * k) / 65536 : 0), 0);
  if (space === 'RGB ' && [0.9642, 1, 0.8249].some((w, k) => Math.abs(sum(k) - w) > 0.002)) fault('6.2.3', 'red, green and blue of the profile do not make the white of D50');
  return space === 'RGB ';
}

/** 6.6 */
function metadata(doc, fault) {
  const ref = doc.root['/Metadata'], dict = doc.get(ref), xmp = doc.data(ref)?.toString('utf8');
  if (!xmp) return fault('6.6.2', 'the catalogue has no metadata stream');
  if (dict['/Type'] !== '/Metadata' || dict['/Subtype'] !== '/XML') fault('6.6.2', 'the metadata stream is not Metadata and XML');
  if (dict['/Filter']) fault('6.6.2', 'the metadata is compressed: not every reader of archives unpacks it');
  if (!Buffer.from(xmp, 'utf8').equals(doc.data(ref))) fault('6.6.2', 'the metadata is not UTF-8');
  if (/<\?xpacket[^>]*\b(bytes|encoding)=/.test(xmp) || !/^<\?xpacket begin=/.test(xmp) || !/<\?xpacket end=["'][wr]["']\?>\s*$/.test(xmp)) fault('6.6.2', 'the packet is not opened and closed as XMP asks');
  try { execFileSync('xmllint', ['--noout', '--nonet', '-'], { input: xmp, stdio: ['pipe', 'ignore', 'pipe'] }); } catch { return fault('6.6.2', 'the metadata is not well-formed XML'); }
  const unescape = s => s.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&quot;/g, '"').replace(/&#(\d+);/g, (_, n) => String.fromCodePoint(+n)).replace(/&amp;/g, '&');
  const element = name => { const m = new RegExp(`<${name}(?:\\s[^>]*)?>([\\s\\S]*?)</${name}>`).exec(xmp); return m && unescape(m[1].replace(/<[^>]+>/g, '').trim()); };
  const extension = /<pdfaExtension:schemas>[\s\S]*<\/pdfaExtension:schemas>/.exec(xmp)?.[0] ?? '';
  if (element('pdfaid:part') !== '2' || !['A', 'B', 'U'].includes(element('pdfaid:conformance'))) fault('6.6.4', 'the metadata does not say that it is PDF/A-2, and of which level');
  if (!/xmlns:pdfaid="http:\/\/www\.aiim\.org\/pdfa\/ns\/id\/"/.test(xmp)) fault('6.6.4', 'pdfaid has another namespace');
  // 6.6.2.3: other schemas than those XMP and PDF/A know are described
  const knownSchemas = ['http://purl.org/dc/elements/1.1/', 'http://ns.adobe.com/xap/1.0/', 'http://ns.adobe.com/pdf/1.3/', 'http://www.aiim.org/pdfa/ns/id/', 'http://ns.adobe.com/xap/1.0/rights/', 'http://ns.adobe.com/xap/1.0/mm/',
    'http://www.w3.org/1999/02/22-rdf-syntax-ns#', 'adobe:ns:meta/', 'http://www.aiim.org/pdfa/ns/extension/', 'http://www.aiim.org/pdfa/ns/schema#', 'http://www.aiim.org/pdfa/ns/property#', 'http://www.aiim.org/pdfa/ns/type#', 'http://www.aiim.org/pdfa/ns/field#'];
  for (const [, prefix, uri] of xmp.matchAll(/xmlns:(\w+)="([^"]*)"/g)) {
    if (knownSchemas.includes(uri)) continue;
    const names = [...new Set([...xmp.replace(extension, '').matchAll(new RegExp(`<${prefix}:(\\w+)`, 'g'))].map(m => m[1]))];
    if (!extension.includes(`<pdfaSchema:namespaceURI>${uri}</pdfaSchema:namespaceURI>`) || !extension.includes(`<pdfaSchema:prefix>${prefix}</pdfaSchema:prefix>`)) fault('6.6.2.3', `the schema ${uri} is not described`);
    for (const n of names) if (!extension.includes(`<pdfaProperty:name>${n}</pdfaProperty:name>`)) fault('6.6.2.3', `${prefix}:${n} is not described`);
  }
  // 6.6.3: what stands in both says the same
  const info = doc.get(doc.trailer['/Info']) ?? {}, date = s => { const m = /^D:(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(Z|[+-]\d\d'\d\d'?)?$/.exec(s ?? ''); return m && Date.parse(`${m[1]}-${m[2]}-${m[3]}T${m[4]}:${m[5]}:${m[6]}${!m[7] || m[7] === 'Z' ? 'Z' : m[7].slice(0, 3) + ':' + m[7].slice(4, 6)}`); };
  for (const [key, name] of [['/Title', 'dc:title'], ['/Author', 'dc:creator'], ['/Subject', 'dc:description'], ['/Keywords', 'pdf:Keywords'], ['/Creator', 'xmp:CreatorTool'], ['/Producer', 'pdf:Producer']])
    if (key in info && doc.text(info[key]) !== element(name)) fault('6.6.3', `${key} is “${doc.text(info[key])}”, ${name} is “${element(name) ?? ''}”`);
  for (const [key, name] of [['/CreationDate', 'xmp:CreateDate'], ['/ModDate', 'xmp:ModifyDate']])
    if (key in info && !(Math.floor(date(doc.text(info[key])) / 1000) === Math.floor(Date.parse(element(name)) / 1000))) fault('6.6.3', `${key} is “${doc.text(info[key])}”, ${name} is “${element(name) ?? ''}”`);
}

/** 6.2.2, 6.2.4, 6.2.10: one page and what it draws. Notes in `used` which codes of which font are shown. */
function page(doc, ref, rgb, used, fault) {
  const dict = doc.get(ref);
  if (!dict['/Resources']) fault('6.2.2', `page ${ref}: its resources are another's`);
  if (dict['/Group']?.['/CS'] === '/DeviceCMYK' || (doc.get(dict['/Group'])?.['/CS'] === '/DeviceRGB' && !rgb)) fault('6.2.10', `page ${ref}: it is blended in a colour space without a profile`);
  for (const k of ['/Annots']) for (const a of [doc.get(dict[k]) ?? []].flat()) if (doc.get(a)?.['/Type'] !== '/Annot' && doc.get(a)) fault('6.3.1', `page ${ref}: an annotation without Type`);
  const contents = Buffer.concat([doc.get(dict['/Contents']) instanceof Array ? doc.get(dict['/Contents']) : dict['/Contents'] ?? []].flat().flatMap(c => [doc.data(c) ?? Buffer.alloc(0), Buffer.from('\n')]));
  content(doc, `page ${ref}`, contents, doc.get(dict['/Resources']) ?? {}, rgb, used, fault, 0);
}

function content(doc, where, bytes, resources, rgb, used, fault, depth) {
  const of = (kind, name) => doc.get(resources[kind])?.[name];
  const colours = v => { v = doc.get(v); const n = Array.isArray(v) ? v[0] : v; if (n === '/DeviceCMYK' || (n === '/DeviceRGB' && !rgb)) fault('6.2.4.3', `${where}: ${n} without a profile for it`); if (['/Indexed', '/Separation', '/DeviceN', '/Pattern'].includes(n)) v.slice?.(1, 3).forEach(colours); };
  let font = null, nested = 0, mode = 0;
  const show = s => {
    if (!font) return fault('6.2.11', `${where}: text without a font`);
    if (mode === 3) return; // not drawn
    const f = doc.get(font), codes = used.get(font) ?? new Set();
    for (let i = 0; i < s.length; i += f['/Subtype'] === '/Type0' ? 2 : 1) codes.add(f['/Subtype'] === '/Type0' ? s.readUInt16BE(i) : s[i]);
    used.set(font, codes);
  };
  for (const [op, args] of operators(bytes)) {
    if (!known.has(op)) fault('6.2.2', `${where}: ${op} is no operator`);
    if (op === 'q' && ++nested > 28) fault('6.1.13', `${where}: q nested more than 28 deep`);
    if (op === 'Q' && --nested < 0) fault('6.2.2', `${where}: Q without q`);
    if (['K', 'k'].includes(op) || (['RG', 'rg'].includes(op) && !rgb)) fault('6.2.4.3', `${where}: ${op} without a profile for it`);
    if (['CS', 'cs'].includes(op)) colours(/^\/Device|^\/Pattern/.test(args[0]) ? args[0] : of('/ColorSpace', args[0]));
    if (op === 'ri' && !['/RelativeColorimetric', '/AbsoluteColorimetric', '/Perceptual', '/Saturation'].includes(args[0])) fault('6.2.6', `${where}: rendering intent ${args[0]}`);
    if (op === 'gs' && !of('/ExtGState', args[0])) fault('6.2.2', `${where}: ${args[0]} is not in its resources`);
    if (op === 'Tr') mode = args[0];
    if (op === 'Tf') { font = of('/Font', args[0]); if (!font) fault('6.2.2', `${where}: ${args[0]} is not in its resources`); }
    if (op === 'Tj' || op === "'") show(args[0]);
    if (op === '"') show(args[2]);
    if (op === 'TJ') for (const s of args[0]) if (Buffer.isBuffer(s)) show(s);
    if (op === 'BI') fault('6.2.8', `${where}: an inline image: not looked at, so not let through`);
    if (op === 'Do') {
      const x = of('/XObject', args[0]), d = doc.get(x);
      if (!d) { fault('6.2.2', `${where}: ${args[0]} is not in its resources`); continue; }
      if (d['/ColorSpace']) colours(d['/ColorSpace']);
      if (d['/Subtype'] === '/Form' && depth < 8) { if (!d['/Resources']) fault('6.2.2', `${where}: the resources of ${args[0]} are another's`); content(doc, `${where} ${args[0]}`, doc.data(x), doc.get(d['/Resources']) ?? {}, rgb, used, fault, depth + 1); }
    }
  }
}

/** 6.2.11: a font that is used, with the codes that are shown. */
function embedded(doc, ref, codes, fault) {
  const font = doc.get(ref), composite = font['/Subtype'] === '/Type0', own = composite ? doc.get(doc.get(font['/DescendantFonts'])[0]) : font;
  const where = `font ${font['/BaseFont'] ?? ref}`, descriptor = doc.get(own['/FontDescriptor']), program = doc.data(descriptor?.['/FontFile2']);
  if (!(composite ? own['/Subtype'] === '/CIDFontType2' : font['/Subtype'] === '/TrueType')) return fault('6.2.11', `${where}: ${font['/Subtype']}: not looked at, so not let through`);
  if (!program?.length) return fault('6.2.11.4', `${where} is not embedded`);
  let t;
  try { t = trueType(program); } catch (e) { return fault('6.2.11.4', `${where} ${e.message}`); }
  const symbolic = !!(descriptor['/Flags'] & 4);
  let glyph;
  if (composite) {
    if (font['/Encoding'] !== '/Identity-H') fault('6.2.11.3', `${where}: encoding ${font['/Encoding']}`);
    const map = own['/CIDToGIDMap'];
    if (map !== '/Identity' && !doc.data(map)) { fault('6.2.11.3.2', `${where} has no CIDToGIDMap`); }
    glyph = c => map && map !== '/Identity' ? doc.data(map).readUInt16BE(c * 2) : c;
  } else {
    if (!['/WinAnsiEncoding', '/MacRomanEncoding'].includes(font['/Encoding']) && !symbolic) fault('6.2.11.6', `${where}: encoding ${JSON.stringify(font['/Encoding'])} of a font that is not symbolic`);
    if (symbolic && font['/Encoding']) fault('6.2.11.6', `${where}: an encoding of a symbolic font`);
    const wanted = symbolic ? [[3, 0], [1, 0]] : [[3, 1], [1, 0]], cmap = t.cmaps.find(c => wanted.some(([p, e]) => c.platform === p && c.encoding === e));
    if (!cmap) { fault('6.2.11.6', `${where} has no table of characters for ${symbolic ? 'a symbolic font' : 'its encoding'} (it has ${t.cmaps.map(c => `${c.platform},${c.encoding}`)})`); return; }
    glyph = c => glyphOf(cmap.table, cmap.platform === 3 && cmap.encoding === 1 ? winAnsi(c) : c) || (symbolic && glyphOf(cmap.table, 0xf000 + c));
  }
  const widths = doc.get(composite ? own['/W'] : font['/Widths']), byCode = new Map();
  if (composite) for (let i = 0; i < (widths?.length ?? 0);) { const first = widths[i], next = doc.get(widths[i + 1]); if (Array.isArray(next)) { next.forEach((w, k) => byCode.set(first + k, w)); i += 2; } else { for (let c = first; c <= next; c++) byCode.set(c, widths[i + 2]); i += 3; } }
  const width = c => composite ? byCode.get(c) ?? own['/DW'] ?? 1000 : widths?.[c - font['/FirstChar']] ?? 0;
  for (const c of codes) {
    const g = glyph(c), is = `code ${c}`;
    if (!g) { fault('6.2.11.8', `${where}: ${is} shows no glyph (.notdef)`); continue; }
    if (g >= t.glyphs) fault('6.2.11.4', `${where}: ${is} is not in the embedded font`);
    else if (Math.abs(width(c) - t.width(g)) > 1) fault('6.2.11.5', `${where}: ${is} is ${t.width(g)} wide in the font, ${width(c)} in the file`);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  let bad = 0;
  for (const file of process.argv.slice(2)) {
    const found = faults(readFileSync(file));
    for (const f of found) console.log(`${file}: ${f.clause} ${f.text}`);
    if (!found.length) console.log(`${file}: every point of our list of PDF/A-2b holds`);
    bad += found.length;
  }
  process.exit(bad ? 1 : 0);
}
