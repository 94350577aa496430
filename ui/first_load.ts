/** For vite: what the window needs first comes in few files, all of them asked for by its first line. */

import type { Plugin, Rolldown } from 'vite';

type ModuleInfo = (id: string) => { importedIds: readonly string[]; code: string | null } | null;

/** Every file costs a round trip through the system's webview: what is always needed together is one file. */
export const firstLoadGroups: Rolldown.CodeSplittingGroup[] = ['onboarding', 'shell', 'page', 'start'].map(
  (group, priority) => ({
    debugName: group,
    priority,
    name: (id, context) => (groupOf(id, (module) => context.getModuleInfo(module)) === group ? group : null),
  }),
);

const FOLDER = `${import.meta.dirname}/src`;
/** The first lines; they stay a file of their own, because they start the main window wherever they run. */
const FIRST_LINES = `${FOLDER}/main.ts`;
const MESSAGES = `${FOLDER}/paraglide/messages`;
const PAGE = `${FOLDER}/page.ts`;
const SCREENS = {
  shell: `${FOLDER}/screens/Shell.svelte`,
  onboarding: `${FOLDER}/screens/onboarding/Onboarding.svelte`,
};

/** Re-exports every message: what a module uses of it is told by its text. */
const ALL_MESSAGES = /\/paraglide\/messages(\/_index)?\.js$/;
const USED_MESSAGE = /\bm\.([a-z][a-z0-9_]*)/g;

const closures = new Map<string, Set<string>>();

/** A module with everything it imports from the start. */
function closureOf(root: string, info: ModuleInfo): Set<string> {
  const known = closures.get(root);
  if (known) return known;
  const closure = new Set([root]);
  for (const id of closure) {
    const { importedIds = [], code } = info(id) ?? {};
    for (const imported of importedIds) {
      if (!ALL_MESSAGES.test(imported)) closure.add(imported);
      else for (const [, name] of code?.matchAll(USED_MESSAGE) ?? []) closure.add(`${MESSAGES}/${name}.js`);
    }
  }
  closures.set(root, closure);
  return closure;
}

function groupOf(id: string, info: ModuleInfo): string | null {
  if (id === FIRST_LINES) return null;
  if (closureOf(FIRST_LINES, info).has(id)) return 'start';
  const inShell = closureOf(SCREENS.shell, info).has(id);
  const inOnboarding = closureOf(SCREENS.onboarding, info).has(id);
  if (closureOf(PAGE, info).has(id) || (inShell && inOnboarding)) return 'page';
  return inShell ? 'shell' : inOnboarding ? 'onboarding' : null;
}

/** Asks for the page beside its first lines, not after them. */
export function preloadPage(): Plugin {
  return {
    name: 'preload-page',
    buildStart: () => closures.clear(),
    transformIndexHtml: {
      order: 'post',
      handler(html, { bundle, filename }) {
        if (!bundle || !filename.endsWith('/index.html')) return;
        const chunks = Object.values(bundle).filter((file) => file.type === 'chunk');
        const page = chunks.find((chunk) => chunk.moduleIds.includes(PAGE));
        if (!page) throw new Error(`${PAGE} is in no chunk`);
        const scripts = new Set([page.fileName]);
        for (const name of scripts) {
          for (const found of chunks.find((chunk) => chunk.fileName === name)?.imports ?? [])
            scripts.add(found);
        }
        const styles = page.viteMetadata?.importedCss ?? [];
        return [
          // As a style sheet it would hold up the first lines.
          ...[...styles].map((name) => ({
            rel: 'preload',
            as: 'style',
            crossorigin: true,
            href: `/${name}`,
          })),
          ...[...scripts].map((name) => ({ rel: 'modulepreload', crossorigin: true, href: `/${name}` })),
        ]
          .filter(({ href }) => !html.includes(href))
          .map((attrs) => ({ tag: 'link', attrs, injectTo: 'head' as const }));
      },
    },
  };
}
