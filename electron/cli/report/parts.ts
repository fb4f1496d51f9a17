/** The parts of a report: head, overview, a picture's card, a failure's row. */
import type { ModelDetail } from '../../contract/models';
import { formatConfidence, type Photo, topPrediction } from '../../contract/photo';
import type { Tally } from '../classify/tally';
import { countOf, formatCount } from '../words';
import { markup, type Markup, nothing, trusted } from './markup';
import { plot } from './plot';
import { reportStyle } from './style';

export interface ReportFacts {
  model: ModelDetail;
  threshold: number;
  tally: Tally;
  /** Of Duet. */
  version: string;
}

/** A page with more pictures than this takes browsers too long to open; the others are listed without. */
export const maxThumbs = 2000;

const mark = trusted(
  '<svg viewBox="9 14 48 36" aria-hidden="true"><circle cx="40.5" cy="32" r="15.3" fill="var(--real)"/>' +
    '<circle cx="23.5" cy="32" r="13.2" fill="none" stroke="var(--paper)" stroke-width="8.4"/>' +
    '<circle cx="23.5" cy="32" r="13.2" fill="none" stroke="var(--gen)" stroke-width="4.2"/></svg>',
);

// The page may load nothing and run nothing, whatever a label or a file name holds.
const policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

export function reportHead(facts: ReportFacts): Markup {
  const { model, tally } = facts;
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${countOf(tally.total, 'picture')} judged by ${model.entry.id}</title>
<style>${trusted(reportStyle)}</style>
</head>
<body>
<main>
${title(facts)}
${tally.judged === 0 ? nothing : overview(tally, facts.threshold)}
`;
}

function title({ model, threshold, tally }: ReportFacts): Markup {
  const { entry } = model;
  const pills = (['sure', 'unsure', 'failed'] as const)
    .filter((kind) => tally[kind] > 0)
    .map(
      (kind) =>
        markup`<span class="pill ${kind}"><i class="mark ${kind}"></i>${formatCount(tally[kind])} ${kind}</span>`,
    );
  return markup`<header>${mark}<div class="grow"><h1>${countOf(tally.total, 'picture')}</h1>
<p class="sub">judged by ${entry.id}, ${countOf(entry.classes, 'class', 'classes')} · sure from ${formatConfidence(threshold)}</p></div>
<div class="pills">${pills}</div></header>`;
}

const shownLabels = 6;

function overview(tally: Tally, threshold: number): Markup {
  const most = tally.labels[0]?.[1] ?? 1;
  const rows = tally.labels
    .slice(0, shownLabels)
    .map(([label, count]) => markup`<span>${label}</span>${bar(count / most)}<span>${formatCount(count)}</span>`);
  const more = tally.labels.length - rows.length;
  const rest = more > 0 ? markup`<p class="muted">and ${countOf(more, 'other label')}</p>` : nothing;
  const labels = markup`<div><p class="sub">Labels</p><div class="labels">${rows}</div>${rest}</div>`;
  return markup`<section class="overview">
<div class="plot"><p class="sub">Confidence</p>${plot(tally.bins, threshold)}</div>
${rows.length === 0 ? nothing : labels}
</section>`;
}

/** `share` in 0..1. */
function bar(share: number): Markup {
  return markup`<span class="bar"><i style="width:${(share * 100).toFixed(1)}%"></i></span>`;
}

const titles = { sure: 'Sure', unsure: 'Unsure', failed: 'Not read' } as const;

export function sectionHead(kind: keyof typeof titles, count: number, note: string): Markup {
  return markup`<div class="section"><i class="mark ${kind}"></i><h2>${titles[kind]}</h2><span class="muted">${formatCount(count)}</span><hr>${note === '' ? nothing : markup`<span class="muted">${note}</span>`}</div>
`;
}

/** `thumb` is a data: URI, or nothing when there is no picture to show. */
export function card(photo: Photo, modelId: string, kind: 'sure' | 'unsure', thumb: string | undefined): Markup {
  const top = topPrediction(photo, modelId);
  const others = (photo.verdicts[modelId]?.predictions ?? []).slice(1, 3);
  const label = top === undefined ? 'no objects' : `${top.label}${kind === 'unsure' ? '?' : ''}`;
  const confidence = top === undefined ? '' : formatConfidence(top.score);
  const rest = others.map(({ label: other, score }) => `${other} ${formatConfidence(score)}`).join(', ');
  return markup`<li class="card ${kind}"><div class="shot">${thumb === undefined ? nothing : picture(photo, modelId, thumb)}</div>
<div class="name"><b title="${label}">${label}</b><span>${confidence}</span></div>${bar(top?.score ?? 0)}
<p class="small clip" title="${rest}">${rest}</p><p class="small clip" title="${photo.name}">${leafOf(photo.name)}</p></li>
`;
}

/** The end of a path says which picture it is; the whole is in the tool tip. */
const leafOf = (name: string): string => name.split(/[/\\]/).at(-1) ?? name;

/** With boxes the whole picture is shown, so that they lie where they belong; without, it fills its frame. */
function picture(photo: Photo, modelId: string, thumb: string): Markup {
  const boxes = (photo.verdicts[modelId]?.predictions ?? []).flatMap(({ box }) => (box === undefined ? [] : [box]));
  const image = markup`<img src="${thumb}" alt="" loading="lazy">`;
  if (boxes.length === 0) return image;
  const rects = boxes.flatMap(([left, top, right, bottom]) => {
    const place = markup`x="${left}" y="${top}" width="${Math.max(0, right - left)}" height="${Math.max(0, bottom - top)}"`;
    return [markup`<rect class="under" ${place}/>`, markup`<rect ${place}/>`];
  });
  const size = photo.width * 2 >= photo.height * 3 ? 'width:100%' : 'height:100%';
  const place = `aspect-ratio:${photo.width}/${photo.height};${size}`;
  return markup`<div class="fit" style="${place}">${image}<svg viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true">${rects}</svg></div>`;
}

export function failureRow(photo: Photo): Markup {
  return markup`<tr><td>${photo.name}</td><td>${photo.failure?.message ?? ''}</td></tr>
`;
}

export function reportFoot({ model, version, tally }: ReportFacts): Markup {
  const { card: about, fileHash } = model;
  const isCut = tally.judged > maxThumbs;
  const cut = markup`<p>Only the first ${formatCount(maxThumbs)} are shown with their picture.</p>`;
  return markup`<footer>${isCut ? cut : nothing}<p>${about.title}. ${about.limits}</p>
<p>Model file sha256 ${fileHash}, ${about.licence.spdx}. Made by Duet ${version} on this computer alone; this page holds everything it shows.</p></footer>
</main>
</body>
</html>
`;
}
