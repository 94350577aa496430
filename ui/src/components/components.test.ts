import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { render, screen, waitFor } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { createRawSnippet } from 'svelte';
import { describe, expect, it, vi } from 'vitest';
import { toasts } from '../state/toasts.svelte';
import { startWith } from '../testing/fake_host';
import { sampleState } from '../testing/samples';
import Button from './Button.svelte';
import CopyLine from './CopyLine.svelte';
import Dialog from './Dialog.svelte';
import { ICON_NAMES } from './icons';
import Menu from './Menu.svelte';
import MiddleCut from './MiddleCut.svelte';
import Pick from './Pick.svelte';
import Progress from './Progress.svelte';
import { matching } from './palette_match';
import Segments from './Segments.svelte';
import Switch from './Switch.svelte';
import Thumb from './Thumb.svelte';
import Tick from './Tick.svelte';
import Toasts from './Toasts.svelte';

const words = (text: string) => createRawSnippet(() => ({ render: () => `<span>${text}</span>` }));

const FORMATS = [
  { value: 'url', label: 'URL' },
  { value: 'markdown', label: 'Markdown' },
  { value: 'html', label: 'HTML' },
] as const;

describe('icons', () => {
  it('are the same in the list and in the styles', () => {
    const iconStyles = readFileSync(join(import.meta.dirname, '../styles/icons.css'), 'utf8');
    const styled = [...iconStyles.matchAll(/^\.i-([a-z0-9-]+)\{/gm)].map((found) => found[1]);
    expect([...new Set(styled)].sort()).toEqual([...ICON_NAMES].sort());
  });
});

describe('a square button', () => {
  it('has a name and the same words as its tooltip', () => {
    render(Button, { icon: 'x', label: 'Cancel boats.jpg' });
    expect(screen.getByRole('button', { name: 'Cancel boats.jpg' })).toHaveAttribute(
      'title',
      'Cancel boats.jpg',
    );
  });
});

describe('segments', () => {
  it('are one Tab stop, and arrows move and choose, around the ends', async () => {
    const onchange = vi.fn();
    const { rerender } = render(Segments<string>, {
      items: FORMATS,
      value: 'url',
      onchange,
      label: 'Copy as',
    });
    const user = userEvent.setup();
    await user.tab();
    expect(screen.getByRole('radio', { name: 'URL' })).toHaveFocus();
    await user.keyboard('{ArrowRight}');
    expect(onchange).toHaveBeenLastCalledWith('markdown');
    await rerender({ value: 'markdown' });
    await user.keyboard('{ArrowLeft}{ArrowLeft}');
    await user.keyboard('{End}');
    expect(onchange).toHaveBeenLastCalledWith('html');
    await user.keyboard('{Home}');
    expect(onchange).toHaveBeenLastCalledWith('url');
    await rerender({ value: 'url' });
    await user.tab();
    expect(document.body).toHaveFocus();
  });

  it('tell what is chosen', () => {
    render(Segments<string>, { items: FORMATS, value: 'html', onchange: () => undefined, label: 'Copy as' });
    expect(screen.getByRole('radio', { name: 'HTML' })).toBeChecked();
    expect(screen.getByRole('radiogroup', { name: 'Copy as' })).toBeVisible();
  });
});

describe('a pick', () => {
  it('opens, walks and chooses by keys', async () => {
    const onchange = vi.fn();
    render(Pick<string>, { items: FORMATS, value: 'url', onchange, label: 'Format', 'data-testid': 'pick' });
    const user = userEvent.setup();
    await user.tab();
    expect(screen.getByRole('combobox', { name: 'Format: URL' })).toHaveFocus();
    await user.keyboard('{Enter}');
    expect(await screen.findByTestId('pick-html')).toBeInTheDocument();
    await user.keyboard('{ArrowDown}{Enter}');
    expect(onchange).toHaveBeenCalledWith('markdown');
  });
});

describe('a menu', () => {
  it('runs its entries by keys, and Esc gives the focus back', async () => {
    const open = vi.fn();
    render(Menu, {
      label: 'More',
      entries: [{ label: 'Open', run: open }, { kind: 'rule' }, { label: 'Remove', run: () => undefined }],
    });
    const user = userEvent.setup();
    await user.tab();
    await user.keyboard('{Enter}');
    expect(await screen.findAllByRole('menuitem', { hidden: true })).toHaveLength(2);
    await user.keyboard('{Escape}');
    expect(screen.getByRole('button', { name: 'More' })).toHaveFocus();
    await user.keyboard('{Enter}');
    const [first] = await screen.findAllByRole('menuitem', { hidden: true });
    // The menu takes the focus a moment after it is there.
    await waitFor(() => expect(first).toHaveFocus());
    await user.keyboard('{Enter}');
    expect(open).toHaveBeenCalledOnce();
  });
});

describe('a dialogue', () => {
  it('is named, holds the focus and closes with Esc', async () => {
    const onclose = vi.fn();
    render(Dialog, { open: true, title: 'Delete 3 pictures', urgent: true, onclose, foot: words('x') });
    expect(await screen.findByRole('alertdialog', { name: 'Delete 3 pictures' })).toBeVisible();
    await userEvent.keyboard('{Escape}');
    expect(onclose).toHaveBeenCalledOnce();
  });
});

describe('a switch', () => {
  it('shows what is stored: it moves only when the store has', async () => {
    const onchange = vi.fn();
    const { rerender } = render(Switch, { checked: false, onchange, label: 'Copy links' });
    const box = screen.getByRole('switch', { name: 'Copy links' });
    await userEvent.click(box);
    expect(onchange).toHaveBeenCalledWith(true);
    expect(box).not.toBeChecked();
    await rerender({ checked: true });
    expect(box).toBeChecked();
  });
});

describe('a tick', () => {
  it('is ticked by its words', async () => {
    render(Tick, { checked: false, children: words('Encode links') });
    await userEvent.click(screen.getByText('Encode links'));
    expect(screen.getByRole('checkbox')).toBeChecked();
  });
});

describe('progress', () => {
  it('of unknown length has no number', () => {
    const { rerender } = render(Progress, { label: 'boats.jpg' });
    expect(screen.getByRole('progressbar')).not.toHaveAttribute('aria-valuenow');
    return rerender({ fraction: 0.62 }).then(() =>
      expect(screen.getByRole('progressbar')).toHaveAttribute('aria-valuenow', '62'),
    );
  });
});

describe('a thumbnail', () => {
  it('that cannot be shown becomes a badge with the format', async () => {
    await startWith(sampleState());
    const { container } = render(Thumb, { name: 'abc', format: 'heic' });
    const picture = container.querySelector('img');
    expect(picture).toHaveAttribute('src', '/thumb/abc');
    picture?.dispatchEvent(new Event('error'));
    expect(await screen.findByText('HEIC')).toBeVisible();
  });
});

describe('a copy line', () => {
  it('copies with the whole line and says so for a moment', async () => {
    const oncopy = vi.fn(async () => undefined);
    const { container } = render(CopyLine, { label: 'Markdown', link: '![](x)', oncopy });
    await userEvent.click(screen.getByRole('button', { name: 'Copy as Markdown' }));
    expect(oncopy).toHaveBeenCalledOnce();
    expect(container.querySelector('.i-pass')).toBeInTheDocument();
  });
});

describe('toasts', () => {
  it('run their action once and go', async () => {
    await startWith(sampleState());
    render(Toasts);
    const undo = vi.fn();
    toasts.show('Removed 3 from the history', { action: { label: 'Undo', run: undo } });
    await userEvent.click(await screen.findByRole('button', { name: 'Undo' }));
    expect(undo).toHaveBeenCalledOnce();
    expect(screen.queryByTestId('toast')).not.toBeInTheDocument();
  });
});

describe('the palette', () => {
  it('finds by all words, and what begins so comes first', () => {
    const list = ['Upload from URL', 'Copy all links', 'Upload', 'Link format'];
    const find = (query: string) => matching(list, query, (text) => text);
    expect(find('up')).toEqual(['Upload from URL', 'Upload']);
    expect(find('link')).toEqual(['Link format', 'Copy all links']);
    expect(find('url up')).toEqual(['Upload from URL']);
    expect(find('')).toEqual(list);
    expect(find('zzz')).toEqual([]);
  });
});

describe('a text cut in its middle', () => {
  const parts = (text: string) => {
    const { container, unmount } = render(MiddleCut, { text });
    const found = [...container.querySelectorAll('.middle-cut > span')].map((part) => part.textContent);
    unmount();
    return found;
  };

  it('keeps the file name whole, also inside the markup of a link', () => {
    expect(parts('https://img.example/2025/kite.png')).toEqual(['https://img.example/2025', '/kite.png']);
    expect(parts('![kite](https://img.example/kite.png)')[1]).toBe('/kite.png)');
    expect(parts('[img]https://img.example/kite.png[/img]')[1]).toBe('/kite.png[/img]');
  });

  it('keeps the end of what has no folder', () => {
    expect(parts('{% image "kite.png" %}')[1]).toBe('kite.png" %}');
    expect(parts('a.png')).toEqual(['', 'a.png']);
  });
});
