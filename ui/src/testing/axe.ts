/** Looks for accessibility mistakes in what a test has rendered. */

import axe from 'axe-core';

/** Rule and place of each violation; empty when there is none. */
export async function violations(root: Element = document.body): Promise<string[]> {
  const result = await axe.run(root, {
    rules: {
      // jsdom paints nothing, so colours cannot be measured; the tokens' contrast is measured by design.
      'color-contrast': { enabled: false },
      // A component rendered alone has no landmarks around it; the screens are checked inside the window.
      region: { enabled: false },
    },
  });
  return result.violations.flatMap((violation) =>
    violation.nodes.map((node) => `${violation.id}: ${node.html.slice(0, 160)}`),
  );
}
