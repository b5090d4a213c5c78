/** Each would set `ran` where text is taken for markup, for a script or for an address. */
export const RUN = 'globalThis.ran=1';
const CORPUS: readonly string[] = [
  `<script>${RUN}</script>`,
  `<SCRIPT>${RUN}</SCRIPT>`,
  `<script src=data:text/javascript,${RUN}></script>`,
  `</title><script>${RUN}</script>`,
  `</textarea><script>${RUN}</script>`,
  `</style><script>${RUN}</script>`,
  `<scr<script>ipt>${RUN}</scr</script>ipt>`,
  `<img src=x onerror=${RUN}>`,
  `<img src=x onerror="${RUN}">`,
  `"><img src=x onerror=${RUN}>`,
  `'><img src=x onerror=${RUN}>`,
  `<img/src/onerror=${RUN}>`,
  `<IMG """><SCRIPT>${RUN}</SCRIPT>">`,
  `<image src=x onerror=${RUN}>`,
  `<svg onload=${RUN}>`,
  `<svg/onload=${RUN}>`,
  `<svg><script>${RUN}</script></svg>`,
  `<svg><animate onbegin=${RUN} attributeName=x dur=1s>`,
  `<svg><a xlink:href="javascript:${RUN}"><text y=20>go</text></a></svg>`,
  `<math><mtext><table><mglyph><style><img src=x onerror=${RUN}>`,
  `<body onload=${RUN}>`,
  `<iframe src="javascript:${RUN}"></iframe>`,
  `<iframe srcdoc="<script>parent.ran=1</script>"></iframe>`,
  `<object data="data:text/html,<script>parent.ran=1</script>"></object>`,
  `<embed src="data:text/html,<script>parent.ran=1</script>">`,
  `<details open ontoggle=${RUN}>`,
  `<video><source onerror=${RUN}></video>`,
  `<audio src=x onerror=${RUN}></audio>`,
  `<input autofocus onfocus=${RUN}>`,
  `<select autofocus onfocus=${RUN}></select>`,
  `<marquee onstart=${RUN}>m</marquee>`,
  `<a href="javascript:${RUN}">go</a>`,
  `<a href="&#106;avascript:${RUN}">go</a>`,
  `<form action="javascript:${RUN}"><button>go</button></form>`,
  `<base href="https://elsewhere.example/">`,
  `<link rel=stylesheet href="https://elsewhere.example/x.css">`,
  `<meta http-equiv=refresh content="0;url=javascript:${RUN}">`,
  `javascript:${RUN}//`,
  `" onmouseover="${RUN}" x="`,
  `' autofocus onfocus='${RUN}`,
  `\${${RUN}}{{constructor.constructor('${RUN}')()}}`,
  `<!--<img src="--><img src=x onerror=${RUN}//">`,
];
/** What is written from all of it must hold every piece of it. */
export const ALL = CORPUS.join(' ');
/** For what takes fewer characters than one of the corpus has. */
const SHORT = `"><svg/onload=${RUN}>`;

/** As much of the corpus as a text takes, beginning with what takes least. */
export function scriptOf(lengthMax: number): string {
  return `${SHORT} ${ALL}`.slice(0, lengthMax);
}
/** Elements that no page of the console has. */
export const FOREIGN =
  'iframe, object, embed, video, audio, marquee, math, base[href*=elsewhere], link[href*=elsewhere], meta[http-equiv=refresh], img[src=x], ' +
  '[onload], [onerror], [onfocus], [onmouseover], [ontoggle], [onbegin], [onstart], a[href^="javascript:" i], body script';
