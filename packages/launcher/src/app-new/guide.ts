/** A block of `docs/integrators.md` between its fences. */
export interface GuideBlock {
  readonly language: string;
  /** What stands after the language: the name of a file, or what kind of step it is. */
  readonly note: string;
  readonly text: string;
  /** Of its first line in the document, for messages. */
  readonly line: number;
}

const FENCE = /^```(\w*) ?(.*)$/;

/** The fenced blocks of a document, in order. Throws where a fence is left open. */
export function guideBlocks(markdown: string): readonly GuideBlock[] {
  const blocks: GuideBlock[] = [];
  let open: { language: string; note: string; lines: string[]; line: number } | null = null;
  for (const [index, line] of markdown.split('\n').entries()) {
    const fence = FENCE.exec(line);
    if (!fence) open?.lines.push(line);
    else if (open) {
      const { lines, ...block } = open;
      blocks.push({ ...block, text: lines.join('\n') });
      open = null;
    } else {
      const [, language = '', note = ''] = fence;
      open = { language, note, lines: [], line: index + 2 };
    }
  }
  if (open) throw new Error(`the fence above line ${open.line} is never closed`);
  return blocks;
}

/** Where the guide's own example begins: what comes before starts a platform and makes an app. */
const SETUP = ['start', 'register', 'stop'];

/** What to type after an app was made, files and all: the steps of the guide as one text for a shell. */
export const exampleOf = (markdown: string): string =>
  guideBlocks(markdown)
    .flatMap(({ language, note, text }) => {
      if (language === 'bash') return SETUP.includes(note) ? [] : [text];
      return language === 'js' && note !== ''
        ? [`cat > "$APP_DIR/${note}" <<'END'\n${text}\nEND`]
        : [];
    })
    .join('\n\n');
