/** What is being composed on the Upload screen: the sheet that asks for addresses. */

class ComposerModel {
  asksForUrls = $state(false);

  askForUrls(): void {
    this.asksForUrls = true;
  }
}

export const composer = new ComposerModel();

/** The addresses in a text: one a line or divided by spaces. */
export function urlsIn(text: string): string[] {
  return text.split(/\s+/).filter((part) => part !== '');
}
