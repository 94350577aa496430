import { render, screen, waitFor } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import Menu from './Menu.svelte';
import Pick from './Pick.svelte';
import { popups } from './popups.svelte';

const FORMATS = [
  { value: 'url', label: 'URL' },
  { value: 'markdown', label: 'Markdown' },
] as const;

const fetched = popups.parts;
if (!fetched) throw new Error('the set-up of the tests fetches them');

/** What opens has not come yet. */
beforeEach(() => {
  popups.parts = undefined;
  vi.spyOn(popups, 'fetch').mockImplementation(() => popups.take(fetched));
});
afterEach(() => {
  popups.parts = fetched;
});

const menu = { label: 'More', entries: [{ label: 'Open', run: () => undefined }] };
const pick = { items: FORMATS, value: 'url', label: 'Format', onchange: () => undefined };

describe('before the part that opens was fetched', () => {
  it('a menu and a list say what they will be, and look the same', async () => {
    render(Menu, menu);
    render(Pick<string>, pick);
    const buttons = () => [...document.querySelectorAll('button')];
    const standIns = buttons();
    const said = () =>
      buttons().map((it) =>
        [
          it.className,
          it.role,
          it.ariaHasPopup,
          it.getAttribute('aria-expanded'),
          it.title,
          it.ariaLabel,
        ].join(' / '),
      );
    const before = said();
    expect(before[0]).toContain('menu / false');
    expect(before[1]).toContain('listbox / false');
    await popups.take(fetched);
    await waitFor(() => expect(buttons()[0]).not.toBe(standIns[0]));
    expect(said()).toEqual(before);
  });

  it('a press fetches it and opens', async () => {
    render(Menu, menu);
    await userEvent.click(screen.getByRole('button', { name: 'More' }));
    expect(await screen.findAllByRole('menuitem', { hidden: true })).toHaveLength(1);
  });

  it('whoever has the focus keeps it', async () => {
    render(Pick<string>, pick);
    await userEvent.tab();
    const standIn = screen.getByRole('combobox', { name: 'Format: URL' });
    expect(standIn).toHaveFocus();
    await popups.take(fetched);
    expect(standIn).not.toBeInTheDocument();
    expect(screen.getByRole('combobox', { name: 'Format: URL' })).toHaveFocus();
  });
});
