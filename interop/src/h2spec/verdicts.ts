/** Reads what h2spec and h2specd report. */

/** What came of one case. */
export interface Verdict {
  /** Section and title: `http2/6.3 Sends a PRIORITY frame with 0x0 stream identifier`. */
  readonly name: string;
  /** What was expected and what came instead; `undefined` when the case has passed. */
  readonly failure: string | undefined;
}

const TEST_CASE = /<testcase package="([^"]*)" classname="([^"]*)" time="[^"]*">([\s\S]*?)<\/testcase>/g;
const FAULT = /<(?:error|failure)>([\s\S]*?)<\/(?:error|failure)>/;

/** The verdicts in a report in JUnit's format, as h2spec writes it. */
export function readJunitReport(xml: string): Verdict[] {
  return [...xml.matchAll(TEST_CASE)].map(([, section, title, content]) => ({
    name: `${section} ${unescapeXml(title as string)}`,
    // h2spec does not escape the content. Its last line is what came, those before are what was allowed.
    failure: FAULT.exec(content as string)?.[1] ?? (content?.includes("<skipped") ? "it was skipped" : undefined),
  }));
}

function unescapeXml(text: string): string {
  const names: Readonly<Record<string, string>> = { "#34": '"', "#39": "'", lt: "<", gt: ">", amp: "&" };
  return text.replaceAll(/&(#34|#39|lt|gt|amp);/g, (_, name: string) => names[name] as string);
}

const HEADING = /^ *([0-9]+(?:\.[0-9]+)*)\. /;
const RESULT = /^ *(✔|×) [0-9]+: (.*)$/;

/** The verdicts in what h2specd prints: headings with the sections, a line for each case, more lines below one that has failed. */
export function readPrintedReport(text: string): Verdict[] {
  const verdicts: { name: string; failure: string | undefined }[] = [];
  // The failures come a second time at the end.
  const [report] = text.replaceAll("\r", "").split("\nFailures:") as [string];
  let section = "";
  for (const line of report.split("\n")) {
    const result = RESULT.exec(line);
    const heading = HEADING.exec(line);
    const last = verdicts.at(-1);
    if (result !== null)
      verdicts.push({ name: `${section} ${result[2]}`, failure: result[1] === "✔" ? undefined : "" });
    else if (heading !== null) section = heading[1] as string;
    else if (last?.failure !== undefined && line.trim() !== "") last.failure += `${line.trim()}\n`;
  }
  return verdicts;
}
