import { describe, expect, it, vi } from 'vitest';
import { bottomBar } from './bottom_bar';

/** A bar whose upper edge is this far above the bottom of the window. */
function barOf(height: number): HTMLElement {
  const bar = document.createElement('div');
  vi.spyOn(bar, 'getBoundingClientRect').mockImplementation(
    () => new DOMRect(0, window.innerHeight - height, 200, height),
  );
  return bar;
}

const taken = () => document.documentElement.style.getPropertyValue('--bottom-taken');

describe('the room that bars take from the toasts', () => {
  it('is that of the highest bar, and given back when bars go', () => {
    const high = bottomBar(barOf(56.4));
    const low = bottomBar(barOf(44));
    expect(taken()).toBe('57px');
    if (high) high();
    expect(taken()).toBe('44px');
    if (low) low();
    expect(taken()).toBe('');
  });

  it('follows the size of the window', () => {
    const bar = barOf(40);
    const gone = bottomBar(bar);
    vi.spyOn(bar, 'getBoundingClientRect').mockReturnValue(new DOMRect(0, window.innerHeight - 80, 200, 80));
    window.dispatchEvent(new Event('resize'));
    expect(taken()).toBe('80px');
    if (gone) gone();
  });
});
