/**
 * Reads the code out of our Markdown, so that what a reader copies is what the tests run.
 *
 * A block is a file when its first line is a comment with nothing but a file name (`// server.ts`).
 */

/**
 * The fenced code blocks of a text in order: their language, their text, the name of their file if they are one, and the
 * heading that they stand under. Only fences of three backticks at the start of a line count.
 */
export function codeBlocks(markdown) {
  const blocks = [];
  let heading = "";
  let open;
  for (const line of markdown.split("\n")) {
    if (open !== undefined) {
      if (line === "```") {
        blocks.push(finish(open));
        open = undefined;
      } else {
        open.lines.push(line);
      }
    } else if (line.startsWith("```")) {
      open = { language: line.slice(3).trim(), heading, lines: [] };
    } else if (/^#{1,6} /.test(line)) {
      heading = line.replace(/^#+ /, "");
    }
  }
  if (open !== undefined) throw new Error(`a code block under "${open.heading}" is never closed`);
  return blocks;
}

function finish({ language, heading, lines }) {
  const fileName = /^\/\/ (\S+\.\w+)$/.exec(lines[0] ?? "")?.[1];
  return { language, heading, fileName, text: `${lines.join("\n")}\n` };
}

/** Where the links of a text lead to, without those to other sites and those inside the page. */
export function localLinks(markdown) {
  return [...markdown.matchAll(/\]\(([^)#\s]+)[^)]*\)/g)]
    .map((match) => match[1])
    .filter((link) => !/^\w+:/.test(link));
}
