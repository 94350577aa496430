import { beforeEach, describe, expect, it } from 'vitest';
import { focusNextColumn } from './keyboard';

const focused = () => document.activeElement?.id;

describe('F6', () => {
  beforeEach(() => {
    document.body.innerHTML = `
      <nav data-column><button id="first"></button><button id="here" aria-current="page"></button></nav>
      <main data-column>
        <input id="search" />
        <section data-column><button id="add"></button><button id="profile" role="option" tabindex="0"></button></section>
        <section data-column><button disabled></button><button id="test"></button></section>
      </main>
      <aside data-column><p>nothing to do</p></aside>`;
  });

  it('goes through the columns and around, to what is current in each', () => {
    const way = [1, 1, 1, 1].map(() => {
      focusNextColumn();
      return focused();
    });
    expect(way).toEqual(['here', 'profile', 'test', 'here']);
  });

  it('goes back with Shift', () => {
    const way = [1, 1, 1].map(() => {
      focusNextColumn(-1);
      return focused();
    });
    expect(way).toEqual(['test', 'profile', 'here']);
  });

  it('goes on from the bar above the columns', () => {
    document.getElementById('search')?.focus();
    focusNextColumn();
    expect(focused()).toBe('profile');
    document.getElementById('search')?.focus();
    focusNextColumn(-1);
    expect(focused()).toBe('here');
  });

  it('does nothing in a window without columns', () => {
    document.body.innerHTML = '<button id="only"></button>';
    focusNextColumn();
    expect(document.body).toHaveFocus();
  });
});
