/** What is being composed on the Upload screen: the sheet that asks for addresses, and what is chosen. */

class ComposerModel {
  asksForUrls = $state(false);
  /** The choice that the screen opens next, asked for from wherever the person is. */
  choosing = $state<'destination' | 'format' | null>(null);

  askForUrls(): void {
    this.asksForUrls = true;
  }
}

export const composer = new ComposerModel();

/** The addresses in a text: one a line or divided by spaces. */
export function urlsIn(text: string): string[] {
  return text.split(/\s+/).filter((part) => part !== '');
}
