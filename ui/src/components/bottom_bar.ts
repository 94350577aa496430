/** A bar at the bottom edge of the window. Toasts stay above the highest of them, whatever its size. */

import type { Attachment } from 'svelte/attachments';

/** What lies below the toasts, as the styles read it. */
const PROPERTY = '--bottom-taken';
const bars = new Set<HTMLElement>();

export const bottomBar: Attachment<HTMLElement> = (element) => {
  const sizes = new ResizeObserver(measure);
  bars.add(element);
  sizes.observe(element);
  window.addEventListener('resize', measure);
  measure();
  return () => {
    bars.delete(element);
    sizes.disconnect();
    window.removeEventListener('resize', measure);
    measure();
  };
};

function measure(): void {
  const root = document.documentElement;
  const tops = [...bars].map((bar) => bar.getBoundingClientRect().top);
  const taken = Math.max(0, ...tops.map((top) => window.innerHeight - top));
  if (taken > 0) root.style.setProperty(PROPERTY, `${Math.ceil(taken)}px`);
  else root.style.removeProperty(PROPERTY);
}
