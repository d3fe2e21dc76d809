#!/usr/bin/env node
/**
 * Draws what a terminal showed as SVG: standard input holds the text with its ANSI colours.
 * script -qec 'joinpoint status' /dev/null | node scripts/terminal-svg.mjs 'joinpoint status' > docs/status.svg
 */
import { readFileSync } from 'node:fs';

const [command] = process.argv.slice(2);
const [charWidth, lineHeight, margin] = [7.83, 19, 18];
const [background, plain] = ['#1b1f24', '#d0d7de'];
const styles = {
  1: 'font-weight="bold" fill="#ffffff"',
  2: 'fill="#8b949e"',
  31: 'fill="#ff7b72"',
  32: 'fill="#56d364"',
  33: 'fill="#e3b341"',
  36: 'fill="#56c2e6"',
};

const text = readFileSync(0, 'utf8').replaceAll('\r', '');
const output = text.split('\n').filter((line) => !/^Script (started|done) on /.test(line));
const lines = [`\u001B[2m$\u001B[0m \u001B[1m${command}\u001B[0m`, ...output.join('\n').trimEnd().split('\n')];
const widest = Math.max(...lines.map((line) => Array.from(line.replaceAll(/\u001B\[\d+m/g, '')).length));
const [width, height] = [Math.ceil(widest * charWidth + 2 * margin), lines.length * lineHeight + 2 * margin];

/** One span for each run of words in a style, placed by its column: neither spaces nor a fallback glyph move anything. */
function spans(line) {
  let column = 0;
  let style = '';
  return line
    .split(/\u001B\[(\d+)m/)
    .map((part, index) => {
      if (index % 2 === 1) {
        style = styles[part] ?? '';
        return '';
      }
      const start = column;
      column += Array.from(part).length;
      return Array.from(part.matchAll(/\S+(?: \S+)*/g), (words) => {
        const x = margin + (start + Array.from(part.slice(0, words.index)).length) * charWidth;
        return `<tspan x="${x.toFixed(1)}" ${style}>${escape(words[0])}</tspan>`;
      }).join('');
    })
    .join('');
}

function escape(part) {
  return part.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

const rows = lines.map((line, row) => `<text y="${margin + (row + 0.75) * lineHeight}">${spans(line)}</text>`);
process.stdout
  .write(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">
<rect width="100%" height="100%" rx="8" fill="${background}"/>
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="13" fill="${plain}">
${rows.join('\n')}
</g>
</svg>
`);
