/** The report's look: the window's colours and sizes, without its controls; light and dark as the reader's system is. */

const light = `--ground:#f4f4f6;--paper:#fff;--track:#e8e8ec;--line:#e2e2e7;--text-1:#17171c;--text-2:#52525c;--text-3:#6a6a75;
--real:#0a776e;--real-soft:#def2ef;--warn:#8c5200;--warn-fill:#d48a0a;--warn-soft:#fcf1dc;--danger:#c0263b;--danger-soft:#fce8ea;
--gen:#6a3fe0;--edge:rgba(128,128,140,.18);--rail:#4a4a54;`;

const dark = `--ground:#101013;--paper:#18181c;--track:#2e2e36;--line:#2a2a31;--text-1:#f0f0f3;--text-2:#b6b6c0;--text-3:#92929d;
--real:#3ccbba;--real-soft:#12322f;--warn:#f0b552;--warn-fill:#e3a23a;--warn-soft:#362910;--danger:#ff7d8a;--danger-soft:#3f1c21;
--gen:#a78fff;--edge:rgba(160,160,175,.16);--rail:#b6b6c0;`;

export const reportStyle = `:root{color-scheme:light dark;${light}}
@media (prefers-color-scheme:dark){:root{${dark}}}
*{box-sizing:border-box;margin:0}
body{font:400 13px/20px Inter,"Inter Variable",system-ui,-apple-system,"Segoe UI","Noto Sans",sans-serif;
color:var(--text-1);background:var(--ground);font-variant-numeric:tabular-nums}
main{max-width:1200px;margin:0 auto;padding:24px 32px 48px;background:var(--paper);min-height:100vh}
header{display:flex;flex-wrap:wrap;align-items:center;gap:8px 16px;padding-bottom:16px;border-bottom:1px solid var(--line)}
header svg{width:32px;height:32px;flex:none}
h1{font-size:18px;line-height:24px;font-weight:600}
h2{font-size:15px;line-height:22px;font-weight:600}
.sub{color:var(--text-2)}
.muted{color:var(--text-3)}
.grow{flex:1}
.pills{display:flex;flex-wrap:wrap;gap:8px}
.pill{display:inline-flex;align-items:center;gap:6px;padding:2px 12px;border-radius:999px;font-weight:500}
.pill.sure{background:var(--real-soft);color:var(--real)}
.pill.unsure{background:var(--warn-soft);color:var(--warn)}
.pill.failed{background:var(--danger-soft);color:var(--danger)}
.mark{width:10px;height:10px;border-radius:50%;flex:none;display:inline-block}
.mark.sure{background:var(--real)}
.mark.unsure{background:linear-gradient(90deg,var(--warn-fill) 50%,transparent 50%);border:2px solid var(--warn-fill)}
.mark.failed{background:var(--danger);border-radius:2px;transform:rotate(45deg) scale(.85)}
.overview{display:grid;grid-template-columns:minmax(300px,5fr) minmax(260px,4fr);gap:16px 48px;padding:24px 0 8px}
.plot svg{display:block;width:100%;max-width:560px;overflow:visible;padding-top:8px}
.plot text{font-size:12px;fill:var(--text-3)}
.labels{display:grid;grid-template-columns:minmax(0,max-content) minmax(40px,1fr) max-content;gap:2px 12px;align-items:center;align-content:start}
.labels span:nth-child(3n+1){overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.labels span:nth-child(3n){text-align:right;color:var(--text-2)}
.bar{display:block;height:4px;border-radius:2px;background:var(--track);overflow:hidden}
.bar i{display:block;height:100%;background:var(--real)}
.section{display:flex;align-items:center;gap:8px;margin:32px 0 12px}
.section hr{flex:1;border:0;border-top:1px solid var(--line)}
.grid{display:grid;grid-template-columns:repeat(auto-fill,minmax(168px,1fr));gap:20px 16px;list-style:none;padding:0}
.shot{position:relative;aspect-ratio:3/2;border-radius:6px;overflow:hidden;background:var(--track)}
.shot:after{content:"";position:absolute;inset:0;border-radius:6px;box-shadow:inset 0 0 0 1px var(--edge)}
.shot img{display:block;width:100%;height:100%;object-fit:cover}
.unsure .shot{outline:1px dashed var(--warn-fill);outline-offset:2px}
.fit{position:absolute;inset:0;margin:auto}
.fit svg{position:absolute;inset:0;width:100%;height:100%}
.fit rect{fill:none;vector-effect:non-scaling-stroke;stroke:#fff;stroke-width:1.5}
.fit rect.under{stroke:rgba(16,16,20,.72);stroke-width:3.5}
.name{display:flex;gap:8px;margin-top:6px;font-weight:500}
.name b{flex:1;font-weight:500;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.name span{color:var(--text-2);font-weight:400}
.card .bar{margin:2px 0 4px}
.unsure .bar i{background:repeating-linear-gradient(90deg,var(--warn-fill) 0 4px,transparent 4px 6px)}
.small{font-size:12px;line-height:16px;color:var(--text-3);overflow-wrap:anywhere}
.small.clip{overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.failures{border-collapse:collapse;width:100%}
.failures td{padding:6px 16px 6px 0;border-bottom:1px solid var(--line);vertical-align:top;overflow-wrap:anywhere}
.failures td+td{color:var(--text-2)}
footer{margin-top:48px;padding-top:16px;border-top:1px solid var(--line);color:var(--text-3);font-size:12px;line-height:18px}
@media (max-width:720px){main{padding:16px}.overview{grid-template-columns:1fr}}
@media print{main{max-width:none;padding:0}.card,.section{break-inside:avoid}}`;
